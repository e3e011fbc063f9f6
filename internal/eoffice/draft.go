package eoffice

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/eoffice/kind"
	"makassartidakrantasa.com/portal/internal/eoffice/text"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of a draft's form.
const (
	ControlKind    = "jenis"
	ControlSeat    = "sebagai"
	ControlSubject = "hal"
	ControlBody    = "teks"
	ControlTo      = "kepada"
	ControlCC      = "tembusan"
	ControlOutside = "luar"
	ControlSigner  = "penanda_tangan"
	ControlParaf   = "pemaraf"
	ControlSecrecy = "sifat"
	ControlUrgency = "urgensi"
	ControlKKA     = "kka"
	ControlMode    = "cara"
)

// Addressee is somebody a letter goes to: a desk, or somebody outside the offices.
type Addressee struct {
	PositionID int64  `json:"jabatan,omitempty"`
	ToUnit     bool   `json:"unit,omitempty"` // although nobody holds the position now
	Name       string `json:"nama,omitempty"` // outside
	Address    string `json:"alamat,omitempty"`
	// Group is the kelompok tujuan with which it came, "" for none. A desk that stays a
	// recipient keeps it.
	Group string `json:"kelompok,omitempty"`
}

// Draft is everything that a drafter decides.
type Draft struct {
	Content
	Secrecy Secrecy
	Urgency Urgency
	KKA     string
	Mode    Mode
	Chain   []Link // Version, By and Seat are not the drafter's
	To, CC  []Addressee
}

const (
	maxSubject    = 500
	maxAddressees = 200
)

// office of a desk is the nearest unit, itself included, that issues letters.
const sqlOfficeOf = `
SELECT o.id FROM org_position p JOIN org_unit u ON u.id = p.unit_id, unnest(u.ancestors) WITH ORDINALITY a(id, n) JOIN org_unit o ON o.id = a.id
WHERE p.id = $1 AND ` + isOffice + ` ORDER BY a.n DESC LIMIT 1`

// isOffice is an org_unit o that issues letters.
const isOffice = `o.kind NOT IN ('bidang', 'subbagian', 'seksi', 'bagian', 'rw', 'rt')`

const sqlBegin = `
INSERT INTO eoffice_letter (origin, kind_code, unit_id, drafter_id, drafted_by, entry_key, subject, body, kka, status, status_at, desk_id, chain,
	created_at, updated_at)
VALUES ('keluar', $1, $2, $3, $4, $5, '', $6, $7, 'konsep', $8, $3, $9, $8, $8)
ON CONFLICT (drafted_by, entry_key) DO UPDATE SET entry_key = excluded.entry_key RETURNING id`

const sqlHeadOf = `SELECT id, title FROM org_position WHERE unit_id = $1 AND kind = 'kepala' AND valid_to IS NULL`

// line is the chain to begin with: the desks between a drafter and the head of the office
// put their paraf, the head signs.
func (m *Module) line(ctx context.Context, q pg.Querier, unitID, fromID int64) ([]Link, error) {
	head, err := pg.One[post](ctx, q, sqlHeadOf, unitID)
	if err != nil {
		if errs.KindOf(err) == errs.NotFound {
			return []Link{}, nil
		}
		return nil, err
	}
	signer := Link{PositionID: head.ID, Title: head.Title, Duty: Sign}
	up, err := superiors(ctx, q, fromID)
	if err != nil {
		return nil, err
	}
	out := []Link{}
	for _, p := range up {
		if p.ID == head.ID {
			return append(out, signer), nil
		}
		if p.ID != fromID {
			out = append(out, Link{PositionID: p.ID, Title: p.Title, Duty: Paraf})
		}
	}
	return []Link{signer}, nil
}

// Begin starts a draft of a kind in the name of a desk at which the actor sits, with the
// kind's wording. The same key again gives the same draft.
func (m *Module) Begin(ctx context.Context, a authz.Actor, kindCode string, positionID int64, key string) (id int64, err error) {
	defer errs.In(&err, "eoffice.Begin(%.20q)", kindCode)
	k, ok := kind.ByCode(kindCode)
	if !ok {
		return 0, errs.Invalid(errs.Field{Name: ControlKind, Message: "Pilih jenis naskah."})
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id, err = m.begin(ctx, tx, a, k, positionID, key)
		return err
	})
	return id, err
}

