package kuciniki

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of the forms.
const (
	ControlYear     = "tahun"
	ControlMonth    = "bulan"
	ControlPost     = "jabatan"
	ControlModel    = "model"
	ControlWeighted = "bobot_dipakai"
	ControlCoRater  = "penilai_kedua"
	ControlKind     = "jenis"
	ControlText     = "rhk"
	ControlParent   = "rhk_atasan"
	ControlBasis    = "dasar"
	ControlWeight   = "bobot"
	ControlReason   = "alasan"
)

// SlotControls are the controls of an indicator: text, target, unit, less is better, metric, an
// amount of the whole time.
func SlotControls(slot string) [6]string {
	return [6]string{"indikator_" + slot, "target_" + slot, "satuan_" + slot, "turun_" + slot, "bukti_" + slot, "bulanan_" + slot}
}

// The most that one SKP holds.
const (
	maxRHK     = 20
	maxMetrics = 5 // whoever watches everything watches nothing
)

const (
	sqlBegin = `
INSERT INTO kuciniki_skp (year, person_id, occupancy_id, position_id, status, status_at, seq, created_at)
SELECT $1, o.person_id, o.id, o.position_id, 'konsep', $4, 1, $4 FROM org_occupancy o WHERE o.id = $2 AND o.person_id = $3
ON CONFLICT (year, occupancy_id) DO NOTHING RETURNING id`
	sqlBegun = `SELECT id FROM kuciniki_skp WHERE year = $1 AND occupancy_id = $2 AND person_id = $3`
)

// Begin starts the SKP of one of the actor's posts in an open year and returns it. Twice is
// once.
func (m *Module) Begin(ctx context.Context, a authz.Actor, year int, occupancy int64) (id int64, err error) {
	defer errs.In(&err, "kuciniki.Begin(%d, %d)", year, occupancy)
	posts, err := m.Posts(ctx, a, year)
	if err != nil {
		return 0, err
	}
	if !slices.ContainsFunc(posts, func(p Post) bool { return p.OccupancyID == occupancy }) {
		return 0, errs.New(errs.NotFound, "Jabatan ini bukan jabatan Anda pada tahun itu.")
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := holdOpen(ctx, tx, year, 0); err != nil {
			return err
		}
		id, err = pg.Scalar[int64](ctx, tx, sqlBegin, year, occupancy, a.PersonID, m.now())
		if errs.KindOf(err) == errs.NotFound && err != nil {
			id, err = pg.Scalar[int64](ctx, tx, sqlBegun, year, occupancy, a.PersonID)
			return err
		}
		if err != nil {
			return err
		}
		s, _, err := find(ctx, tx, a, id)
		if err != nil {
			return err
		}
		return m.record(ctx, tx, a, s, happening{Object: objectSKP, ObjectID: id, Seq: 1, Action: ActBegin, To: Drafting, Role: AsOwner})
	})
	return id, err
}

// write runs what the owner writes into an SKP that is open to it, one after the other.
func (m *Module) write(ctx context.Context, a authz.Actor, id int64, action string, do func(tx pgx.Tx, s SKP) error) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if _, err := pg.Scalar[int](ctx, tx, sqlSKPLock, id); err != nil {
			return err
		}
		s, roles, err := find(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if err := holdOpen(ctx, tx, s.Year, 0); err != nil {
			return err
		}
		if !roles.Has(AsOwner) {
			return errs.New(errs.Forbidden, "Hanya pemilik SKP yang menulis di dalamnya.")
		}
		if !s.Editable() {
			return errs.New(errs.Conflict, "SKP ini sekarang "+s.Status.Label()+". Perubahan dimulai dengan dialog kinerja.")
		}
		if err := do(tx, s); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: action, Object: "kuciniki_skp", ObjectID: id, UnitID: s.UnitID})
	})
}

// Setup is how an SKP is made up.
type Setup struct {
	Model    string
	Weighted bool
	CoRater  int64 // position of who leads a team of another unit; 0: nobody
}

