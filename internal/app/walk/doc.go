// Package walk holds the tests that walk through the whole portal: everybody of the demo
// signs in, and rubbish is sent to every route. They are apart from package app because
// they run without the race detector, which would make them five times slower.
package walk