func (m *Module) begin(ctx context.Context, tx pgx.Tx, a authz.Actor, k kind.Kind, positionID int64, key string) (id int64, err error) {
	body, err := text.Sanitize(k.Template)
	if err != nil {
		return 0, err
	}
	at := m.now()
	mine, err := seats(ctx, tx, a, at)
	if err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(mine, func(s Seat) bool { return s.PositionID == positionID }) {
		return 0, errs.Invalid(errs.Field{Name: ControlSeat, Message: "Pilih jabatan Anda."})
	}
	unit, err := pg.Scalar[int64](ctx, tx, sqlOfficeOf, positionID)
	if err != nil {
		return 0, err
	}
	chain, err := m.line(ctx, tx, unit, positionID)
	if err != nil {
		return 0, err
	}
	id, err = pg.Scalar[int64](ctx, tx, sqlBegin, k.Code, unit, positionID, a.AccountID, key, body, k.KKA, at, chain)
	if err != nil {
		return 0, err
	}
	return id, audit.Write(ctx, tx, a, at, audit.Entry{Action: "eoffice.letter.begin", Object: object, ObjectID: id, UnitID: unit,
		Detail: map[string]any{"jenis": k.Code}})
}

const sqlSaveDraft = `
UPDATE eoffice_letter SET subject = $3, body = $4, content_sealed = $5, secrecy = $6, urgency = $7, kka = $8, mode = $9, chain = $10, saved = saved + 1,
	updated_at = $11
WHERE id = $1 AND saved = $2 AND status IN ('konsep', 'perbaikan')
RETURNING saved`

const sqlDropRecipients = `DELETE FROM eoffice_recipient WHERE letter_id = $1 AND status = 'disiapkan'`

const sqlAddRecipient = `
INSERT INTO eoffice_recipient (letter_id, role, ord, unit_id, position_id, to_unit, name, address, group_name, status_at)
VALUES ($1, $2, $3, $4, NULLIF($5::bigint, 0), $6, $7, $8, $9, $10)`

const sqlRecipientGroups = `SELECT position_id, group_name FROM eoffice_recipient WHERE letter_id = $1 AND group_name <> '' AND position_id IS NOT NULL`

// SaveDraft keeps what a drafter wrote, whole or not, and returns the counter for the next
// time. saved is the counter that the form showed: somebody else's save in between is
// errs.Conflict. What does not fit at all is refused; what is missing is asked for by
// [Module.Submit].
func (m *Module) SaveDraft(ctx context.Context, a authz.Actor, id int64, saved int, d Draft) (now int, err error) {
	defer errs.In(&err, "eoffice.SaveDraft(%d)", id)
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		now, err = m.saveDraft(ctx, tx, a, id, saved, d)
		return err
	})
	return now, err
}

func (m *Module) saveDraft(ctx context.Context, tx pgx.Tx, a authz.Actor, id int64, saved int, d Draft) (now int, err error) {
	if err := tidy(&d); err != nil {
		return 0, err
	}
	c, mo, err := m.drafting(ctx, tx, a, id)
	if err != nil {
		return 0, err
	}
	if saved != c.Saved {
		return 0, errs.New(errs.Conflict, "Konsep ini sudah diubah di tempat lain. Muat ulang halaman untuk melihatnya; salin dahulu yang baru Anda tulis.")
	}
	if err := m.titles(ctx, tx, d.Chain); err != nil {
		return 0, err
	}
	d.Chain = kept(c.Chain, d.Chain)
	d.copyGivers()
	st, err := m.store(d.Secrecy, d.Content)
	if err == nil && !d.Secrecy.Kept() {
		st, err = m.keepBody(ctx, tx, &d)
	}
	if err != nil {
		return 0, err
	}
	now, err = pg.Scalar[int](ctx, tx, sqlSaveDraft, id, saved, st.Subject, st.Body, st.ContentSealed, d.Secrecy, d.Urgency, d.KKA, d.Mode,
		listOf(d.Chain), mo.Now)
	if err != nil {
		return 0, err
	}
	if err := pg.Exec(ctx, tx, sqlUnindex, id); err != nil {
		return 0, err
	}
	if d.Secrecy.Confidential() {
		if err := m.conceal(ctx, tx, id, d.Secrecy); err != nil {
			return 0, err
		}
	}
	if d.Secrecy.Rank() > c.Secrecy.Rank() && c.Seq > 0 { // others have heard of it
		if err := m.retell(ctx, tx, id, d.Secrecy); err != nil {
			return 0, err
		}
	}
	return now, m.address(ctx, tx, id, d, mo.Now)
}