const (
	sqlSetup   = `UPDATE kuciniki_skp SET model = $2, weighted = $3, co_rater_id = NULLIF($4::bigint, 0) WHERE id = $1`
	sqlOffSlot = `SELECT EXISTS (SELECT FROM kuciniki_indicator i JOIN kuciniki_rhk r ON r.id = i.rhk_id WHERE r.skp_id = $1 AND NOT i.slot = ANY ($2::text[]))`
	sqlMayLead = `SELECT EXISTS (SELECT FROM org_position p WHERE p.id = $1 AND p.valid_to IS NULL AND p.kind IN ('kepala', 'sekretaris', 'struktural', 'fungsional')
	AND p.unit_id <> $2 AND p.id <> $3)`
)

// SetUp changes how the SKP is made up.
func (m *Module) SetUp(ctx context.Context, a authz.Actor, id int64, in Setup) (err error) {
	defer errs.In(&err, "kuciniki.SetUp(%d)", id)
	if !slices.Contains(Models, in.Model) {
		return errs.Invalid(errs.Field{Name: ControlModel, Message: "Pilih kuantitatif atau kualitatif."})
	}
	return m.write(ctx, a, id, "kuciniki.skp.setup", func(tx pgx.Tx, s SKP) error {
		off, err := pg.Scalar[bool](ctx, tx, sqlOffSlot, id, Slots[in.Model])
		if err != nil {
			return err
		}
		if off {
			return errs.Invalid(errs.Field{Name: ControlModel, Message: "Sudah ada indikator menurut model yang lama. Hapus dahulu RHK-nya, lalu ganti modelnya."})
		}
		if in.CoRater != 0 {
			ok, err := pg.Scalar[bool](ctx, tx, sqlMayLead, in.CoRater, s.UnitID, deref(s.RaterID))
			if err != nil {
				return err
			}
			if !ok {
				return errs.Invalid(errs.Field{Name: ControlCoRater, Message: "Pilih jabatan ketua tim di unit lain, bukan atasan Anda sendiri."})
			}
		}
		return pg.Exec(ctx, tx, sqlSetup, id, in.Model, in.Weighted, in.CoRater)
	})
}

