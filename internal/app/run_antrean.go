package app

import (
	"context"
	"errors"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
)

// runAntreanBacktest needs no database: it reads a record of days and answers its
// questions with the estimator that the ticket pages use.
func runAntreanBacktest(_ context.Context, c *call) error {
	if err := c.parse(0); err != nil {
		return err
	}
	err := estimate.Backtest(c.in, c.out)
	var line *estimate.LineError
	if errors.As(err, &line) {
		return &usageError{line.Error()}
	}
	return err
}
