package mtr

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

var (
	categoryCode = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,31}$`)
	questionCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)
)

// SaveCategory creates or changes a category and replaces its questions. Needs
// PermConfigure. Answers already given stay with their reports.
func (m *Module) SaveCategory(ctx context.Context, a authz.Actor, in CategoryForm) (id int64, err error) {
	defer errs.In(&err, "mtr.SaveCategory(%d)", in.ID)
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return 0, err
	}
	in.Code, in.Name, in.GroupName = strings.ToUpper(strings.TrimSpace(in.Code)), strings.TrimSpace(in.Name), strings.TrimSpace(in.GroupName)
	var synonyms = []string{}
	for _, s := range in.Synonyms {
		if s = strings.ToLower(strings.Join(strings.Fields(s), " ")); s != "" && !has(synonyms, s) {
			synonyms = append(synonyms, s)
		}
	}
	if err := invalid(checkCategory(in)); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id = in.ID
		if id == 0 {
			id, err = pg.Scalar[int64](ctx, tx, sqlInsertCategory, in.Code, in.GroupName, in.Name, synonyms, in.Class, in.Place,
				in.Proof, in.FieldCheck, in.Sensitive, in.Emergency, in.Active, m.now(), in.Priority)
		} else {
			err = pg.Changed(tx.Exec(ctx, sqlUpdateCategory, id, in.Code, in.GroupName, in.Name, synonyms, in.Class, in.Place,
				in.Proof, in.FieldCheck, in.Sensitive, in.Emergency, in.Active, m.now(), in.Priority))
			if errs.KindOf(err) == errs.Conflict {
				err = errs.New(errs.NotFound, "Kategori ini tidak ada.")
			}
		}
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlDropQuestions, id); err != nil {
			return err
		}
		for i, q := range in.Questions {
			options := q.Options
			if options == nil {
				options = []Option{}
			}
			if err := pg.Exec(ctx, tx, sqlInsertQuestion, id, q.Code, q.Text, q.Hint, q.Kind, q.Required, (i+1)*10, options); err != nil {
				return err
			}
		}
		lost, err := pg.Scalars[string](ctx, tx, sqlRoutesWithoutAnswer, id)
		if err != nil {
			return err
		}
		if len(lost) > 0 {
			return errs.Invalid(errs.Field{Message: "Jawaban ini masih dipakai rute: " + strings.Join(lost, ", ") + ". Ubah atau hapus rutenya lebih dahulu."})
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "mtr.category.save", Object: "mtr_category", ObjectID: id, Detail: map[string]any{"kode": in.Code}})
	})
	m.categories.forget()
	switch {
	case pg.Violates(err, "mtr_category_code_key"):
		return 0, errs.Invalid(errs.Field{Name: ControlCategoryKey, Message: "Kode ini sudah dipakai kategori lain."})
	case pg.Violates(err, "mtr_category_name_key"):
		return 0, errs.Invalid(errs.Field{Name: ControlName, Message: "Nama ini sudah dipakai kategori lain."})
	}
	return id, err
}

func checkCategory(in CategoryForm) (wrong []errs.Field) {
	fail := func(name, msg string) { wrong = append(wrong, errs.Field{Name: name, Message: msg}) }
	if !categoryCode.MatchString(in.Code) {
		fail(ControlCategoryKey, "Kode 2 sampai 32 huruf besar, angka, atau garis bawah.")
	}
	if n := utf8.RuneCountInString(in.Name); n == 0 || n > 120 {
		fail(ControlName, "Tulis nama kategori, paling banyak 120 huruf.")
	}
	if n := utf8.RuneCountInString(in.GroupName); n == 0 || n > 60 {
		fail(ControlGroup, "Tulis kelompok, paling banyak 60 huruf.")
	}
	if len(in.Synonyms) > 50 {
		fail(ControlSynonyms, "Paling banyak 50 sinonim.")
	}
	if !has(Classes, in.Class) {
		fail(ControlClass, "Pilih jenis laporan.")
	}
	if !has([]Need{PlaceRequired, PlaceAllowed, PlaceNone}, in.Place) {
		fail(ControlPlaceNeed, "Pilih apakah tempat perlu disebut.")
	}
	if !has([]Proof{ProofPhoto, ProofAnswer, ProofDocument}, in.Proof) {
		fail(ControlProof, "Pilih bukti penyelesaian.")
	}
	if !has(Priorities, in.Priority) {
		fail(ControlPriority, "Pilih prioritas.")
	}
	if utf8.RuneCountInString(in.Emergency) > 300 {
		fail(ControlEmergency, "Ringkas keterangan darurat menjadi paling banyak 300 huruf.")
	}
	seen := map[string]bool{}
	for _, q := range in.Questions {
		name := ControlQuestion + q.Code
		switch {
		case !questionCode.MatchString(q.Code) || seen[q.Code]:
			fail(name, "Kode pertanyaan harus berbeda-beda: huruf kecil, angka, atau garis bawah.")
		case q.Text == "" || utf8.RuneCountInString(q.Text) > 200:
			fail(name, "Tulis pertanyaannya, paling banyak 200 huruf.")
		case utf8.RuneCountInString(q.Hint) > 200:
			fail(name, "Ringkas petunjuk menjadi paling banyak 200 huruf.")
		case !has([]QuestionKind{QuestionChoice, QuestionText, QuestionNumber}, q.Kind):
			fail(name, "Pilih cara menjawabnya.")
		case (q.Kind == QuestionChoice) != (len(q.Options) > 0):
			fail(name, "Pertanyaan pilihan perlu jawaban; pertanyaan lain tidak.")
		case len(q.Options) > maxOptions:
			fail(name, "Paling banyak 50 pilihan.")
		case badOptions(q.Options):
			fail(name, "Setiap pilihan perlu nilai yang berbeda (huruf kecil, angka, atau garis bawah) dan tulisan paling banyak 150 huruf.")
		}
		seen[q.Code] = true
	}
	return wrong
}

// maxOptions of one question.
const maxOptions = 50

func badOptions(os []Option) bool {
	seen := map[string]bool{}
	for _, o := range os {
		if !questionCode.MatchString(o.Value) || o.Label == "" || utf8.RuneCountInString(o.Label) > 150 || seen[o.Value] {
			return true
		}
		seen[o.Value] = true
	}
	return false
}

var errRouteGone = errs.New(errs.NotFound, "Rute ini sudah dihapus. Muat ulang daftar rute.")

// SaveRoute creates (ID 0) or changes a route. Needs PermConfigure.
func (m *Module) SaveRoute(ctx context.Context, a authz.Actor, in Route) (id int64, err error) {
	defer errs.In(&err, "mtr.SaveRoute(%d)", in.ID)
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return 0, err
	}
	if err := m.checkRoute(ctx, &in); err != nil {
		return 0, err
	}
	err = pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		id = in.ID
		if id == 0 {
			id, err = pg.Scalar[int64](ctx, tx, sqlInsertRoute, in.CategoryID, in.KelurahanID, in.Question, in.Answer, in.Target, in.UnitID, in.Agency, m.now())
		} else {
			err = pg.Changed(tx.Exec(ctx, sqlUpdateRoute, id, in.CategoryID, in.KelurahanID, in.Question, in.Answer, in.Target, in.UnitID, in.Agency, m.now()))
		}
		if errs.KindOf(err) == errs.Conflict {
			return errRouteGone
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "mtr.route.save", Object: "mtr_route", ObjectID: id})
	})
	if pg.Violates(err, "mtr_route_key") {
		return 0, errs.Invalid(errs.Field{Name: ControlCategory, Message: "Rute dengan syarat yang sama sudah ada. Ubah rute itu."})
	}
	return id, err
}

func (m *Module) checkRoute(ctx context.Context, in *Route) error {
	c, err := m.Category(ctx, in.CategoryID)
	if errs.KindOf(err) == errs.NotFound {
		return errs.Invalid(errs.Field{Name: ControlCategory, Message: "Pilih kategori."})
	}
	if err != nil {
		return err
	}
	var wrong []errs.Field
	if (in.Question == "") != (in.Answer == "") {
		wrong = append(wrong, errs.Field{Name: ControlAnswer, Message: "Pilih pertanyaan beserta jawabannya."})
	} else if in.Question != "" {
		if q, ok := c.Question(in.Question); !ok || q.label(in.Answer) == "" {
			wrong = append(wrong, errs.Field{Name: ControlAnswer, Message: "Jawaban ini bukan milik kategori tersebut."})
		}
	}
	if in.KelurahanID != 0 {
		_, err := org.AreaByID(ctx, m.db, in.KelurahanID)
		if errs.KindOf(err) == errs.NotFound {
			wrong = append(wrong, errs.Field{Name: ControlKelurahan, Message: "Pilih kelurahan dari daftar."})
		} else if err != nil {
			return err
		}
	}
	in.Agency = strings.TrimSpace(in.Agency)
	switch in.Target {
	case TargetUnit:
		in.Agency = ""
		u, err := org.UnitByID(ctx, m.db, in.UnitID)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return err
		}
		if err != nil || !u.Valid(m.now()) {
			wrong = append(wrong, errs.Field{Name: ControlUnit, Message: "Pilih unit yang masih ada."})
		}
	case TargetKecamatan:
		in.UnitID, in.Agency = 0, ""
	case TargetAgency:
		in.UnitID = 0
		if n := utf8.RuneCountInString(in.Agency); n < 3 || n > 150 {
			wrong = append(wrong, errs.Field{Name: ControlAgency, Message: "Tulis nama instansi."})
		}
	default:
		wrong = append(wrong, errs.Field{Name: ControlTarget, Message: "Pilih tujuan rute."})
	}
	return invalid(wrong)
}

// DeleteRoute removes a route. Needs PermConfigure.
func (m *Module) DeleteRoute(ctx context.Context, a authz.Actor, id int64) (err error) {
	defer errs.In(&err, "mtr.DeleteRoute(%d)", id)
	if err := m.needsCity(ctx, a, PermConfigure); err != nil {
		return err
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		err := pg.Changed(tx.Exec(ctx, sqlDeleteRoute, id))
		if errs.KindOf(err) == errs.Conflict {
			return errRouteGone
		}
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, m.now(), audit.Entry{Action: "mtr.route.delete", Object: "mtr_route", ObjectID: id})
	})
}
