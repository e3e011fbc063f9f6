package eoffice

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Tie is how a letter refers to an earlier one.
type Tie string

// The ties.
const (
	TieReply  Tie = "membalas"
	TieRevoke Tie = "mencabut"
	TieAmend  Tie = "mengubah"
	TieFollow Tie = "menindaklanjuti"
)

// Ties lists the ties, the most frequent first.
var Ties = []Tie{TieReply, TieFollow, TieAmend, TieRevoke}

// Passive is the tie seen from the other letter.
func (t Tie) Passive() string {
	return map[Tie]string{TieReply: "dibalas", TieRevoke: "dicabut", TieAmend: "diubah", TieFollow: "ditindaklanjuti"}[t]
}

// Controls of the form of references.
const (
	ControlReference = "rujukan"
	ControlTie       = "hubungan"
)

const (
	maxTies   = 20
	maxThread = 100
)

// ThreadLetter is a letter of a thread, as somebody may see it who may open it. What an R
// letter is about is not said.
type ThreadLetter struct {
	ID      int64
	Number  string // "": not numbered yet
	Subject string
	Secrecy Secrecy
	From    string // who issued it
	Day     time.Time
	Status  Status
	Ties    []ThreadTie
}

// ThreadTie is a reference to an earlier letter of the thread.
type ThreadTie struct {
	Kind    Tie
	OtherID int64
}

// finished tells whether a letter may be referred to. It never is a draft again, and only
// drafts refer: so references lead back in time and never in a circle.
func (s State) finished() bool {
	return slices.Contains([]Status{Signed, Sent, Archived, Revoked, Recorded, Directed, Destroyed}, s.Status)
}

// opens tells whether somebody may open the letter; of the most secret one its envelope.
func (c *Case) opens(m Moment) bool { return c.ViewOf(m) == Whole || c.ClosenessOf(m) == Named }

const sqlTie = `
INSERT INTO eoffice_link (letter_id, other_id, kind) VALUES ($1, $2, $3) ON CONFLICT (letter_id, other_id) DO UPDATE SET kind = excluded.kind`

const sqlUntie = `DELETE FROM eoffice_link WHERE letter_id = $1 AND other_id = $2`

const sqlCountTies = `SELECT count(*) FROM eoffice_link WHERE letter_id = $1 AND other_id <> $2`

// Refer notes that a draft refers to an earlier letter which its drafter may open. Only a
// letter of the same office can be revoked, once it was sent.
func (m *Module) Refer(ctx context.Context, a authz.Actor, id, otherID int64, tie Tie) (err error) {
	defer errs.In(&err, "eoffice.Refer(%d, %d)", id, otherID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, mo, err := m.drafting(ctx, tx, a, id)
		if err != nil {
			return err
		}
		return m.refer(ctx, tx, &c, mo, otherID, tie)
	})
}

func (m *Module) refer(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, otherID int64, tie Tie) error {
	refuse := func(control, message string) error { return errs.Invalid(errs.Field{Name: control, Message: message}) }
	switch {
	case !slices.Contains(Ties, tie):
		return refuse(ControlTie, "Pilih hubungannya dengan naskah itu.")
	case otherID == c.ID:
		return refuse(ControlReference, "Naskah tidak dapat merujuk dirinya sendiri.")
	}
	other, err := readCase(ctx, tx, otherID, mo.Actor.PersonID, mo.Now)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return err
	}
	if err != nil || !other.opens(mo) {
		return errNoLetter
	}
	switch {
	case !other.finished():
		return refuse(ControlReference, "Naskah itu belum selesai, jadi belum dapat dirujuk.")
	case tie == TieRevoke && (other.Incoming() || other.UnitID != c.UnitID):
		return refuse(ControlTie, "Hanya kantor yang menerbitkan naskah itu yang dapat mencabutnya.")
	case tie == TieRevoke && !other.revocable():
		return refuse(ControlTie, "Hanya naskah yang sudah dikirim dan masih berlaku yang dapat dicabut.")
	}
	n, err := pg.Scalar[int](ctx, tx, sqlCountTies, c.ID, otherID)
	if err != nil {
		return err
	}
	if n >= maxTies {
		return refuse(ControlReference, "Paling banyak 20 rujukan.")
	}
	if err := pg.Exec(ctx, tx, sqlTie, c.ID, otherID, tie); err != nil {
		return err
	}
	return audit.Write(ctx, tx, mo.Actor, mo.Now, audit.Entry{Action: "eoffice.letter.refer", Object: object, ObjectID: c.ID, UnitID: c.UnitID,
		Detail: map[string]any{"naskah": otherID, "hubungan": tie}})
}

func (s State) revocable() bool { return s.Status == Sent || s.Status == Archived }

