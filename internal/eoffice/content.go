package eoffice

import (
	"context"
	"crypto/sha256"
	"encoding/json"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Content is what a letter says.
type Content struct {
	Subject string `json:"hal"`
	Body    string `json:"isi"` // of the safe subset of package text
}

// sealContent is the context under which what is confidential is sealed.
const sealContent = "eoffice.content"

// stored is how a content lies in the database: in the open for B and T, sealed for R, and
// for SR nowhere but in the letter itself, where [Module.keepBody] seals it.
type stored struct {
	Subject, Body string
	ContentSealed []byte
}

func (m *Module) store(s Secrecy, c Content) (stored, error) {
	switch s {
	case Open, Restricted:
		return stored{Subject: c.Subject, Body: c.Body}, nil
	case Secret:
		b, err := json.Marshal(c)
		return stored{ContentSealed: m.box.Seal(string(b), sealContent)}, err
	}
	return stored{}, nil
}

func (m *Module) opened(s stored) (c Content, err error) {
	if len(s.ContentSealed) == 0 {
		return Content{s.Subject, s.Body}, nil
	}
	b, err := m.box.Open(s.ContentSealed, sealContent)
	if err == nil {
		err = json.Unmarshal([]byte(b), &c)
	}
	return c, err
}

// Of the most secret nothing comes out here, even where it is kept.
const sqlContent = `SELECT subject, body, CASE WHEN secrecy <> 'SR' THEN content_sealed END AS content_sealed FROM eoffice_letter WHERE id = $1`

func (m *Module) contentOf(ctx context.Context, q pg.Querier, id int64) (Content, error) {
	s, err := pg.One[stored](ctx, q, sqlContent, id)
	if err != nil {
		return Content{}, err
	}
	return m.opened(s)
}

// sum is everything that a paraf stands for: what the letter says, to whom, how secret and
// how urgent it is, its attachments, and to what it refers. Equal letters have equal sums.
func sum(kind string, d Draft, files []File, ties []ThreadTie) []byte {
	h := sha256.New()
	enc := json.NewEncoder(h)
	_ = enc.Encode([]any{kind, d.Content, d.Secrecy, d.Urgency, d.KKA, d.Mode, d.To, d.CC}) // a hash takes everything
	for _, f := range files {
		_ = enc.Encode(f.Hash)
	}
	for _, t := range ties {
		_ = enc.Encode(t)
	}
	return h.Sum(nil)
}
