package app

import (
	"context"
	"errors"
	"fmt"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// runAdminCreate makes an administrator without a password and prints the link
// with which its owner sets one. The link goes out by e-mail too.
func runAdminCreate(ctx context.Context, c *call) (err error) {
	name := c.flags.String("name", "", "the administrator's name")
	email := c.flags.String("email", "", "the administrator's e-mail address")
	if err := c.parse(0); err != nil {
		return err
	}
	if *name == "" || *email == "" {
		return &usageError{"-name and -email are needed"}
	}
	if c.cfg.DatabaseURL == "" {
		return &usageError{"DATABASE_URL is not set"}
	}
	a, err := New(ctx, c.cfg, Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Stop(ctx)) }()
	inv, err := a.Accounts.CreateAdmin(ctx, *name, *email)
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		return &usageError{fields[0].Message}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s\n\nOpen this link to set the password; it works once, until %s.\n", inv.Link, indo.LongDate(inv.ExpiresAt))
	return nil
}
