package epuskesmas

import (
	"context"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of the settings.
const (
	ControlHorizon  = "jangkauan"
	ControlOpen     = "buka"
	ControlKind     = "jenis"
	ControlLetter   = "huruf"
	ControlSpoken   = "disebut"
	ControlRatio    = "rasio"
	ControlPosition = "urutan"
	ControlActive   = "aktif"
	ControlPoli     = "poli"
	ControlWeekday  = "hari"
	ControlStarts   = "mulai"
	ControlEnds     = "selesai"
	ControlQuota    = "kuota"
	ControlOnline   = "kuota_daring"
	ControlJKN      = "kuota_jkn"
	ControlGeneral  = "kuota_umum"
	ControlDoctors  = "dokter"
	ControlFrom     = "dari"
	ControlTo       = "sampai"
	ControlBPJSCode = "kode_bpjs"
	ControlPerson   = "pegawai"
)

// manage runs a change of a puskesmas by whoever may manage it, on the audit trail.
func (m *Module) manage(ctx context.Context, a authz.Actor, unitID int64, act string, detail map[string]any, change func(pgx.Tx, time.Time) error) error {
	if err := m.may(ctx, m.db, a, unitID, PermManage); err != nil {
		return err
	}
	now := m.now()
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := change(tx, now); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "epuskesmas." + act, Object: "epuskesmas_site", ObjectID: unitID, UnitID: unitID, Detail: detail})
	})
}

// SaveSite sets how far ahead people may book and whether they may at all. It opens only
// with a clinic that has a weekly session.
func (m *Module) SaveSite(ctx context.Context, a authz.Actor, s Site) (err error) {
	defer errs.In(&err, "epuskesmas.SaveSite(%d)", s.UnitID)
	if s.HorizonDays < 0 || s.HorizonDays > maxHorizon {
		return errs.Invalid(errs.Field{Name: ControlHorizon, Message: "Isi 0 sampai 90 hari."})
	}
	return m.manage(ctx, a, s.UnitID, "site.save", map[string]any{"buka": s.Open, "jangkauan": s.HorizonDays}, func(tx pgx.Tx, now time.Time) error {
		if s.Open {
			ready, err := pg.Scalar[bool](ctx, tx, sqlHasPlan, s.UnitID, dateOf(now))
			if err != nil {
				return err
			}
			if !ready {
				return errs.Invalid(errs.Field{Name: ControlOpen, Message: "Buat dulu satu poli dengan jadwal mingguan, baru pendaftaran bisa dibuka."})
			}
		}
		return pg.Changed(tx.Exec(ctx, sqlSaveSite, s.UnitID, s.HorizonDays, s.Open, s.Version, now))
	})
}

var letterForm = regexp.MustCompile(`^[A-Z]{1,2}$`)

// PoliKinds lists every kind once.
var PoliKinds = []PoliKind{KindClinic, KindDesk, KindLab, KindPharmacy}

func words(s string, n int) bool { return s != "" && utf8.RuneCountInString(s) <= n }

// SavePoli adds a place where people queue, or changes one; kind and letter of one stay.
func (m *Module) SavePoli(ctx context.Context, a authz.Actor, p Poli) (id int64, err error) {
	defer errs.In(&err, "epuskesmas.SavePoli(%d)", p.ID)
	var wrong []errs.Field
	bad := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if !words(p.Name, 60) {
		bad(ControlName, "Tulis namanya, paling banyak 60 huruf.")
	}
	if p.Spoken == "" {
		p.Spoken = p.Name
	}
	if !words(p.Spoken, 60) {
		bad(ControlSpoken, "Paling banyak 60 huruf.")
	}
	if p.ID == 0 && !letterForm.MatchString(p.Letter) {
		bad(ControlLetter, "Pakai satu atau dua huruf besar, misalnya A.")
	}
	if p.ID == 0 && p.Kind != KindClinic && p.Kind != KindDesk && p.Kind != KindLab && p.Kind != KindPharmacy {
		bad(ControlKind, "Pilih jenisnya.")
	}
	if p.PriorityRatio < 1 || p.PriorityRatio > 9 {
		bad(ControlRatio, "Isi 1 sampai 9.")
	}
	if p.Position < 0 || p.Position > 999 {
		bad(ControlPosition, "Isi 0 sampai 999.")
	}
	if utf8.RuneCountInString(p.BPJSCode) > 20 {
		bad(ControlBPJSCode, "Paling banyak 20 huruf.")
	}
	if len(wrong) > 0 {
		return 0, errs.Invalid(wrong...)
	}
	err = m.manage(ctx, a, p.UnitID, "poli.save", map[string]any{"poli": p.Name, "huruf": p.Letter, "aktif": p.Active}, func(tx pgx.Tx, _ time.Time) (err error) {
		if id = p.ID; id != 0 {
			return pg.Changed(tx.Exec(ctx, sqlUpdatePoli, p.ID, p.UnitID, p.Name, p.Spoken, p.BPJSCode, p.PriorityRatio, p.Position, p.Active))
		}
		id, err = pg.Scalar[int64](ctx, tx, sqlInsertPoli, p.UnitID, p.Kind, p.Letter, p.Name, p.Spoken, p.BPJSCode, p.PriorityRatio, p.Position, p.Active)
		return err
	})
	if pg.Violates(err, "epuskesmas_poli_letter_key") {
		return 0, errs.Invalid(errs.Field{Name: ControlLetter, Message: "Huruf ini sudah dipakai. Pilih huruf lain."})
	}
	return id, err
}