// Unrefer takes a reference out of a draft.
func (m *Module) Unrefer(ctx context.Context, a authz.Actor, id, otherID int64) (err error) {
	defer errs.In(&err, "eoffice.Unrefer(%d, %d)", id, otherID)
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		c, mo, err := m.drafting(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlUntie, id, otherID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, mo.Now, audit.Entry{Action: "eoffice.letter.unrefer", Object: object, ObjectID: id, UnitID: c.UnitID,
			Detail: map[string]any{"naskah": otherID}})
	})
}

// FindReferences finds letters that the actor may refer to: among those that a search finds,
// the first ten that they may open.
func (m *Module) FindReferences(ctx context.Context, a authz.Actor, id int64, text string) (out []ThreadLetter, err error) {
	defer errs.In(&err, "eoffice.FindReferences(%d)", id)
	if tidyText(text) == "" {
		return nil, nil
	}
	found, _, err := m.Search(ctx, a, Query{Text: text}, 0)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(found))
	for _, f := range found {
		if f.ID != id {
			ids = append(ids, f.ID)
		}
	}
	all, err := m.openable(ctx, m.db, a, ids)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(l openCase) bool { return !l.finished() })
	slices.Reverse(all)
	for _, l := range all[:min(len(all), 10)] {
		out = append(out, l.letter())
	}
	return out, nil
}

// openCase is a letter that somebody may open, with how lists call it.
type openCase struct {
	Case
	Subject    string
	Sender     string
	ReceivedOn *time.Time
}

func (l *openCase) letter() ThreadLetter {
	t := ThreadLetter{ID: l.ID, Number: l.LetterNumber, Subject: l.Subject, Secrecy: l.Secrecy, From: l.UnitName, Status: l.Status, Day: l.CreatedAt}
	if l.Incoming() {
		t.Number, t.From = l.SenderNumber, l.Sender
	}
	for _, at := range []*time.Time{l.ReceivedOn, l.DatedAt} {
		if at != nil {
			t.Day = *at
			break
		}
	}
	return t
}

const sqlOpenable = `SELECT l.subject, l.sender, l.received_on,` + caseColumns + ` WHERE l.id = ANY($1)`

// openable are those of some letters that the actor may open, by the same rule as a
// letter's page, the oldest first.
func (m *Module) openable(ctx context.Context, q pg.Querier, a authz.Actor, ids []int64) ([]openCase, error) {
	mo := Moment{Now: m.now(), Actor: a}
	all, err := pg.Many[openCase](ctx, q, sqlOpenable, listOf(ids), a.PersonID, mo.Now)
	if err != nil {
		return nil, err
	}
	if mo.Seats, err = seats(ctx, q, a, mo.Now); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(l openCase) bool { return !l.opens(mo) })
	slices.SortFunc(all, func(x, y openCase) int {
		return cmp.Or(x.letter().Day.Compare(y.letter().Day), cmp.Compare(x.ID, y.ID))
	})
	return all, nil
}

// The letters that are tied to one, near ones first.
const sqlThread = `
WITH RECURSIVE t (id, far) AS (
	SELECT $1::bigint, 0
	UNION SELECT CASE WHEN k.letter_id = t.id THEN k.other_id ELSE k.letter_id END, t.far + 1
	FROM t JOIN eoffice_link k ON t.id IN (k.letter_id, k.other_id) WHERE t.far < 6
)
SELECT id FROM t GROUP BY id ORDER BY min(far), id DESC LIMIT $2`

const sqlTies = `SELECT letter_id, other_id, kind FROM eoffice_link WHERE letter_id = ANY($1) AND other_id = ANY($1) ORDER BY letter_id, other_id`

// thread is every letter that is tied to one through letters that the actor may open, in
// the order of time, the letter itself among them; at most 100 of them.
func (m *Module) thread(ctx context.Context, q pg.Querier, a authz.Actor, id int64) (out []ThreadLetter, err error) {
	ids, err := pg.Scalars[int64](ctx, q, sqlThread, id, maxThread)
	if err != nil || len(ids) < 2 {
		return nil, err
	}
	all, err := m.openable(ctx, q, a, ids)
	if err != nil {
		return nil, err
	}
	ids = ids[:0]
	for _, l := range all {
		ids = append(ids, l.ID)
	}
	ties, err := pg.Many[struct {
		LetterID, OtherID int64
		Kind              Tie
	}](ctx, q, sqlTies, ids)
	if err != nil {
		return nil, err
	}
	reached := map[int64]bool{id: true}
	for grown := true; grown; {
		grown = false
		for _, k := range ties {
			if reached[k.LetterID] != reached[k.OtherID] {
				reached[k.LetterID], reached[k.OtherID], grown = true, true, true
			}
		}
	}
	for _, l := range all {
		if !reached[l.ID] {
			continue
		}
		t := l.letter()
		for _, k := range ties {
			if k.LetterID == l.ID {
				t.Ties = append(t.Ties, ThreadTie{k.Kind, k.OtherID})
			}
		}
		out = append(out, t)
	}
	if len(out) < 2 {
		return nil, nil
	}
	return out, nil
}