// copyGivers has a copy go to everybody in whose name somebody signs: they answer for it.
func (d *Draft) copyGivers() {
	for _, l := range d.Chain {
		if l.Duty == Sign && l.ForID != 0 && !d.concerns(l.ForID) {
			d.CC = append(d.CC, Addressee{PositionID: l.ForID})
		}
	}
}

// drafting reads and locks a letter that its drafter may still change.
func (m *Module) drafting(ctx context.Context, tx pgx.Tx, a authz.Actor, id int64) (c Case, mo Moment, err error) {
	at := m.now()
	if c, err = lockCase(ctx, tx, id, a.PersonID, at); err != nil {
		return c, mo, absent(err)
	}
	if mo, err = m.moment(ctx, tx, a, &c); err != nil {
		return c, mo, err
	}
	if c.ViewOf(mo) == Nothing {
		return c, mo, errNoLetter
	}
	return c, mo, Allowed(&c, mo, ActSubmit)
}

// kept is a chain with what is known of the desks that stay in it.
func kept(old, chain []Link) []Link {
	for i, l := range chain {
		for _, o := range old {
			if o.PositionID == l.PositionID && o.Duty == l.Duty {
				chain[i].Version, chain[i].By, chain[i].Seat = o.Version, o.By, o.Seat
			}
		}
	}
	return chain
}

// tidy cleans what was typed and refuses what can never be kept.
func tidy(d *Draft) (err error) {
	d.Subject = strings.Join(strings.Fields(d.Subject), " ")
	if d.Body, err = text.Sanitize(d.Body); err != nil {
		return errs.Invalid(errs.Field{Name: ControlBody, Message: errs.MessageOf(err)})
	}
	switch {
	case utf8.RuneCountInString(d.Subject) > maxSubject:
		return errs.Invalid(errs.Field{Name: ControlSubject, Message: "Hal paling banyak 500 huruf."})
	case !slices.Contains(Secrecies, d.Secrecy):
		return errs.Invalid(errs.Field{Name: ControlSecrecy, Message: "Pilih sifat naskah."})
	case !slices.Contains(Urgencies, d.Urgency):
		return errs.Invalid(errs.Field{Name: ControlUrgency, Message: "Pilih urgensi."})
	case len(d.To)+len(d.CC) > maxAddressees:
		return errs.Invalid(errs.Field{Name: ControlTo, Message: "Paling banyak 200 penerima."})
	case len(d.Chain) > maxChain:
		return errs.Invalid(errs.Field{Name: ControlSigner, Message: "Paling banyak 12 pemaraf dan penanda tangan."})
	}
	if d.Mode != Wet {
		d.Mode = Electronic
	}
	if !d.Secrecy.Kept() {
		d.Mode = Wet
	}
	for _, list := range [][]Addressee{d.To, d.CC} {
		for i := range list {
			t := &list[i]
			t.Name, t.Address = strings.Join(strings.Fields(t.Name), " "), strings.TrimSpace(t.Address)
			if utf8.RuneCountInString(t.Name) > 200 || utf8.RuneCountInString(t.Address) > 300 {
				return errs.Invalid(errs.Field{Name: ControlOutside, Message: "Nama penerima paling banyak 200 huruf, alamat 300 huruf."})
			}
		}
	}
	return nil
}

