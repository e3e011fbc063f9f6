package letter

import (
	"context"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Look is one look at a citizen's data or letter, or one act on it.
type Look struct {
	ID     int64 // for the next page
	At     time.Time
	Own    bool   // the citizen's own
	Title  string // of the position that the reader held then
	Unit   string // of that position; "Sistem" for the program, "Pengunjung" without an account
	Action string // of the trail: "epemerintahan.resident.view"
	Reason string // what it was for, when it was said
	Letter string // request number of the letter looked at; "" for the record
}

// looksPage is how many looks a page has.
const looksPage = 20

const sqlAbout = `
SELECT id, COALESCE(request_number, '') AS request_number FROM epemerintahan_letter
WHERE status <> 'draf' AND (account_id = $1 OR resident_id = NULLIF($2::bigint, 0))
ORDER BY id DESC LIMIT 500`

// MyReaders lists who looked at the account owner's record and letters, newest first:
// the entries before the id before (0 = from the newest), and whether there are more.
func (m *Module) MyReaders(ctx context.Context, a authz.Actor, before int64) (_ []Look, more bool, err error) {
	defer errs.In(&err, "letter.MyReaders")
	id, err := m.MyIdentity(ctx, a)
	if err != nil {
		return nil, false, err
	}
	letters, err := pg.Many[struct {
		ID            int64
		RequestNumber string
	}](ctx, m.db, sqlAbout, a.AccountID, id.ResidentID)
	if err != nil {
		return nil, false, err
	}
	numbers := map[int64]string{}
	var about []audit.Object
	if id.ResidentID != 0 {
		about = append(about, audit.Object{Name: residentObject, ID: id.ResidentID})
	}
	for _, l := range letters {
		numbers[l.ID] = l.RequestNumber
		about = append(about, audit.Object{Name: object, ID: l.ID})
	}
	entries, err := audit.AboutAny(ctx, m.db, about, before, looksPage+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(entries) > looksPage; more {
		entries = entries[:looksPage]
	}
	out := make([]Look, len(entries))
	for i, e := range entries {
		out[i] = Look{ID: e.ID, At: e.At, Own: e.AccountID == a.AccountID, Title: e.Title, Unit: e.WorksIn, Action: e.Action}
		out[i].Reason, _ = e.Detail["untuk"].(string)
		if e.Object == object {
			out[i].Letter = numbers[e.ObjectID]
		}
	}
	return out, more, nil
}

// residentObject names a resident in the trail.
const residentObject = "epemerintahan_resident"
