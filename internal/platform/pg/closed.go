package pg

import (
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/puddle/v2"
)

// isClosed recognises the ways in which a connection says that the server
// went away under it. pgx reports a connection that died between queries only
// as text ("conn closed").
func isClosed(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, puddle.ErrClosedPool) ||
		strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "closed pool")
}
