package jobs

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/riverqueue/river"
)

// River keeps the text of a failure in the job's row, and heeds what kind of failure it is.
func TestFailuresThatAreKeptQuoteNobody(t *testing.T) {
	t.Parallel()
	const nik = "7371131708850101"
	err := quietly(t.Context(), nil, func(context.Context) error {
		return river.JobCancel(errors.New(`save: failed to encode args[0]: unable to encode "` + nik + `" into text format`))
	})
	var cancel *river.JobCancelError
	if !errors.As(err, &cancel) || strings.Contains(err.Error(), nik) {
		t.Errorf("kept is %v", err)
	}
	if err := quietly(t.Context(), nil, func(context.Context) error { return nil }); err != nil {
		t.Error(err)
	}
}