const sqlTitles = `SELECT id, title FROM org_position WHERE id = ANY($1)`

// titles writes the titles of the desks into a chain.
func (m *Module) titles(ctx context.Context, q pg.Querier, chain []Link) error {
	ids := make([]int64, len(chain))
	for i, l := range chain {
		ids[i] = l.PositionID
	}
	list, err := pg.Many[struct {
		ID    int64
		Title string
	}](ctx, q, sqlTitles, ids)
	if err != nil {
		return err
	}
	for i := range chain {
		n := slices.IndexFunc(list, func(p struct {
			ID    int64
			Title string
		}) bool {
			return p.ID == chain[i].PositionID
		})
		if n < 0 {
			return errs.Invalid(errs.Field{Name: ControlSigner, Message: "Jabatan itu tidak ada lagi. Pilih yang lain."})
		}
		chain[i].Title = list[n].Title
	}
	return nil
}

// address writes to whom a draft goes. Who stands there twice gets it once.
func (m *Module) address(ctx context.Context, tx pgx.Tx, id int64, d Draft, at time.Time) error {
	came, err := pg.Many[struct {
		PositionID int64
		GroupName  string
	}](ctx, tx, sqlRecipientGroups, id)
	if err != nil {
		return err
	}
	groups := map[int64]string{}
	for _, r := range came {
		groups[r.PositionID] = r.GroupName
	}
	if err := pg.Exec(ctx, tx, sqlDropRecipients, id); err != nil {
		return err
	}
	seen, ord := map[int64]bool{}, 0
	for _, part := range []struct {
		role string
		list []Addressee
	}{{"kepada", d.To}, {"tembusan", d.CC}} { // who stands in both gets it as addressee
		for _, t := range part.list {
			if t.PositionID == 0 && t.Name == "" || t.PositionID != 0 && seen[t.PositionID] {
				continue
			}
			seen[t.PositionID] = true
			ord++
			var unit *int64
			if t.PositionID != 0 {
				u, err := pg.Scalar[int64](ctx, tx, sqlOfficeOf, t.PositionID)
				if err != nil && errs.KindOf(err) == errs.NotFound {
					return errs.Invalid(errs.Field{Name: ControlTo, Message: "Jabatan itu tidak ada lagi. Pilih yang lain."})
				}
				if err != nil {
					return err
				}
				unit = &u
			}
			if err := pg.Exec(ctx, tx, sqlAddRecipient, id, part.role, ord, unit, t.PositionID, t.ToUnit, t.Name, t.Address, cmp.Or(t.Group, groups[t.PositionID]), at); err != nil {
				return err
			}
		}
	}
	return nil
}

const sqlDraftFields = `SELECT subject, body, content_sealed, secrecy, urgency, kka, mode, chain FROM eoffice_letter WHERE id = $1`

const sqlAddressees = `
SELECT COALESCE(position_id, 0) AS position_id, to_unit, name, address, group_name AS "group", role FROM eoffice_recipient WHERE letter_id = $1 ORDER BY ord, id`

// draftOf is a letter as its drafter wrote it.
func (m *Module) draftOf(ctx context.Context, q pg.Querier, id int64) (d Draft, err error) {
	row, err := pg.One[struct {
		stored
		Secrecy Secrecy
		Urgency Urgency
		KKA     string
		Mode    Mode
		Chain   []Link
	}](ctx, q, sqlDraftFields, id)
	if err != nil {
		return d, err
	}
	if d.Content, err = m.opened(row.stored); err != nil {
		return d, err
	}
	d.Secrecy, d.Urgency, d.KKA, d.Mode, d.Chain = row.Secrecy, row.Urgency, row.KKA, row.Mode, row.Chain
	list, err := pg.Many[struct {
		Addressee
		Role string
	}](ctx, q, sqlAddressees, id)
	for _, t := range list {
		if t.Role == "kepada" {
			d.To = append(d.To, t.Addressee)
		} else {
			d.CC = append(d.CC, t.Addressee)
		}
	}
	return d, err
}

