// Package walk holds the tests that walk through the whole portal: rubbish is sent to every
// route. They are apart from package app so that both run at once.
package walk
