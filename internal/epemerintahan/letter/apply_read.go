package letter

import (
	"context"
	"io"
	"slices"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// sqlMine: $1 is the account, $2 the ref of a draft or a request number.
const sqlMine = `SELECT` + caseColumns + ` WHERE l.account_id = $1 AND (l.ref = $2 AND l.status = 'draf' OR l.request_number = $2)`

const sqlLockMine = sqlMine + ` FOR UPDATE OF l`

// mine is a letter of the account; anybody else's does not exist.
func mine(ctx context.Context, q pg.Querier, a authz.Actor, ref string, lock bool) (Case, error) {
	if !a.SignedIn() {
		return Case{}, errs.New(errs.Unauthenticated, "")
	}
	sql := sqlMine
	if lock {
		sql = sqlLockMine
	}
	c, err := pg.One[Case](ctx, q, sql, a.AccountID, ref)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.NotFound, "Surat ini tidak ada di akun Anda.")
	}
	return c, err
}

const sqlMineList = `SELECT` + summaryColumns + ` FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id
WHERE l.account_id = $1 AND ($2::bigint = 0 OR l.id < $2) ORDER BY l.id DESC LIMIT $3`

// Mine lists the account's letters and drafts, newest first; after is the ID to go on from, 0 at first.
func (m *Module) Mine(ctx context.Context, a authz.Actor, after int64) (_ []Summary, err error) {
	defer errs.In(&err, "letter.Mine")
	if !a.SignedIn() {
		return nil, errs.New(errs.Unauthenticated, "")
	}
	return pg.Many[Summary](ctx, m.db, sqlMineList, a.AccountID, after, QueuePage)
}

// MyLetter is one of the account's letters.
func (m *Module) MyLetter(ctx context.Context, a authz.Actor, number string) (_ Details, err error) {
	defer errs.In(&err, "letter.MyLetter(%.20q)", number)
	c, err := mine(ctx, m.db, a, number, false)
	if err == nil && c.Status == Draft {
		err = errs.New(errs.NotFound, "Surat ini belum dikirim.")
	}
	if err != nil {
		return Details{}, err
	}
	return m.own(ctx, a, &c)
}

// own is a letter as its applicant sees it, whatever else they are to it.
func (m *Module) own(ctx context.Context, a authz.Actor, c *Case) (d Details, err error) {
	a.Kind, a.Grants, a.Positions = authz.Citizen, nil, nil
	mo, err := m.moment(ctx, m.db, caller{actor: a}, c)
	if err != nil {
		return d, err
	}
	if d, err = m.details(ctx, c, mo); err != nil {
		return d, err
	}
	d.HasPrint, d.RTAnswer = false, ""
	if c.Status != Issued {
		d.HasPDF, d.HasScan = false, false
	}
	return d, nil
}

// OpenMine reads the letter's PDF (the signed paper's scan for wet ones). The reading is audited.
func (m *Module) OpenMine(ctx context.Context, a authz.Actor, number string) (_ io.ReadCloser, err error) {
	defer errs.In(&err, "letter.OpenMine(%.20q)", number)
	c, err := mine(ctx, m.db, a, number, false)
	if err != nil {
		return nil, err
	}
	key := c.PDFKey
	if c.Mode == Wet {
		key = c.ScanKey
	}
	if c.Status != Issued || key == "" {
		return nil, errs.New(errs.NotFound, "Surat ini "+c.Status.Label()+", jadi belum ada yang dapat diunduh.")
	}
	if err := m.read(ctx, m.db, a, "open", &c, map[string]any{"berkas": FilePDF, "penduduk": c.ResidentID}); err != nil {
		return nil, err
	}
	return m.file(ctx, key)
}

const sqlMyLetters = `
SELECT id FROM epemerintahan_letter WHERE status <> 'draf' AND (account_id = $1 OR resident_id = $2) ORDER BY id DESC LIMIT 200`

// MyReaders lists who looked at the data of the resident whom the account was proved to
// be, and at their letters, newest first: the entries before the id before (0 = from the
// newest). Their own looks are not among them.
func (m *Module) MyReaders(ctx context.Context, a authz.Actor, before int64) (_ []epemerintahan.Reading, err error) {
	defer errs.In(&err, "letter.MyReaders")
	if !a.SignedIn() {
		return nil, errs.New(errs.Unauthenticated, "")
	}
	i, err := latest(ctx, m.db, a)
	if err != nil {
		return nil, err
	}
	resident := int64(0)
	if i.Status == IdentityProved {
		resident = i.ResidentID
	}
	letters, err := pg.Scalars[int64](ctx, m.db, sqlMyLetters, a.AccountID, resident)
	if err != nil {
		return nil, err
	}
	things := []audit.Thing{}
	if resident != 0 {
		things = append(things, audit.Thing{Object: epemerintahan.ObjectResident, ID: resident})
	}
	for _, id := range letters {
		things = append(things, audit.Thing{Object: object, ID: id})
	}
	entries, err := audit.AboutAny(ctx, m.db, things, a.AccountID, before, QueuePage)
	out := make([]epemerintahan.Reading, len(entries))
	for i, e := range entries {
		out[i] = epemerintahan.ReadingOf(e)
	}
	return slices.Clip(out), err
}
