package epuskesmas

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// PatientsPage is how many patients a page lists.
const PatientsPage = 50

// PatientCursor is where a list of patients goes on.
type PatientCursor struct {
	Name string
	ID   int64
}

// Past is one number of a patient's history: administrative, nothing of what they came for.
type Past struct {
	TicketID  int64
	Day       time.Time
	Poli      string
	Code      string
	Payer     Payer
	Origin    string
	Status    Status
	Paper     bool
	HereAt    *time.Time
	CalledAt  *time.Time
	StartedAt *time.Time
	EndedAt   *time.Time
	Doctor    string
}

const (
	sqlPatients = knownColumns + `WHERE f.unit_id = $1 AND f.merged_into IS NULL AND (f.name_fold, f.id) > ($2, $3) ORDER BY f.name_fold, f.id LIMIT $4`

	sqlFoldOf = `SELECT name_fold FROM epuskesmas_patient WHERE id = $1`

	sqlPastOf = `
SELECT t.id AS ticket_id, t.day, p.name AS poli, t.code, v.payer, v.origin, t.status, t.late_entry AS paper, t.here_at, t.called_at, t.started_at, t.ended_at,
	COALESCE(d.name, '') AS doctor
FROM epuskesmas_visit v JOIN epuskesmas_ticket t ON t.visit_id = v.id JOIN epuskesmas_poli p ON p.id = t.poli_id LEFT JOIN epuskesmas_doctor d ON d.id = t.doctor_id
WHERE v.patient_id = $1 ORDER BY t.day DESC, t.id DESC LIMIT 300`

	sqlLockPatient = `
SELECT name, birth_date, nik_sealed, bpjs_sealed, faskes, version, merged_into FROM epuskesmas_patient WHERE id = $1 AND unit_id = $2 FOR UPDATE`

	sqlSavePatient = `
UPDATE epuskesmas_patient SET name = $3, name_fold = $4, birth_date = $5, nik_sealed = $6, nik_hash = $7, bpjs_sealed = $8, bpjs_hash = $9, faskes = $10,
	version = version + 1
WHERE id = $1 AND version = $2`
)

// Patients lists the patients of a puskesmas by name after a cursor, one more than
// [PatientsPage] when there are more. Needs PermPatient there.
func (m *Module) Patients(ctx context.Context, a authz.Actor, slug string, after PatientCursor) (s Site, list []Known, next *PatientCursor, err error) {
	defer errs.In(&err, "epuskesmas.Patients")
	if s, _, err = m.StaffSite(ctx, a, slug, PermPatient); err != nil {
		return s, nil, nil, err
	}
	rows, err := pg.Many[knownRow](ctx, m.db, sqlPatients, s.UnitID, after.Name, after.ID, PatientsPage+1)
	if err != nil {
		return s, nil, nil, err
	}
	for _, r := range rows[:min(len(rows), PatientsPage)] {
		list = append(list, m.known(r))
	}
	if len(rows) > PatientsPage {
		last := rows[PatientsPage-1].ID
		fold, err := pg.Scalar[string](ctx, m.db, sqlFoldOf, last)
		if err != nil {
			return s, nil, nil, err
		}
		next = &PatientCursor{fold, last}
	}
	return s, list, next, nil
}

// History is a patient with their numbers, the newest first. That it was looked at is in
// the audit trail. Of a patient who was merged into another it is that one's. Needs
// PermPatient; a patient of another puskesmas is errs.NotFound.
func (m *Module) History(ctx context.Context, a authz.Actor, slug string, id int64) (s Site, k Known, past []Past, err error) {
	defer errs.In(&err, "epuskesmas.History(%d)", id)
	if s, _, err = m.StaffSite(ctx, a, slug, PermPatient); err != nil {
		return s, k, nil, err
	}
	if k, err = m.Patient(ctx, a, s.UnitID, id); err != nil {
		return s, k, nil, err
	}
	if past, err = pg.Many[Past](ctx, m.db, sqlPastOf, k.ID); err != nil {
		return s, k, nil, err
	}
	return s, k, past, audit.Write(ctx, m.db, a, m.now(), audit.Entry{
		Action: "epuskesmas.patient.view", Object: "epuskesmas_patient", ObjectID: k.ID, UnitID: s.UnitID,
	})
}

// PatientInput is what the desk corrects of a patient. NIK and BPJS: "" leaves them, "-"
// takes them away.
type PatientInput struct {
	Name      string
	BirthDate time.Time
	NIK       string
	BPJS      string
	Faskes    string
	Version   int // that was shown
}