const sqlKnownKKA = `SELECT EXISTS (SELECT FROM eoffice_kka WHERE code = $1 AND in_use)`

const sqlVacant = `
SELECT p.id, p.title, p.unit_id FROM org_position p
WHERE p.id = ANY($1) AND NOT EXISTS (SELECT FROM eoffice_seat s WHERE s.position_id = p.id AND s.starts_at <= $2 AND (s.ends_at IS NULL OR s.ends_at > $2))
ORDER BY p.id`

// complete says what a draft lacks to be sent on its way, every gap at its control.
func (m *Module) complete(ctx context.Context, q pg.Querier, k kind.Kind, d Draft, at time.Time) error {
	var missing []errs.Field
	lack := func(name, message string) { missing = append(missing, errs.Field{Name: name, Message: message}) }
	plain := strings.TrimSpace(text.ToPlain(d.Body))
	if d.Secrecy.Kept() {
		if d.Subject == "" {
			lack(ControlSubject, "Tulis hal naskah.")
		}
		if plain == "" {
			lack(ControlBody, "Tulis isi naskah.")
		}
	}
	if strings.Contains(plain, "[…]") {
		lack(ControlBody, "Masih ada bagian […] yang belum diisi.")
	}
	if k.Addressed && len(d.To) == 0 {
		lack(ControlTo, "Pilih kepada siapa naskah ini.")
	}
	if !k.Outside && slices.ContainsFunc(append(slices.Clone(d.To), d.CC...), func(t Addressee) bool { return t.PositionID == 0 }) {
		lack(ControlOutside, "Naskah jenis ini hanya untuk dalam pemerintah kota.")
	}
	known, err := pg.Scalar[bool](ctx, q, sqlKnownKKA, d.KKA)
	if err != nil {
		return err
	}
	if !known {
		lack(ControlKKA, "Pilih kode klasifikasi dari daftar.")
	}
	if err := checkChain(d.Chain); err != nil {
		missing = append(missing, errs.FieldsOf(err)...)
	}
	for _, l := range d.Chain {
		if _, err := above(ctx, q, l); errs.KindOf(err) == errs.Unprocessable && err != nil {
			missing = append(missing, errs.FieldsOf(err)...)
		} else if err != nil {
			return err
		}
	}
	vacant, err := m.vacant(ctx, q, d, at)
	if err != nil {
		return err
	}
	missing = append(missing, vacant...)
	if len(missing) > 0 {
		return errs.Invalid(missing...)
	}
	return nil
}

// vacant are the desks of a draft at which nobody sits, and whom to take instead.
func (m *Module) vacant(ctx context.Context, q pg.Querier, d Draft, at time.Time) (out []errs.Field, err error) {
	at2control := map[int64]string{}
	for _, l := range d.Chain {
		at2control[l.PositionID] = ControlSigner
	}
	for _, t := range append(slices.Clone(d.To), d.CC...) {
		if t.PositionID != 0 && !t.ToUnit {
			at2control[t.PositionID] = ControlTo
		}
	}
	ids := make([]int64, 0, len(at2control))
	for id := range at2control {
		ids = append(ids, id)
	}
	empty, err := m.vacantDesks(ctx, q, ids, at)
	if err != nil {
		return nil, err
	}
	for _, e := range empty {
		say := e.Say
		if at2control[e.ID] == ControlTo {
			say += ", atau centang “tetap ke unitnya”"
		}
		out = append(out, errs.Field{Name: at2control[e.ID], Message: say + "."})
	}
	return out, nil
}

// vacantDesk is a desk at which nobody sits, and a sentence without its full stop that says
// so and whom to take instead.
type vacantDesk struct {
	ID  int64
	Say string
}

