package letter

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// ControlPurpose is the control of what an export is for.
const ControlPurpose = "tujuan"

// exportColumns of the register.
var exportColumns = []sheet.Column{
	{Title: "Nomor surat", Width: 30}, {Title: "Tanggal", Width: 12}, {Title: "Jenis", Width: 8}, {Title: "Judul", Width: 40},
	{Title: "Nama", Width: 30}, {Title: "NIK", Width: 18}, {Title: "Kelurahan", Width: 18}, {Title: "Keadaan", Width: 24},
	{Title: "Penanda tangan", Width: 30}, {Title: "Nomor permohonan", Width: 18},
}

const sqlExtra = `
SELECT l.id, l.subject_sealed, COALESCE((SELECT string_agg(s ->> 'nama', ', ' ORDER BY n) FROM jsonb_array_elements(l.signed) WITH ORDINALITY x (s, n)), '') AS signers
FROM epemerintahan_letter l WHERE l.id = ANY ($1)`

// ExportRegister writes the letters of a filter to w as XLSX or CSV, newest first, NIK
// by the last four digits, whatever their number without holding them. It needs
// PermExport and what it is for; both are in the audit trail before the first row.
func (m *Module) ExportRegister(ctx context.Context, a authz.Actor, f Filter, format, purpose string, w io.Writer) (err error) {
	defer errs.In(&err, "letter.ExportRegister")
	if !a.Has(PermExport) {
		return errs.New(errs.Forbidden, "Mengunduh buku register bukan wewenang Anda.")
	}
	purpose = strings.TrimSpace(purpose)
	if n := utf8.RuneCountInString(purpose); n < 10 || n > 300 {
		return errs.Invalid(errs.Field{Name: ControlPurpose, Message: "Tulis untuk apa unduhan ini, 10 sampai 300 huruf."})
	}
	r, err := m.realm(ctx, authz.Actor{Kind: a.Kind, PersonID: a.PersonID, Grants: exporting(a)})
	if err != nil {
		return err
	}
	q, err := m.query(ctx, a, f, 0)
	if err != nil {
		return err
	}
	q.units, q.whole, q.limit = both(q.units, r.view), false, 1000
	err = audit.Write(ctx, m.db, a, m.now(), audit.Entry{
		Action: "epemerintahan.letter.export", Object: object, UnitID: a.MainPosition().UnitID,
		Detail: map[string]any{"untuk": purpose, "jenis": f.Code, "keadaan": f.Status, "kelurahan": f.KelurahanID, "menurut": q.by()},
	})
	if err != nil {
		return err
	}
	out, err := sheet.NewWriter(w, format, "Register surat", exportColumns)
	if err != nil {
		return err
	}
	alike := false
	for n := 0; ; {
		list, err := q.run(ctx, m.db, alike)
		if err == nil && n == 0 && len(list) == 0 && !alike && len(q.words) > 0 {
			alike = true // as on the page
			list, err = q.run(ctx, m.db, alike)
		}
		if n += len(list); err == nil && n > maxExport {
			err = errs.New(errs.TooLarge, "Ada lebih dari 200.000 surat. Persempit menurut kelurahan, jenis, atau tanggal.")
		}
		if err == nil {
			err = m.exportRows(ctx, out, list)
		}
		if err != nil {
			return errors.Join(err, out.Abort())
		}
		if len(list) < q.limit {
			return out.Close()
		}
		q.after = list[len(list)-1].ID
	}
}

// maxExport letters go into one file.
const maxExport = 200_000

// exporting are the rights to see where the actor may export.
func exporting(a authz.Actor) (out []authz.Grant) {
	for _, g := range a.Grants {
		if g.Permission == PermExport {
			out = append(out, authz.Grant{Permission: PermView, UnitID: g.UnitID})
		}
	}
	return out
}

func both(a, b []int64) (out []int64) {
	in := map[int64]bool{}
	for _, id := range b {
		in[id] = true
	}
	for _, id := range a {
		if in[id] {
			out = append(out, id)
		}
	}
	return out
}

func (m *Module) exportRows(ctx context.Context, out *sheet.Writer, list []Summary) error {
	ids := make([]int64, len(list))
	for i, s := range list {
		ids[i] = s.ID
	}
	rows, err := pg.Many[struct {
		ID            int64
		SubjectSealed []byte
		Signers       string
	}](ctx, m.db, sqlExtra, ids)
	if err != nil {
		return err
	}
	at := map[int64]int{}
	for i, r := range rows {
		at[r.ID] = i
	}
	for _, s := range list {
		i, ok := at[s.ID]
		if !ok {
			continue
		}
		var subject Person
		if err := m.open(rows[i].SubjectSealed, sealSubject, &subject); err != nil {
			return err
		}
		day := s.IssuedOn
		if day == nil {
			day = s.SubmittedAt
		}
		date := ""
		if day != nil {
			date = day.In(clock.Makassar).Format(time.DateOnly)
		}
		err := out.Row(s.Number, date, s.KindCode, s.Title, s.Subject, epemerintahan.Mask(subject.NIK), s.KelurahanName, s.Status.Label(),
			rows[i].Signers, s.RequestNumber)
		if err != nil {
			return err
		}
	}
	return nil
}
