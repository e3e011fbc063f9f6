// Package errs gives every failure a kind, which decides the HTTP status and
// the page, and an Indonesian sentence, which tells the reader what to do next.
package errs

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Kind classifies a failure. The zero Kind is Internal: what nobody
// classified is our fault and shows only a request id.
type Kind uint8

const (
	Internal        Kind = iota // 500: our fault
	Unprocessable               // 422: the form needs correction, see Fields
	BadRequest                  // 400: not a request our pages could have sent
	Unauthenticated             // 401: sign in first
	Forbidden                   // 403: known to exist, not allowed
	NotFound                    // 404: absent, or not the reader's to know of
	Conflict                    // 409: somebody was faster
	Gone                        // 410: existed, is over
	TooLarge                    // 413: body over the route's limit
	Unsupported                 // 415: content type not read here
	TooMany                     // 429: too fast, see RetryAfter
	Unavailable                 // 503: a part that we need is away for a moment
)

var kinds = [...]struct {
	name, sentence string
}{
	Internal:        {"internal", "Terjadi kesalahan di pihak kami. Silakan coba lagi sebentar lagi."},
	Unprocessable:   {"invalid", "Ada isian yang perlu diperbaiki."},
	BadRequest:      {"bad request", "Permintaan ini tidak dapat kami baca. Kembali ke halaman sebelumnya lalu coba lagi."},
	Unauthenticated: {"unauthenticated", "Silakan masuk terlebih dahulu."},
	Forbidden:       {"forbidden", "Anda tidak berwenang membuka halaman ini."},
	NotFound:        {"not found", "Halaman tidak ditemukan. Periksa kembali alamat atau nomornya."},
	Conflict:        {"conflict", "Data ini baru saja diubah orang lain. Muat ulang halaman untuk melihat keadaan terbaru."},
	Gone:            {"gone", "Halaman ini sudah tidak berlaku."},
	TooLarge:        {"too large", "Kiriman terlalu besar."},
	Unsupported:     {"unsupported", "Jenis kiriman ini tidak kami terima."},
	TooMany:         {"too many", "Terlalu banyak percobaan. Tunggu sebentar lalu coba lagi."},
	Unavailable:     {"unavailable", "Layanan sedang terganggu sebentar. Silakan coba lagi beberapa menit lagi."},
}

func (k Kind) String() string { return kinds[k].name }

// Sentence is the general Indonesian sentence of the kind, for failures that
// carry none of their own.
func (k Kind) Sentence() string { return kinds[k].sentence }

// Field is one wrong answer of a form: Name is the form control's name,
// Message the Indonesian sentence shown beside it.
type Field struct{ Name, Message string }

// Error is a classified failure. Message is safe to show to anybody; Err is
// for the log only.
type Error struct {
	Kind       Kind
	Message    string
	Fields     []Field
	RetryAfter time.Duration
	Err        error
}

func (e *Error) Error() string {
	switch {
	case e.Err != nil:
		return fmt.Sprintf("%s: %v", e.Kind, e.Err)
	case e.Message != "":
		return fmt.Sprintf("%s: %s", e.Kind, e.Message)
	case len(e.Fields) > 0:
		return fmt.Sprintf("%s: %s %s", e.Kind, e.Fields[0].Name, e.Fields[0].Message)
	}
	return e.Kind.String()
}

func (e *Error) Unwrap() error { return e.Err }

// New returns a failure of kind k with a sentence for the reader.
func New(k Kind, message string) *Error { return &Error{Kind: k, Message: message} }

// Wrap classifies err, which stays out of the reader's sight.
func Wrap(k Kind, err error, message string) *Error {
	return &Error{Kind: k, Message: message, Err: err}
}

// Invalid says which answers of a form are wrong (422).
func Invalid(fields ...Field) error { return &Error{Kind: Unprocessable, Fields: fields} }

// TooFast is a 429 that says after how long to come back.
func TooFast(after time.Duration, message string) error {
	return &Error{Kind: TooMany, Message: message, RetryAfter: after}
}

// KindOf classifies any error; an unclassified one is Internal, except that a
// passed deadline is Unavailable.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Unavailable
	}
	return Internal
}

// MessageOf returns the sentence for the reader, never an internal text.
func MessageOf(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Message != "" {
		return e.Message
	}
	return KindOf(err).Sentence()
}

// FieldsOf returns the wrong answers that err carries, in their order.
func FieldsOf(err error) []Field {
	var e *Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

// RetryAfterOf returns after how long to try again, 0 when err does not say.
func RetryAfterOf(err error) time.Duration {
	var e *Error
	if errors.As(err, &e) {
		return e.RetryAfter
	}
	return 0
}

// In adds the caller's name and arguments to a failure, when there is one:
//
//	defer errs.In(&err, "mtr.Forward(%d)", id)
func In(errp *error, format string, args ...any) {
	if *errp != nil {
		*errp = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *errp)
	}
}
