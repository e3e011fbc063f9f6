package epuskesmas

import (
	"context"
	"errors"
)

var errLater = errors.New("not built yet")

// Expect is when somebody who books now would be served in a session.
func (m *Module) Expect(ctx context.Context, s Session) (Promise, error) { return Promise{}, errLater }
