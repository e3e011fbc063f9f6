package web

import "net/http"

// beginning calls begun when an answer begins, and again with each of its pieces.
type beginning struct {
	http.ResponseWriter
	begun func()
}

func (b *beginning) WriteHeader(status int) {
	b.begun()
	b.ResponseWriter.WriteHeader(status)
}

func (b *beginning) Write(p []byte) (int, error) {
	b.begun()
	return b.ResponseWriter.Write(p)
}

func (b *beginning) Unwrap() http.ResponseWriter { return b.ResponseWriter }