// SavePatient corrects what is known of a patient; what it was before and after is in the
// audit trail, numbers by their last four digits. Needs PermPatient. Somebody else's NIK
// is errs.Unprocessable, a version that is not the newest errs.Conflict.
func (m *Module) SavePatient(ctx context.Context, a authz.Actor, slug string, id int64, in PatientInput) (err error) {
	defer errs.In(&err, "epuskesmas.SavePatient(%d)", id)
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return err
	}
	now := m.now()
	b := Booking{Name: in.Name, BirthDate: in.BirthDate, Payer: General, NIK: strings.Trim(in.NIK, "-"), BPJS: strings.Trim(in.BPJS, "-")}
	if err := m.CheckPerson(&b); err != nil {
		return err
	}
	in.Faskes = strings.Join(strings.Fields(in.Faskes), " ")
	if len([]rune(in.Faskes)) > 100 {
		return errs.Invalid(errs.Field{Name: ControlFaskes, Message: "Ringkas nama faskes menjadi paling banyak 100 huruf."})
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		was, err := pg.One[struct {
			Name       string
			BirthDate  time.Time
			NikSealed  []byte
			BpjsSealed []byte
			Faskes     string
			Version    int
			MergedInto *int64
		}](ctx, tx, sqlLockPatient, id, s.UnitID)
		if err != nil {
			return err
		}
		if was.MergedInto != nil {
			return errs.New(errs.Conflict, "Pasien ini baru saja digabung ke pasien lain. Cari lagi pasiennya.")
		}
		if was.Version != in.Version {
			return errs.New(errs.Conflict, "Data pasien ini baru saja diubah orang lain. Isian Anda masih ada di bawah; periksa, lalu simpan sekali lagi.")
		}
		seal := func(typed, clean, sealContext string, old []byte) (sealed, hash []byte) {
			switch {
			case typed == "-":
				return nil, nil
			case clean != "":
				return m.box.Seal(clean, sealContext), m.box.Hash(sealContext, clean)
			case len(old) == 0:
				return nil, nil
			}
			plain, err := m.box.Open(old, sealContext)
			if err != nil {
				return nil, nil
			}
			return old, m.box.Hash(sealContext, plain)
		}
		nik, nikHash := seal(in.NIK, b.NIK, contextNIK, was.NikSealed)
		bpjs, bpjsHash := seal(in.BPJS, b.BPJS, contextBPJS, was.BpjsSealed)
		err = pg.Changed(tx.Exec(ctx, sqlSavePatient, id, in.Version, b.Name, indo.FoldPerson(b.Name), dateOf(b.BirthDate), nik, nikHash, bpjs, bpjsHash, in.Faskes))
		if pg.Violates(err, "epuskesmas_patient_nik_key") {
			return errs.Invalid(errs.Field{Name: ControlNIK, Message: "NIK ini sudah dipakai pasien lain di puskesmas ini. Cari pasien itu dahulu."})
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{
			Action: "epuskesmas.patient.save", Object: "epuskesmas_patient", ObjectID: id, UnitID: s.UnitID, Detail: map[string]any{
				"nik_sebelum": m.lastFour(was.NikSealed, contextNIK), "nik_sesudah": m.lastFour(nik, contextNIK),
				"bpjs_sebelum": m.lastFour(was.BpjsSealed, contextBPJS), "bpjs_sesudah": m.lastFour(bpjs, contextBPJS),
				"nama_berubah": was.Name != b.Name, "lahir_berubah": was.BirthDate.Format(time.DateOnly) != dateOf(b.BirthDate), "faskes_berubah": was.Faskes != in.Faskes,
			},
		})
	})
}

// ControlPurpose is the control of what a list of patients is for.
const ControlPurpose = "tujuan"

// ExportPatients writes the patients of a puskesmas by name as XLSX or CSV, numbers by
// their last four digits. It needs PermPatient and what it is for; both are in the audit
// trail before the first row.
func (m *Module) ExportPatients(ctx context.Context, a authz.Actor, slug, format, purpose string, w io.Writer) (err error) {
	defer errs.In(&err, "epuskesmas.ExportPatients")
	s, _, err := m.StaffSite(ctx, a, slug, PermPatient)
	if err != nil {
		return err
	}
	purpose = strings.Join(strings.Fields(purpose), " ")
	if n := len([]rune(purpose)); n < 10 || n > 300 {
		return errs.Invalid(errs.Field{Name: ControlPurpose, Message: "Tulis untuk apa unduhan ini, 10 sampai 300 huruf."})
	}
	if err := audit.Write(ctx, m.db, a, m.now(), audit.Entry{
		Action: "epuskesmas.patient.export", Object: "org_unit", ObjectID: s.UnitID, UnitID: s.UnitID, Detail: map[string]any{"untuk": purpose},
	}); err != nil {
		return err
	}
	out, err := sheet.NewWriter(w, format, "Pasien", []sheet.Column{
		{Title: "No. RM", Width: 10}, {Title: "Nama", Width: 30}, {Title: "Tanggal lahir", Width: 14}, {Title: "NIK", Width: 18}, {Title: "BPJS", Width: 16},
		{Title: "Faskes", Width: 24}, {Title: "Kunjungan terakhir", Width: 18},
	})
	if err != nil {
		return err
	}
	hidden := func(last string) string {
		if last == "" {
			return ""
		}
		return "••••" + last
	}
	var after PatientCursor
	for {
		_, list, next, err := m.Patients(ctx, a, slug, after)
		if err != nil {
			return abort(out, err)
		}
		for _, k := range list {
			record, day := "", ""
			if k.RecordNo != 0 {
				record = strconv.Itoa(k.RecordNo)
			}
			if k.LastDay != nil {
				day = k.LastDay.Format(time.DateOnly)
			}
			if err := out.Row(record, k.Name, k.BirthDate.Format(time.DateOnly), hidden(k.NIK), hidden(k.BPJS), k.Faskes, day); err != nil {
				return abort(out, err)
			}
		}
		if next == nil {
			return out.Close()
		}
		after = *next
	}
}
