package apptest

import (
	"context"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/notify"
)

// Mailbox keeps the letters that the portal sent.
type Mailbox struct {
	mu    sync.Mutex
	mails []notify.Mail
}

// SendMail keeps m.
func (b *Mailbox) SendMail(_ context.Context, m notify.Mail) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = append(b.mails, m)
	return nil
}

// To returns the letters to an address, oldest first.
func (b *Mailbox) To(address string) (mails []notify.Mail) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.mails {
		if strings.EqualFold(m.To, address) {
			mails = append(mails, m)
		}
	}
	return mails
}

// All returns all letters, oldest first.
func (b *Mailbox) All() []notify.Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]notify.Mail(nil), b.mails...)
}

// Forget drops all letters.
func (b *Mailbox) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = nil
}

// Counter counts the portal's SQL statements, those of a batch one by one.
type Counter struct {
	mu    sync.Mutex
	keeps bool
	kept  []string
}

func (c *Counter) keep(sql string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keeps {
		c.kept = append(c.kept, sql)
	}
}

// TraceQueryStart counts one statement.
func (c *Counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	c.keep(d.SQL)
	return ctx
}

// TraceQueryEnd does nothing.
func (c *Counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart does nothing.
func (c *Counter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

// TraceBatchQuery counts one statement.
func (c *Counter) TraceBatchQuery(_ context.Context, _ *pgx.Conn, d pgx.TraceBatchQueryData) {
	c.keep(d.SQL)
}

// TraceBatchEnd does nothing.
func (c *Counter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// During returns the statements that f caused.
func (c *Counter) During(f func()) []string {
	c.mu.Lock()
	c.keeps, c.kept = true, nil
	c.mu.Unlock()
	f()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keeps = false
	return c.kept
}

func cryptFile(path string) (*crypt.Box, error) { return crypt.Load(path, true) }