// linksOf are the letters of a thread that one of them refers to or that refer to it.
func linksOf(thread []ThreadLetter, id int64) (out []Reference) {
	for _, l := range thread {
		r := Reference{ID: l.ID, Number: l.Number, Subject: l.Subject, Status: l.Status}
		for _, k := range l.Ties {
			if k.OtherID == id {
				r.Kind, r.From = k.Kind, true
				out = append(out, r)
			}
		}
		for _, me := range thread {
			for _, k := range me.Ties {
				if me.ID == id && k.OtherID == l.ID {
					r.Kind, r.From = k.Kind, false
					out = append(out, r)
				}
			}
		}
	}
	return out
}

// ReferencesOf lists the letters that a draft refers to, for its drafter.
func (m *Module) ReferencesOf(ctx context.Context, a authz.Actor, id int64) (out []Reference, err error) {
	defer errs.In(&err, "eoffice.ReferencesOf(%d)", id)
	if _, _, err := m.DraftOf(ctx, a, id); err != nil {
		return nil, err
	}
	t, err := m.thread(ctx, m.db, a, id)
	return slices.DeleteFunc(linksOf(t, id), func(r Reference) bool { return r.From }), err
}

const sqlDraftTies = `SELECT kind, other_id FROM eoffice_link WHERE letter_id = $1 ORDER BY other_id`

// tiesOf are the references of a letter.
func tiesOf(ctx context.Context, q pg.Querier, id int64) ([]ThreadTie, error) {
	return pg.Many[ThreadTie](ctx, q, sqlDraftTies, id)
}

const sqlSignersOf = `SELECT unit_id, status, chain FROM eoffice_letter WHERE id = $1`

const sqlHeads = `SELECT id FROM org_position WHERE unit_id = $1 AND kind = 'kepala' AND valid_to IS NULL`

// mayRevoke refuses a draft that revokes letters unless who signs it last signed them too,
// or is the head of the office.
func (m *Module) mayRevoke(ctx context.Context, q pg.Querier, c *Case, d Draft) error {
	ties, err := tiesOf(ctx, q, c.ID)
	if err != nil {
		return err
	}
	for _, t := range ties {
		if t.Kind != TieRevoke {
			continue
		}
		other, err := pg.One[struct {
			UnitID int64
			Status Status
			Chain  []Link
		}](ctx, q, sqlSignersOf, t.OtherID)
		if err != nil {
			return err
		}
		if !(State{Status: other.Status}).revocable() {
			return errs.Invalid(errs.Field{Name: ControlReference, Message: "Naskah yang hendak dicabut sudah tidak berlaku. Hapus rujukannya."})
		}
		may, err := pg.Scalars[int64](ctx, q, sqlHeads, other.UnitID)
		if err != nil {
			return err
		}
		for _, l := range other.Chain {
			if l.Duty == Sign {
				may = append(may, l.PositionID)
			}
		}
		n := len(d.Chain) - 1
		if n < 0 || d.Chain[n].Duty != Sign || !slices.Contains(may, d.Chain[n].PositionID) {
			return errs.Invalid(errs.Field{Name: ControlSigner, Message: "Naskah dicabut oleh penanda tangannya atau oleh kepala kantor. Pilih salah satunya sebagai penanda tangan terakhir."})
		}
	}
	return nil
}

const sqlRevoked = `
SELECT k.other_id FROM eoffice_link k JOIN eoffice_letter o ON o.id = k.other_id
WHERE k.letter_id = $1 AND k.kind = 'mencabut' AND o.status IN ('terkirim', 'diarsipkan') ORDER BY k.other_id FOR UPDATE OF o`

// revoke ends what a letter that is sent now revokes, and tells who got it. What another
// letter revoked meanwhile stays as it is.
func (m *Module) revoke(ctx context.Context, tx pgx.Tx, c *Case) error {
	ended, err := pg.Scalars[int64](ctx, tx, sqlRevoked, c.ID)
	if err != nil {
		return err
	}
	reason := "Dicabut dengan naskah nomor " + c.LetterNumber + "."
	if c.Secrecy.Confidential() {
		reason = "Dicabut dengan naskah lain."
	}
	for _, id := range ended {
		_, err := m.actIn(ctx, tx, authz.System("e-office"), Act{ID: id, Reason: reason}, ActRevoke, nil, func(tx pgx.Tx, c *Case, mo Moment, e Event) error {
			all, err := pg.Many[Recipient](ctx, tx, sqlRecipients, c.ID)
			if err != nil {
				return err
			}
			for _, r := range all {
				if r.PositionID == 0 || r.SentAt == nil {
					continue
				}
				if err := m.tellDesk(ctx, tx, r.PositionID, mo.Now, c, said{"Naskah dicabut"}, eventKey(onRecipient, r.ID, r.Seq)+":dicabut"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