func (m *Module) vacantDesks(ctx context.Context, q pg.Querier, ids []int64, at time.Time) (out []vacantDesk, err error) {
	empty, err := pg.Many[struct {
		ID, UnitID int64
		Title      string
	}](ctx, q, sqlVacant, ids, at)
	if err != nil {
		return nil, err
	}
	for _, p := range empty {
		say := p.Title + " sedang tidak ada pemangkunya."
		h, err := org.NearestHead(ctx, q, p.UnitID, at)
		switch {
		case err == nil:
			say += " Pilih " + h.Title + " (" + h.Name + ")"
		case errs.KindOf(err) != errs.NotFound:
			return nil, err
		default:
			say += " Pilih jabatan lain"
		}
		out = append(out, vacantDesk{p.ID, say})
	}
	return out, nil
}

const sqlInsertVersion = `
INSERT INTO eoffice_version (letter_id, version, subject, body, content_sealed, hash, at, actor_id, title) VALUES ($1, $2, $3, $4, $5, $6, $7, NULLIF($8::bigint, 0), $9)`

const sqlLastVersion = `SELECT version, hash FROM eoffice_version WHERE letter_id = $1 ORDER BY version DESC LIMIT 1`

// freeze makes what a letter says now a version, unless it is the last one's.
func (m *Module) freeze(ctx context.Context, tx pgx.Tx, c *Case, mo Moment, d Draft) (version int, hash []byte, err error) {
	files, err := filesOf(ctx, tx, c.ID)
	if err != nil {
		return 0, nil, err
	}
	ties, err := tiesOf(ctx, tx, c.ID)
	if err != nil {
		return 0, nil, err
	}
	hash = sum(c.KindCode, d, files, ties)
	last, err := pg.One[struct {
		Version int
		Hash    []byte
	}](ctx, tx, sqlLastVersion, c.ID)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return 0, nil, err
	}
	if err == nil && bytes.Equal(last.Hash, hash) {
		return last.Version, hash, nil
	}
	st, err := m.store(d.Secrecy, d.Content)
	if err != nil {
		return 0, nil, err
	}
	version = last.Version + 1
	err = pg.Exec(ctx, tx, sqlInsertVersion, c.ID, version, st.Subject, st.Body, st.ContentSealed, hash, mo.Now, mo.Actor.AccountID, c.actingSeat(mo).Title)
	return version, hash, err
}

// Submit sends a draft on its way: to the first desk that has not agreed to it as it is.
func (m *Module) Submit(ctx context.Context, a authz.Actor, act Act) (Case, error) {
	// What is not a draft any more is refused below, with who was faster.
	if err := m.mayBeMarked(ctx, a, act.ID); err != nil && errs.KindOf(err) != errs.Conflict {
		return Case{}, err
	}
	return m.act(ctx, a, act, ActSubmit, func(tx pgx.Tx, c *Case, mo Moment) (ch Change, err error) {
		d, err := m.draftOf(ctx, tx, c.ID)
		if err != nil {
			return ch, err
		}
		k, err := kindOf(c)
		if err != nil {
			return ch, err
		}
		if err := m.complete(ctx, tx, k, d, mo.Now); err != nil {
			return ch, err
		}
		if err := m.mayRevoke(ctx, tx, c, d); err != nil {
			return ch, err
		}
		if !d.Secrecy.Kept() {
			files, err := filesOf(ctx, tx, c.ID)
			if err != nil {
				return ch, err
			}
			if len(files) > 0 {
				return ch, errs.Invalid(errs.Field{Name: ControlFile, Message: "Lampiran naskah sangat rahasia tetap di kertas. Hapus lampirannya dari portal."})
			}
		}
		if ch.Version, ch.Content, err = m.freeze(ctx, tx, c, mo, d); err != nil {
			return ch, err
		}
		ch.Secrecy, ch.Urgency, ch.Mode, ch.Chain = d.Secrecy, d.Urgency, d.Mode, d.Chain
		return ch, nil
	}, func(tx pgx.Tx, c *Case, mo Moment, e Event) error {
		if err := pg.Exec(ctx, tx, sqlShow, c.ID, []int64{c.DrafterID}, mo.Now, "konseptor"); err != nil {
			return err
		}
		if err := m.tellVoided(ctx, tx, c, e); err != nil {
			return err
		}
		return m.index(ctx, tx, c)
	})
}
