package form

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/url"
)

// mostTyped bounds what is kept of a body to find what was typed before its files.
const mostTyped = 128 << 10

// beginning is a body that remembers its first bytes.
type beginning struct {
	io.ReadCloser
	seen bytes.Buffer
}

func (b *beginning) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.seen.Write(p[:min(n, mostTyped-b.seen.Len())])
	return n, err
}

// typed are the answers that stand whole in the beginning of a multipart body.
func (b *beginning) typed(boundary string) url.Values {
	values := url.Values{}
	parts := multipart.NewReader(&b.seen, boundary)
	for {
		part, err := parts.NextPart()
		if err != nil {
			return values
		}
		if part.FileName() != "" {
			continue
		}
		text, err := io.ReadAll(part)
		if err != nil {
			return values
		}
		values.Add(part.FormName(), string(text))
	}
}
