package apptest

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"

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

// Counter counts the portal's SQL statements.
type Counter struct{ n atomic.Int64 }

// TraceQueryStart counts one statement.
func (c *Counter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}

// TraceQueryEnd does nothing.
func (c *Counter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// During returns how many statements f caused.
func (c *Counter) During(f func()) int {
	before := c.n.Load()
	f()
	return int(c.n.Load() - before)
}

func cryptFile(path string) (*crypt.Box, error) { return crypt.Load(path, true) }
