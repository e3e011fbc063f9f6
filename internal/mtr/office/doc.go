// Package office holds the tests that act as an office of the city would: what may be done to a
// report, and what the public and the desks see of it. They ask the whole portal too, which is
// why they stand apart: beside the module's own tests all of it would be compiled again.
package office
