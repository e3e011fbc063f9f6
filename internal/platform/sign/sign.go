// Package sign puts digital signatures into PDFs and reads them back: by a
// certificate authority of the portal's own, or by BSrE's e-sign service.
// A signature is appended as an incremental update, so that every byte that was
// there, earlier signatures included, stays as it was.
package sign

import (
	"context"
	"crypto/sha256"
	"time"
)

// Signer puts a digital signature into a PDF. It never changes the bytes that
// are there: it appends. Safe for concurrent use.
type Signer interface {
	// Sign returns the PDF with one more signature. What cannot be signed is
	// errs.Unprocessable, a service that is away errs.Unavailable, both with a
	// sentence for the signer.
	Sign(ctx context.Context, r Request) ([]byte, error)
	// Certified tells whether signatures are certified by BSrE.
	Certified() bool
	// NeedsPassphrase tells whether to ask for a passphrase, once for a signing
	// or a batch. It is only ever kept in memory.
	NeedsPassphrase() bool
	// Label is how the letter names the signature.
	Label() string
}

// Request is one PDF and who signs it.
type Request struct {
	PDF               []byte
	Name, Title, Unit string // of the signer, into the certificate and the signature
	PersonID          int64
	NIK               string // BSrE only
	Passphrase        string // BSrE only; never logged, never stored
	Reason, Place     string
	At                time.Time
}

// Hash is the SHA-256 of a file, what /verifikasi compares.
func Hash(pdf []byte) []byte {
	h := sha256.Sum256(pdf)
	return h[:]
}
