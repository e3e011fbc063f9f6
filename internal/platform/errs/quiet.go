package errs

import (
	"regexp"
	"strings"
)

// Quiet is err with a text that may be kept: the values that the database and its driver
// quote when they cannot read or write one, which may be of people, are cut out. It stays
// the same error to errors.Is and errors.As.
func Quiet(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	if short := QuietText(text); short != text {
		return &quiet{err, short}
	}
	return err
}

// QuietText is Quiet for what is text already.
func QuietText(text string) string {
	if !strings.Contains(text, " ") { // most of what is logged: names, numbers, routes
		return text
	}
	return driverQuotes.ReplaceAllString(serverQuotes.ReplaceAllString(text, "$1… ($2"), "$1: …")
}

var (
	// A value has no end that could be found, so all that follows goes.
	driverQuotes = regexp.MustCompile(`(?s)(failed to encode args\[\d+\]|unable to encode|cannot encode|failed to encode|can't scan into dest\[\d+\]).*`)
	// Class 22 is what is wrong with data: «invalid input syntax for type bigint: "…"».
	serverQuotes = regexp.MustCompile(`(?s)((?:ERROR|FATAL): [^:"]*).*?\((SQLSTATE 22)`)
)

type quiet struct {
	error
	text string
}

func (q *quiet) Error() string { return q.text }
func (q *quiet) Unwrap() error { return q.error }