func deref(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

const sqlAbove = `
SELECT s.id, s.status, s.version, n.name AS person FROM kuciniki_skp s JOIN org_occupancy o ON o.id = s.occupancy_id JOIN org_person n ON n.id = s.person_id
WHERE s.position_id = $1 AND s.year = $2 ORDER BY s.version > 0 DESC, o.starts_at DESC LIMIT 1`

// above lists the RHKs of the superior's SKP, or says why there are none to link to.
func above(ctx context.Context, q pg.Querier, s SKP) (_ []RHK, why string, err error) {
	switch {
	case s.RaterID == nil:
		return nil, "Jabatan Anda belum punya atasan di dalam struktur. Minta BKPSDM melengkapinya.", nil
	case s.Elected:
		return nil, "", nil
	}
	up, err := pg.Many[struct {
		ID      int64
		Status  Status
		Version int
		Person  string
	}](ctx, q, sqlAbove, *s.RaterID, s.Year)
	if err != nil {
		return nil, "", err
	}
	if len(up) == 0 || up[0].Version == 0 {
		return nil, "SKP atasan Anda (" + s.RaterTitle + ") belum disepakati. SKP atasan selalu lebih dahulu.", nil
	}
	all, err := readRHKs(ctx, q, up[0].ID)
	return all, "", err
}

// check says what is wrong with an RHK by itself, each at its control.
func (r RHK) check(s SKP) (wrong []errs.Field) {
	say := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if n := utf8.RuneCountInString(r.Text); n < 5 || n > 500 {
		say(ControlText, "Tulis rencana hasil kerjanya dalam 5 sampai 500 huruf.")
	}
	if r.Kind != Main && r.Kind != Extra {
		say(ControlKind, "Pilih utama atau tambahan.")
	}
	if utf8.RuneCountInString(r.Basis) > 300 {
		say(ControlBasis, "Paling panjang 300 huruf.")
	}
	if r.ParentID == nil && r.Basis == "" {
		if r.Kind == Main && !s.Elected {
			say(ControlParent, "Pilih RHK atasan yang didukung hasil ini.")
		} else {
			say(ControlBasis, "Tulis dasarnya, misalnya nama dokumen rencana kota atau nomor surat tugas.")
		}
	} else if r.ParentID == nil && r.Kind == Main && !s.Elected {
		say(ControlParent, "RHK utama selalu mendukung RHK atasan. Pilih salah satu.")
	}
	if r.Weight != nil && (*r.Weight < 1 || *r.Weight > 100) {
		say(ControlWeight, "Isi 1 sampai 100.")
	}
	if s.Weighted && r.Kind == Main && r.Weight == nil {
		say(ControlWeight, "SKP ini memakai bobot. Isi 1 sampai 100.")
	}
	for _, in := range r.Indicators {
		c := SlotControls(in.Slot)
		if !slices.Contains(Slots[s.Model], in.Slot) {
			say(c[0], "Aspek ini tidak ada di SKP "+s.Model+".")
			continue
		}
		if n := utf8.RuneCountInString(in.Text); n < 3 || n > 300 {
			say(c[0], "Tulis indikatornya dalam 3 sampai 300 huruf.")
		}
		if n := utf8.RuneCountInString(in.Unit); n < 1 || n > 200 {
			if s.Model == Quantitative {
				say(c[2], "Tulis satuan targetnya, misalnya dokumen, persen, atau hari.")
			} else {
				say(c[2], "Tulis targetnya.")
			}
		}
		switch {
		case in.Target == nil && s.Model == Quantitative:
			say(c[1], "Isi target dengan angka.")
		case in.Target != nil && (*in.Target < 0 || *in.Target > 1e11):
			say(c[1], "Isi target dengan angka 0 atau lebih.")
		}
		if in.Metric != "" && !slices.Contains(Metrics, in.Metric) {
			say(c[4], "Pilih ukuran bukti dari daftar.")
		}
	}
	if len(r.Indicators) == 0 {
		say(SlotControls(Slots[s.Model][0])[0], "Isi paling sedikit satu indikator dengan targetnya.")
	}
	return wrong
}

// Check says what keeps an SKP from being proposed; the controls are ids on its page.
func Check(s SKP, all []RHK) (wrong []errs.Field) {
	say := func(message string) { wrong = append(wrong, errs.Field{Name: "isi", Message: message}) }
	sum, main, metrics := 0, 0, map[string]bool{}
	for i, r := range all {
		for _, w := range r.check(s) {
			say("RHK " + strconv.Itoa(i+1) + ": " + w.Message)
		}
		if r.Kind == Main {
			main++
			if r.Weight != nil {
				sum += *r.Weight
			}
		}
		for _, in := range r.Indicators {
			if in.Metric != "" {
				metrics[in.Metric] = true
			}
		}
	}
	if main == 0 {
		say("Isi paling sedikit satu RHK utama.")
	}
	if s.Weighted && main > 0 && sum != 100 {
		say("Bobot RHK utama berjumlah " + strconv.Itoa(sum) + ". Jumlahnya harus tepat 100.")
	}
	if len(metrics) > maxMetrics {
		say("Paling banyak " + strconv.Itoa(maxMetrics) + " ukuran bukti dalam satu SKP; sekarang ada " + strconv.Itoa(len(metrics)) + ".")
	}
	return wrong
}

const (
	sqlAddRHK = `INSERT INTO kuciniki_rhk (skp_id, ord, kind, text, parent_id, basis, weight)
SELECT $1, COALESCE(max(ord), 0) + 1, $2, $3, $4, $5, $6 FROM kuciniki_rhk WHERE skp_id = $1 RETURNING id`
	sqlChangeRHK = `UPDATE kuciniki_rhk SET kind = $3, text = $4, parent_id = $5, basis = $6, weight = $7 WHERE id = $2 AND skp_id = $1`
	sqlCountRHK  = `SELECT count(*) FROM kuciniki_rhk WHERE skp_id = $1`
	sqlDropRHK   = `DELETE FROM kuciniki_rhk WHERE id = $2 AND skp_id = $1`
	sqlCarries   = `SELECT count(*) FROM kuciniki_rhk WHERE parent_id = (SELECT id FROM kuciniki_rhk WHERE id = $2 AND skp_id = $1)`

	sqlDropSlots = `DELETE FROM kuciniki_indicator WHERE rhk_id = $1 AND NOT slot = ANY ($2::text[])`
	sqlSaveSlot  = `INSERT INTO kuciniki_indicator (rhk_id, slot, text, target, unit, lower, metric, spread) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (rhk_id, slot) DO UPDATE SET text = excluded.text, target = excluded.target, unit = excluded.unit, lower = excluded.lower, metric = excluded.metric, spread = excluded.spread`
)

// SaveRHK adds an RHK to the actor's SKP, or with an id changes it, with all of its
// indicators.
func (m *Module) SaveRHK(ctx context.Context, a authz.Actor, skp int64, r RHK) (err error) {
	defer errs.In(&err, "kuciniki.SaveRHK(%d, %d)", skp, r.ID)
	return m.write(ctx, a, skp, "kuciniki.skp.rhk", func(tx pgx.Tx, s SKP) error { return saveRHK(ctx, tx, s, r) })
}

func saveRHK(ctx context.Context, tx pgx.Tx, s SKP, r RHK) error {
	r.Text, r.Basis = strings.TrimSpace(r.Text), strings.TrimSpace(r.Basis)
	if wrong := r.check(s); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	if r.ParentID != nil {
		up, why, err := above(ctx, tx, s)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(up, func(u RHK) bool { return u.ID == *r.ParentID }) {
			if why == "" {
				why = "Pilih RHK dari SKP atasan Anda."
			}
			return errs.Invalid(errs.Field{Name: ControlParent, Message: why})
		}
	}
	if r.Kind == Extra || !s.Weighted {
		r.Weight = nil
	}
	if r.ID == 0 {
		n, err := pg.Scalar[int](ctx, tx, sqlCountRHK, s.ID)
		if err != nil {
			return err
		}
		if n >= maxRHK {
			return errs.Invalid(errs.Field{Name: ControlText, Message: "Paling banyak " + strconv.Itoa(maxRHK) + " RHK dalam satu SKP."})
		}
		if r.ID, err = pg.Scalar[int64](ctx, tx, sqlAddRHK, s.ID, r.Kind, r.Text, r.ParentID, r.Basis, r.Weight); err != nil {
			return err
		}
	} else if err := pg.Changed(tx.Exec(ctx, sqlChangeRHK, s.ID, r.ID, r.Kind, r.Text, r.ParentID, r.Basis, r.Weight)); err != nil {
		return gone(err)
	}
	slots := []string{}
	for _, in := range r.Indicators {
		slots = append(slots, in.Slot)
		if err := pg.Exec(ctx, tx, sqlSaveSlot, r.ID, in.Slot, in.Text, in.Target, in.Unit, in.Lower, in.Metric, in.Spread && in.Target != nil && !isPercent(in.Unit)); err != nil {
			return err
		}
	}
	return pg.Exec(ctx, tx, sqlDropSlots, r.ID, slots)
}

// gone says that what was to be changed is not there any more.
func gone(err error) error {
	if errs.KindOf(err) == errs.Conflict {
		return errs.New(errs.NotFound, "RHK ini sudah dihapus.")
	}
	return err
}

// DropRHK takes an RHK out of the actor's SKP, unless one of somebody below serves it.
func (m *Module) DropRHK(ctx context.Context, a authz.Actor, skp, rhk int64) (err error) {
	defer errs.In(&err, "kuciniki.DropRHK(%d, %d)", skp, rhk)
	return m.write(ctx, a, skp, "kuciniki.skp.drop", func(tx pgx.Tx, s SKP) error {
		n, err := pg.Scalar[int](ctx, tx, sqlCarries, skp, rhk)
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, "RHK ini mendasari "+strconv.Itoa(n)+" RHK bawahan, jadi tidak dapat dihapus. Ubah kalimatnya, atau minta bawahan memindahkan RHK-nya dahulu.")
		}
		err = pg.Changed(tx.Exec(ctx, sqlDropRHK, skp, rhk))
		if pg.Violates(err, "kuciniki_rhk_parent_id_fkey") {
			return errs.New(errs.Conflict, "RHK ini baru saja dipakai SKP bawahan, jadi tidak dapat dihapus.")
		}
		return gone(err)
	})
}
