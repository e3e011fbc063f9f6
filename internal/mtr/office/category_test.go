package office_test

import (
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func TestResolvePicksTheRouteWithMostConditions(t *testing.T) {
	t.Parallel()
	const road, other = 1, 2
	anywhere := mtr.Route{ID: 10, CategoryID: road, Target: mtr.TargetUnit}
	wide := mtr.Route{ID: 11, CategoryID: road, Question: "lebar", Answer: "besar"}
	here := mtr.Route{ID: 12, CategoryID: road, KelurahanID: 7}
	both := mtr.Route{ID: 13, CategoryID: road, KelurahanID: 7, Question: "lebar", Answer: "besar"}
	foreign := mtr.Route{ID: 14, CategoryID: other}
	all := []mtr.Route{both, anywhere, foreign, wide, here}
	for _, c := range []struct {
		routes    []mtr.Route
		kelurahan int64
		extra     map[string]string
		want      int64
	}{
		{all, 7, map[string]string{"lebar": "besar"}, 13},
		{all, 7, map[string]string{"lebar": "kecil"}, 12},
		{all, 8, map[string]string{"lebar": "besar"}, 11},
		{all, 8, nil, 10},
		{all, 0, nil, 10},
		{[]mtr.Route{wide, here}, 7, map[string]string{"lebar": "besar"}, 12}, // a kelurahan weighs more than an answer
		{[]mtr.Route{wide, here}, 8, nil, 0},
		{[]mtr.Route{foreign}, 7, nil, 0},
		{nil, 7, nil, 0},
	} {
		got, ok := mtr.Resolve(c.routes, road, c.kelurahan, c.extra)
		if got.ID != c.want || ok != (c.want != 0) {
			t.Errorf("in %d with %v: route %d, want %d", c.kelurahan, c.extra, got.ID, c.want)
		}
	}
}

func (o *office) category(code string) (id int64) {
	o.t.Helper()
	return ask[int64](o, `SELECT id FROM mtr_category WHERE code = $1`, code)
}

func (o *office) suggestion(category string, kelurahan int64, extra map[string]string) mtr.Suggestion {
	o.t.Helper()
	kecamatan := int64(0)
	if kelurahan != 0 {
		kecamatan = ask[int64](o, `SELECT parent_id FROM org_unit WHERE id = $1`, kelurahan)
	}
	s, err := mtr.Suggest(o.ctx, o.db.Pool, o.clock.Now(), o.category(category), kelurahan, kecamatan, extra)
	o.must(err)
	return s
}

// The routes that the portal ships with, by kelurahan, category and answers.
func TestShippedRoutes(t *testing.T) {
	o := newOffice(t)
	kecamatan := ask[string](o, `SELECT p.name FROM org_unit u JOIN org_unit p ON p.id = u.parent_id WHERE u.id = $1`, o.kelurahan)
	for _, c := range []struct {
		category, question, answer, unit, agency string
	}{
		{"LAMPU", "", "", "Dinas Perhubungan", ""},
		{"SAMPAH", "", "", "Dinas Lingkungan Hidup", ""},
		{"KONTAINER", "", "", kecamatan, ""},
		{"JALAN", "kelas_jalan", "kota", "Dinas Pekerjaan Umum", ""},
		{"JALAN", "kelas_jalan", "tidak_tahu", "Dinas Pekerjaan Umum", ""},
		{"JALAN", "kelas_jalan", "lorong", kecamatan, ""},
		{"JALAN", "kelas_jalan", "nasional", "", "Balai Besar Pelaksanaan Jalan Nasional Sulawesi Selatan"},
		{"DRAINASE", "lebar", "kecil", kecamatan, ""},
		{"DRAINASE", "lebar", "besar", "Dinas Pekerjaan Umum", ""},
	} {
		got := o.suggestion(c.category, o.kelurahan, map[string]string{c.question: c.answer})
		if got.UnitName != c.unit || got.Agency != c.agency || (got.UnitID == 0) != (c.unit == "") {
			t.Errorf("%s %s=%s: %+v", c.category, c.question, c.answer, got)
		}
	}
	if got := o.suggestion("KONTAINER", 0, nil); got != (mtr.Suggestion{}) {
		t.Errorf("the kecamatan of no place: %+v", got)
	}
	if n := ask[int](o, `SELECT count(*) FROM mtr_category c WHERE NOT EXISTS (SELECT FROM mtr_route t WHERE t.category_id = c.id AND t.question = '' AND t.kelurahan_id IS NULL)`); n != 0 {
		t.Errorf("%d categories lead nowhere", n)
	}
}

// A unit that is no more sends its reports to its successor, or suggests nothing.
func TestRoutesFollowSuccessors(t *testing.T) {
	o := newOffice(t)
	o.run(`UPDATE org_unit SET valid_to = $2, successor_id = $3 WHERE id = $1`, o.dishub, tuesday.AddDate(0, 0, -1), o.dlh)
	if got := o.suggestion("LAMPU", o.kelurahan, nil); got.UnitID != o.dlh {
		t.Errorf("suggested %+v", got)
	}
	o.run(`UPDATE org_unit SET successor_id = NULL WHERE id = $1`, o.dishub)
	if got := o.suggestion("LAMPU", o.kelurahan, nil); got != (mtr.Suggestion{}) {
		t.Errorf("suggested a closed unit: %+v", got)
	}
}

func TestRoutesAreEdited(t *testing.T) {
	o := newOffice(t)
	admin := o.hire("Adi", o.city, o.city, mtr.PermConfigure).Actor
	road := o.category("JALAN")
	save := func(r mtr.Route) (int64, error) { r.CategoryID = road; return o.m.SaveRoute(o.ctx, admin, r) }
	inOneUnit := o.hire("Andi Unit", o.dishub, o.dishub, mtr.PermConfigure).Actor
	for _, a := range []authz.Actor{o.dispatcher.Actor, inOneUnit} {
		_, err := o.m.SaveRoute(o.ctx, a, mtr.Route{CategoryID: road, Target: mtr.TargetKecamatan})
		o.refused(err, errs.Forbidden)
	}
	for _, c := range []struct {
		route   mtr.Route
		control string
	}{
		{mtr.Route{Target: "surga"}, mtr.ControlTarget},
		{mtr.Route{Target: mtr.TargetUnit}, mtr.ControlUnit},
		{mtr.Route{Target: mtr.TargetUnit, UnitID: 1 << 40}, mtr.ControlUnit},
		{mtr.Route{Target: mtr.TargetAgency, Agency: " x "}, mtr.ControlAgency},
		{mtr.Route{Target: mtr.TargetKecamatan, Question: "kelas_jalan"}, mtr.ControlAnswer},
		{mtr.Route{Target: mtr.TargetKecamatan, Question: "kelas_jalan", Answer: "tol"}, mtr.ControlAnswer},
		{mtr.Route{Target: mtr.TargetKecamatan, KelurahanID: o.dishub}, mtr.ControlKelurahan},
		{mtr.Route{Target: mtr.TargetKecamatan}, mtr.ControlCategory}, // there is one without conditions
	} {
		_, err := save(c.route)
		o.refused(err, errs.Unprocessable, c.control)
	}
	_, err := o.m.SaveRoute(o.ctx, admin, mtr.Route{CategoryID: 1 << 40, Target: mtr.TargetKecamatan})
	o.refused(err, errs.Unprocessable, mtr.ControlCategory)

	id, err := save(mtr.Route{KelurahanID: o.kelurahan, Question: "kelas_jalan", Answer: "kota", Target: mtr.TargetUnit, UnitID: o.dlh})
	o.must(err)
	if got := o.suggestion("JALAN", o.kelurahan, map[string]string{"kelas_jalan": "kota"}); got.UnitID != o.dlh {
		t.Errorf("the new route is not taken: %+v", got)
	}
	same, err := save(mtr.Route{ID: id, KelurahanID: o.kelurahan, Target: mtr.TargetAgency, Agency: "PLN"})
	o.must(err)
	if got := o.suggestion("JALAN", o.kelurahan, map[string]string{"kelas_jalan": "lorong"}); same != id || got.Agency != "PLN" {
		t.Errorf("the changed route is not taken: %+v", got)
	}
	o.must(o.m.DeleteRoute(o.ctx, admin, id))
	o.refused(o.m.DeleteRoute(o.ctx, admin, id), errs.NotFound)
	_, err = save(mtr.Route{ID: id, KelurahanID: o.kelurahan, Target: mtr.TargetKecamatan})
	o.refused(err, errs.NotFound)
	if n := ask[int](o, `SELECT count(*) FROM audit_entry WHERE action LIKE 'mtr.route.%' AND account_id = $1`, admin.AccountID); n != 3 {
		t.Errorf("%d audit entries", n)
	}
}

func TestCategoriesAreEdited(t *testing.T) {
	o := newOffice(t)
	admin := o.hire("Adi", o.city, o.city, mtr.PermConfigure).Actor
	good := mtr.CategoryForm{
		Code: "kolam", GroupName: "Ruang kota", Name: "Kolam kotor", Synonyms: []string{"Empang", " empang ", "kolam  ikan"},
		Class: mtr.Complaint, Place: mtr.PlaceRequired, Proof: mtr.ProofPhoto, Active: true,
		Questions: []mtr.CategoryQuestion{
			{Code: "luas", Text: "Seberapa luas?", Kind: mtr.QuestionNumber},
			{Code: "warna", Text: "Warnanya?", Kind: mtr.QuestionChoice, Options: []mtr.Option{{Value: "hijau", Label: "Hijau"}, {Value: "hitam", Label: "Hitam"}}},
		},
	}
	_, err := o.m.SaveCategory(o.ctx, o.dispatcher.Actor, good)
	o.refused(err, errs.Forbidden)
	_, err = o.m.SaveCategory(o.ctx, authz.Actor{}, good)
	o.refused(err, errs.Forbidden)

	_, err = o.m.SaveCategory(o.ctx, admin, mtr.CategoryForm{Code: "a b", Emergency: strings.Repeat("x", 301)})
	o.refused(err, errs.Unprocessable, mtr.ControlCategoryKey, mtr.ControlName, mtr.ControlGroup, mtr.ControlClass, mtr.ControlPlaceNeed, mtr.ControlProof, mtr.ControlEmergency)
	for what, spoil := range map[string]func(q *mtr.CategoryQuestion){
		"no text":    func(q *mtr.CategoryQuestion) { q.Text = "" },
		"no options": func(q *mtr.CategoryQuestion) { q.Options = nil },
		"same value": func(q *mtr.CategoryQuestion) {
			q.Options = []mtr.Option{{Value: "a", Label: "A"}, {Value: "a", Label: "B"}}
		},
		"no label":             func(q *mtr.CategoryQuestion) { q.Options = []mtr.Option{{Value: "a"}} },
		"unknown kind":         func(q *mtr.CategoryQuestion) { q.Kind = "gambar" },
		"endless hint":         func(q *mtr.CategoryQuestion) { q.Hint = strings.Repeat("x", 201) },
		"options of no choice": func(q *mtr.CategoryQuestion) { q.Kind = mtr.QuestionText },
	} {
		bad := good
		q := good.Questions[1]
		spoil(&q)
		bad.Questions = []mtr.CategoryQuestion{q}
		_, err := o.m.SaveCategory(o.ctx, admin, bad)
		if errs.KindOf(err) != errs.Unprocessable || errs.FieldsOf(err)[0].Name != mtr.ControlQuestion+"warna" {
			t.Errorf("%s: %v", what, err)
		}
	}
	id, err := o.m.SaveCategory(o.ctx, admin, good)
	o.must(err)
	c, err := o.m.Category(o.ctx, id)
	o.must(err)
	if c.Code != "KOLAM" || strings.Join(c.Synonyms, ",") != "empang,kolam ikan" || len(c.Questions) != 2 || c.Questions[1].Options[1].Label != "Hitam" {
		t.Errorf("saved as %+v", c)
	}
	_, err = o.m.SaveCategory(o.ctx, admin, good)
	o.refused(err, errs.Unprocessable, mtr.ControlCategoryKey)
	twin := good
	twin.Code, twin.Name = "KOLAM_2", "kolam KOTOR"
	_, err = o.m.SaveCategory(o.ctx, admin, twin)
	o.refused(err, errs.Unprocessable, mtr.ControlName)

	// An answer that a route waits for stays until the route is gone.
	_, err = o.m.SaveRoute(o.ctx, admin, mtr.Route{CategoryID: id, Question: "warna", Answer: "hitam", Target: mtr.TargetKecamatan})
	o.must(err)
	changed := good
	changed.ID, changed.Questions = id, good.Questions[:1]
	_, err = o.m.SaveCategory(o.ctx, admin, changed)
	o.refused(err, errs.Unprocessable, "")
	o.run(`DELETE FROM mtr_route WHERE category_id = $1`, id)
	changed.Active = false
	_, err = o.m.SaveCategory(o.ctx, admin, changed)
	o.must(err)
	found, err := o.m.SearchCategories(o.ctx, "empang")
	o.must(err)
	if len(found) != 0 {
		t.Errorf("a category out of use is offered: %+v", found)
	}
	changed.ID = 1 << 40
	_, err = o.m.SaveCategory(o.ctx, admin, changed)
	o.refused(err, errs.NotFound)
}
