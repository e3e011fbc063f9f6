package survey

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Case is a case that has ended: what a link stands for.
type Case struct {
	Service Service
	UnitID  int64 // who served
	ID      int64 // of the case within its service
	Ended   time.Time
}

// Token is what a link to the questionnaire of a case carries; "" where there is nothing to
// ask: nobody served, or it is too long ago. It tells nothing to who reads it and cannot be
// made up.
func (m *Module) Token(c Case) string {
	if c.UnitID == 0 || c.Ended.IsZero() || m.d.Clock.Now().Sub(c.Ended) > Open {
		return ""
	}
	c.Ended = c.Ended.UTC().Truncate(time.Second)
	plain, err := json.Marshal(c)
	if err != nil {
		panic(err) // numbers and a time
	}
	return base64.RawURLEncoding.EncodeToString(m.d.Box.Seal(string(plain), contextLink))
}

// Find is the case of a token. errs.NotFound for what no page ever showed, errs.Gone when the
// time to answer is over.
func (m *Module) Find(token string) (c Case, err error) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return c, errs.New(errs.NotFound, "")
	}
	plain, err := m.d.Box.Open(sealed, contextLink)
	if err != nil || json.Unmarshal([]byte(plain), &c) != nil {
		return c, errs.New(errs.NotFound, "")
	}
	if m.d.Clock.Now().Sub(c.Ended) > Open {
		return c, errs.New(errs.Gone, "Waktu untuk mengisi survei ini sudah lewat.")
	}
	return c, nil
}

func (m *Module) hashOf(c Case) []byte {
	return m.d.Box.Hash(contextCase, string(c.Service)+":"+strconv.FormatInt(c.ID, 10))
}