// SaveCounter adds a room or window of a poli, or changes one.
func (m *Module) SaveCounter(ctx context.Context, a authz.Actor, c Counter) (id int64, err error) {
	defer errs.In(&err, "epuskesmas.SaveCounter(%d)", c.ID)
	unitID, err := pg.Scalar[int64](ctx, m.db, sqlPoliUnit, c.PoliID)
	if err != nil {
		return 0, err
	}
	if !words(c.Name, 60) {
		return 0, errs.Invalid(errs.Field{Name: ControlName, Message: "Tulis nama ruang atau loket, misalnya Ruang 2."})
	}
	err = m.manage(ctx, a, unitID, "counter.save", map[string]any{"ruang": c.Name, "aktif": c.Active}, func(tx pgx.Tx, _ time.Time) (err error) {
		if id = c.ID; id != 0 {
			return pg.Changed(tx.Exec(ctx, sqlUpdateCounter, c.ID, c.PoliID, c.Name, c.Active))
		}
		id, err = pg.Scalar[int64](ctx, tx, sqlInsertCounter, c.PoliID, c.Name, c.Active)
		return err
	})
	if pg.Violates(err, "epuskesmas_counter_name_key") {
		return 0, errs.Invalid(errs.Field{Name: ControlName, Message: "Nama ini sudah ada di poli ini."})
	}
	return id, err
}

// SaveDoctor adds a doctor, or changes one.
func (m *Module) SaveDoctor(ctx context.Context, a authz.Actor, d Doctor) (id int64, err error) {
	defer errs.In(&err, "epuskesmas.SaveDoctor(%d)", d.ID)
	if d.Name = indo.CleanName(d.Name); !words(d.Name, 100) {
		return 0, errs.Invalid(errs.Field{Name: ControlName, Message: "Tulis nama dokter, paling banyak 100 huruf."})
	}
	if d.PersonID != 0 {
		staff, err := pg.Many[Staff](ctx, m.db, sqlStaffOf, d.UnitID, m.now())
		if err != nil {
			return 0, err
		}
		if !slices.ContainsFunc(staff, func(s Staff) bool { return s.ID == d.PersonID }) {
			return 0, errs.Invalid(errs.Field{Name: ControlPerson, Message: "Pilih pegawai puskesmas ini dari daftar."})
		}
	}
	err = m.manage(ctx, a, d.UnitID, "doctor.save", map[string]any{"dokter": d.Name, "aktif": d.Active}, func(tx pgx.Tx, _ time.Time) (err error) {
		if id = d.ID; id != 0 {
			return pg.Changed(tx.Exec(ctx, sqlUpdateDoctor, d.ID, d.UnitID, d.Name, d.BPJSCode, d.PersonID, d.Active))
		}
		id, err = pg.Scalar[int64](ctx, tx, sqlInsertDoctor, d.UnitID, d.Name, d.BPJSCode, d.PersonID, d.Active)
		return err
	})
	if pg.Violates(err, "epuskesmas_doctor_bpjs_key") {
		return 0, errs.Invalid(errs.Field{Name: ControlBPJSCode, Message: "Kode BPJS ini sudah dipakai dokter lain."})
	}
	if pg.Violates(err, "epuskesmas_doctor_person_key") {
		return 0, errs.Invalid(errs.Field{Name: ControlPerson, Message: "Pegawai ini sudah dipilih untuk dokter lain."})
	}
	return id, err
}

// Staff is somebody who works in a puskesmas.
type Staff struct {
	ID    int64
	Label string
}

// Setting is everything that a puskesmas is set up with.
type Setting struct {
	Site     Site
	Polis    []Poli
	Counters []Counter
	Doctors  []Doctor
	Staff    []Staff
	Plans    []Plan // those that are not over
	Closures []Closure
}

// Setting reads how a puskesmas is set up, for who manages it.
func (m *Module) Setting(ctx context.Context, a authz.Actor, slug string) (s Setting, err error) {
	defer errs.In(&err, "epuskesmas.Setting")
	if s.Site, s.Polis, err = m.StaffSite(ctx, a, slug, PermManage); err != nil {
		return s, err
	}
	if s.Counters, err = pg.Many[Counter](ctx, m.db, sqlCounters, s.Site.UnitID); err != nil {
		return s, err
	}
	if s.Doctors, err = pg.Many[Doctor](ctx, m.db, sqlDoctors, s.Site.UnitID); err != nil {
		return s, err
	}
	if s.Staff, err = pg.Many[Staff](ctx, m.db, sqlStaffOf, s.Site.UnitID, m.now()); err != nil {
		return s, err
	}
	if s.Plans, err = pg.Many[Plan](ctx, m.db, sqlPlans, s.Site.UnitID, m.today()); err != nil {
		return s, err
	}
	s.Closures, err = pg.Many[Closure](ctx, m.db, sqlClosures, s.Site.UnitID, m.today())
	return s, err
}
