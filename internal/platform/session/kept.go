package session

import (
	"context"
	"encoding/json"
	"time"
)

const (
	keptKey = "_form"
	keptFor = 15 * time.Minute
	// MaxKept bounds the body of a kept form whose sender's session is known.
	MaxKept = 1 << 20
	// keptUnknown bounds it otherwise: strangers must not fill the database.
	keptUnknown = 64 << 10
)

// Form is a POST that came after its session had ended, kept until its sender has
// signed in again.
type Form struct {
	Path        string
	ContentType string
	Body        []byte
	// Owner is the account whose expired session sent it, 0 when that is not known.
	Owner int64
	Until time.Time
}

// KeepForm seals a form into this browser's session for 15 minutes, in place of one
// kept before. It reports false, keeping nothing, for a body above MaxKept, or above
// 64 KiB where no session is known to have expired.
func KeepForm(ctx context.Context, path, contentType string, body []byte) bool {
	st := mustState(ctx)
	if len(body) > MaxKept || st.former == 0 && len(body) > keptUnknown {
		return false
	}
	plain, err := json.Marshal(Form{
		Path: path, ContentType: contentType, Body: body,
		Owner: st.former, Until: st.m.clock.Now().Add(keptFor),
	})
	if err != nil {
		return false
	}
	Put(ctx, keptKey, st.m.box.Seal(string(plain), "session.form"))
	return true
}

// KeptForm returns the kept form if it is still good and belongs to whoever is signed
// in now. One of another person's is never shown.
func KeptForm(ctx context.Context) (Form, bool) {
	st := stateOf(ctx)
	if st == nil {
		return Form{}, false
	}
	sealed, _ := Get(ctx, keptKey).([]byte)
	if sealed == nil {
		return Form{}, false
	}
	plain, err := st.m.box.Open(sealed, "session.form")
	if err != nil {
		return Form{}, false
	}
	var f Form
	if json.Unmarshal([]byte(plain), &f) != nil || st.m.clock.Now().After(f.Until) {
		Remove(ctx, keptKey)
		return Form{}, false
	}
	if f.Owner != 0 && f.Owner != st.accountID {
		return Form{}, false
	}
	return f, true
}
