package letter

import (
	"context"
	"slices"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

const sqlSummary = `SELECT` + summaryColumns + ` FROM epemerintahan_letter l JOIN org_unit u ON u.id = l.kelurahan_id WHERE l.id = $1`

const sqlBeside = `
SELECT COALESCE(old.request_number, '') AS replaces, COALESCE(new.request_number, '') AS replaced_by,
	COALESCE((SELECT CASE WHEN n.yes THEN 'Membenarkan' ELSE 'Tidak membenarkan' END || CASE WHEN n.note = '' THEN '' ELSE ': ' || n.note END
		FROM epemerintahan_neighbour_ask n WHERE n.letter_id = l.id AND n.answered_at IS NOT NULL ORDER BY n.id DESC LIMIT 1), '') AS answer
FROM epemerintahan_letter l
LEFT JOIN epemerintahan_letter old ON old.id = l.replaces_id
LEFT JOIN epemerintahan_letter new ON new.replaces_id = l.id
WHERE l.id = $1`

const sqlHistory = `
SELECT e.seq, e.at, e.action, e.from_status AS "from", e.to_status AS "to", COALESCE(a.name, '') AS by, e.title, e.reason, e.actor_role AS role
FROM epemerintahan_letter_event e LEFT JOIN authn_account a ON a.id = e.actor_id
WHERE e.letter_id = $1 ORDER BY e.seq`

const sqlScans = `
SELECT ref, requirement, content_type, size, uploaded_at AS at, purged_at IS NOT NULL AS purged FROM epemerintahan_letter_scan
WHERE letter_id = $1 AND removed_at IS NULL ORDER BY id`

func scansOf(ctx context.Context, q pg.Querier, id int64) ([]Scan, error) {
	return pg.Many[Scan](ctx, q, sqlScans, id)
}

const sqlNoteReading = `
INSERT INTO epemerintahan_letter_reading (letter_id, account_id, seq, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (letter_id, account_id) DO UPDATE SET seq = excluded.seq, at = excluded.at`

// View is a letter for the desk. The reading is audited; only what was read is signed.
func (m *Module) View(ctx context.Context, a authz.Actor, id int64) (_ Details, err error) {
	defer errs.In(&err, "letter.View(%d)", id)
	c, mo, err := m.seen(ctx, a, id)
	if err != nil {
		return Details{}, err
	}
	d, err := m.details(ctx, &c, mo)
	if err != nil {
		return d, err
	}
	if err := m.read(ctx, m.db, a, "view", &c, map[string]any{"penduduk": c.ResidentID}); err != nil {
		return d, err
	}
	return d, pg.Exec(ctx, m.db, sqlNoteReading, id, a.AccountID, c.Seq, mo.Now)
}

// seen is a letter in the realm of somebody of the desk.
func (m *Module) seen(ctx context.Context, a authz.Actor, id int64) (Case, Moment, error) {
	c, err := pg.One[Case](ctx, m.db, sqlCase, id)
	if err != nil {
		return c, Moment{}, absent(err)
	}
	mo, err := m.moment(ctx, m.db, caller{actor: a}, &c)
	if err == nil && !c.RolesOf(mo).Has(AsReader) {
		err = errNoLetter
	}
	return c, mo, err
}

// details are everything that belongs to a letter, for the desk.
func (m *Module) details(ctx context.Context, c *Case, mo Moment) (d Details, err error) {
	if d.Summary, err = pg.One[Summary](ctx, m.db, sqlSummary, c.ID); err != nil {
		return d, err
	}
	if d.Kind, err = m.kindOf(ctx, m.db, c.KindVersionID); err != nil {
		return d, err
	}
	if d.SubjectIs, d.Values, err = m.contents(ctx, m.db, c); err != nil {
		return d, err
	}
	if d.Scans, err = scansOf(ctx, m.db, c.ID); err != nil {
		return d, err
	}
	if d.History, err = m.history(ctx, c, mo); err != nil {
		return d, err
	}
	beside, err := pg.One[struct{ Replaces, ReplacedBy, Answer string }](ctx, m.db, sqlBeside, c.ID)
	if err != nil {
		return d, err
	}
	d.Replaces, d.ReplacedBy, d.RTAnswer = beside.Replaces, beside.ReplacedBy, beside.Answer
	d.CanReissue = c.Status == Voided && d.ReplacedBy == "" && c.RolesOf(mo).Has(AsOperator)
	d.Checked, d.WithCamat, d.Signed, d.VoidReason = c.Checked, c.WithCamat, c.Signed, c.VoidReason
	d.Times = Times{SubmittedAt: c.SubmittedAt, DueAt: c.DueAt, IssuedAt: c.IssuedAt, Used: c.used(mo), Promised: mo.Promised}
	d.HasPDF, d.HasScan, d.HasPrint = c.PDFKey != "" && !c.Status.Open(), c.ScanKey != "", c.printed()
	d.Actions = ActionsFor(c, mo)
	if c.Status == Returned {
		d.ReturnReason = lastReason(d.History, ActReturn)
	}
	for _, r := range d.Kind.Needed(d.SubjectIs) {
		if allSeen(Kind{Definition: Definition{Requirements: []Requirement{r}}}, d.SubjectIs, c.Checked, d.Scans) != nil {
			d.MissingScans = append(d.MissingScans, r.Name)
		}
	}
	d.Offer = d.Kind.Effect
	if c.Status != Issued || c.EffectDone {
		d.Offer = NoEffect
	}
	return d, nil
}

// history of a letter. Applicants see what was done in which office, not who it was, nor
// what the desk and RT/RW heads write to each other.
func (m *Module) history(ctx context.Context, c *Case, mo Moment) ([]History, error) {
	rows, err := pg.Many[struct {
		History
		Role string
	}](ctx, m.db, sqlHistory, c.ID)
	out := make([]History, len(rows))
	public := !c.RolesOf(mo).Has(AsReader)
	for i, r := range rows {
		out[i] = r.History
		if public && slices.Contains(internal, r.Action) {
			out[i].Reason = ""
		}
		switch r.Role {
		case AsApplicant.String():
			out[i].By, out[i].Title = "Pemohon", ""
			if public {
				out[i].By = "Anda"
			}
		case AsNeighbour.String():
			out[i].By, out[i].Title = "Ketua RT/RW", ""
		case AsSystem.String():
			out[i].By, out[i].Title = "Sistem", ""
		default:
			if public {
				out[i].By, out[i].Title = officers[r.Role], ""
			}
		}
	}
	return out, err
}

// internal are the acts whose reasons only the desk reads, as their writers are told.
var internal = []Action{ActSendBack, ActConfirmRT, ActDenyRT}

// officers are who acts, to an applicant.
var officers = map[string]string{
	AsOperator.String(): "Petugas kelurahan", AsSecretary.String(): "Sekretaris kelurahan", AsLurah.String(): "Lurah",
	AsDeputy.String(): "Pejabat atas nama lurah", AsCamat.String(): "Camat",
}

func lastReason(h []History, action Action) (why string) {
	for _, e := range h {
		if e.Action == action {
			why = e.Reason
		}
	}
	return why
}
