package office_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// words gives a report its own title, text, landmark and place.
func (o *office) words(id int64, title, body, landmark string, lat, lng float64) {
	o.t.Helper()
	o.run(`UPDATE mtr_report SET title = $2, body = $3, landmark = $4, lat = $5, lng = $6, place_source = 'pin' WHERE id = $1`,
		id, title, body, landmark, lat, lng)
}

// shot is a photo of a report whose files exist; it returns its ref.
func (o *office) shot(id int64, kind mtr.PhotoKind, seq any, hidden bool) string {
	o.t.Helper()
	n := filedCount.Add(1)
	ref := fmt.Sprintf("%s-%013d", strings.ToUpper(string(kind[:3])), n) + strings.Repeat("x", 5)
	var at *time.Time
	if hidden {
		at = &tuesday
	}
	o.run(`INSERT INTO mtr_photo (ref, report_id, kind, event_seq, width, height, dhash, stored, created_at, hidden_at)
		VALUES ($1, $2, $3, $4, 800, 600, 0, true, $5, $6)`, ref, id, kind, seq, tuesday, at)
	for _, size := range []mtr.PhotoSize{mtr.Large, mtr.Small} {
		o.must(o.blobs.Put(o.ctx, "mtr/foto/"+ref+"/"+string(size)+".jpg", strings.NewReader("gambar"), 6, "image/jpeg"))
	}
	return ref
}

// secrets is a city whose every kind of report carries words found nowhere else.
type secrets struct {
	open    []string // what everybody may read: the test is blind where it is missing
	closed  []string // what nobody may read
	numbers []string // of all reports
	gone    []string // of those among them that do not exist for the public
	refs    []string // of photos that nobody may open
	openRef string
}

func (o *office) plant() (s secrets) {
	o.t.Helper()
	kind := func(name string, f filed, forward bool, then func(id int64)) int64 {
		id, number := o.file(f)
		s.numbers = append(s.numbers, number)
		lat := -5.1400000 - float64(len(s.numbers))*0.0012345
		o.words(id, "Judul"+name+" lampu", "Uraian"+name+" panjang.", "Patokan"+name, lat, 119.4212345)
		ref := o.shot(id, mtr.PhotoBefore, 1, false)
		if forward {
			o.must(o.m.Forward(o.ctx, o.dispatcher.Actor, mtr.ForwardInput{Act: o.act(id), UnitID: o.dishub, Note: "Catatan" + name}))
		}
		if then != nil {
			then(id)
		}
		s.closed = append(s.closed, fmt.Sprintf("%.6f", lat)[1:])
		switch name {
		case "terbuka", "tertutup":
			s.open = append(s.open, "Judul"+name, "Uraian"+name, "Patokan"+name, "Catatan"+name, ref)
			s.closed = s.closed[:len(s.closed)-1]
			s.openRef = ref
		case "anonim", "belakangan":
			s.open = append(s.open, "Judul"+name, "Uraian"+name)
			s.closed, s.refs = append(s.closed, "Patokan"+name, ref), append(s.refs, ref)
		case "segar":
			s.closed = append(s.closed, "Judul"+name, "Uraian"+name, "Patokan"+name, ref)
			s.refs = append(s.refs, ref)
		default:
			s.closed = append(s.closed, "Judul"+name, "Uraian"+name, "Patokan"+name, "Catatan"+name, ref, number)
			s.gone, s.refs = append(s.gone, number), append(s.refs, ref)
		}
		return id
	}
	kind("terbuka", filed{email: "siti@contoh.id", verified: true}, true, func(id int64) {
		for _, ref := range []string{
			o.shot(id, mtr.PhotoInfo, 1, false), o.shot(id, mtr.PhotoBefore, 1, true),
			o.shot(id, mtr.PhotoAfter, 2, false), o.shot(id, mtr.PhotoAfter, nil, false),
		} {
			s.closed, s.refs = append(s.closed, ref), append(s.refs, ref)
		}
		o.must(o.m.Note(o.ctx, o.dispatcher.Actor, o.reason(id, "Bisikanpetugas")))
		o.must(o.m.Assign(o.ctx, o.head.Actor, mtr.AssignInput{Act: o.act(id), PositionID: o.worker.position, PersonID: o.worker.PersonID, Note: "Bisikantugas"}))
		o.run(`INSERT INTO mtr_message (report_id, event_seq, body) VALUES ($1, 1, 'Pesanpelapor')`, id)
	})
	kind("anonim", filed{anonymous: true}, true, nil)
	citizen := ask[int64](o, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		VALUES ('warga', 'Belakangan Anonim', 'belakangan@contoh.id', $1, $1) RETURNING id`, tuesday)
	kind("belakangan", filed{account: citizen}, true, func(id int64) {
		k := mtr.ReporterKey{Number: s.numbers[len(s.numbers)-1]}
		o.must(o.m.Anonymize(o.ctx, authz.Actor{AccountID: citizen, Kind: authz.Citizen}, k))
		if n := ask[int](o, `SELECT count(*) FROM audit_entry WHERE object = 'mtr_report' AND object_id = $1 AND account_id = $2`, id, citizen); n != 0 {
			o.t.Errorf("the trail names whoever is anonymous now %d times", n)
		}
	})
	kind("tertutup", filed{}, true, func(id int64) {
		o.run(`UPDATE mtr_report SET title = title || ' Namaorang', body = body || ' Pak namaorang, 0812 3456', landmark = landmark || ' namaorang' WHERE id = $1`, id)
		o.run(`INSERT INTO mtr_message (report_id, event_seq, body) VALUES ($1, 1, 'Saya Namaorang')`, id)
		o.must(o.m.Redact(o.ctx, o.moderator.Actor, mtr.RedactInput{Act: o.act(id), Passages: "Namaorang\n0812 3456", Reason: "Nama orang."}))
	})
	kind("segar", filed{}, false, nil)
	kind("rahasia", filed{confidential: true}, true, nil)
	kind("rahasiasegar", filed{confidential: true, anonymous: true}, false, nil)
	kind("sembunyi", filed{}, true, func(id int64) {
		o.must(o.m.Hide(o.ctx, o.moderator.Actor, o.reason(id, "Alasansembunyi")))
	})
	kind("tertahan", filed{held: true}, false, nil)
	kind("kedaluwarsa", filed{held: true}, false, func(id int64) {
		o.run(`ALTER TABLE mtr_report DISABLE TRIGGER USER`)
		o.run(`UPDATE mtr_report SET status = 'kedaluwarsa', published_at = submitted_at, due_kind = '', due_at = NULL, warn_at = NULL WHERE id = $1`, id)
		o.run(`ALTER TABLE mtr_report ENABLE TRIGGER USER`)
	})
	s.closed = append(s.closed, "Siti Pelapor", "siti@contoh.id", "Bisikanpetugas", "Bisikantugas", "Pesanpelapor", "Alasansembunyi", "Namaorang", "0812 3456", "Belakangan Anonim", "belakangan@contoh.id", "Wati", "Dewi", "Hasan")
	return s
}

// leaks fails for every secret in an output that the question did not hold itself.
func (s secrets) leaks(t *testing.T, question, output string) {
	t.Helper()
	for _, word := range s.closed {
		if !strings.Contains(strings.ToLower(question), strings.ToLower(word)) && strings.Contains(strings.ToLower(output), strings.ToLower(word)) {
			t.Errorf("%q shows %q", question, word)
		}
	}
}

// questions are the searches that somebody would try.
func (s secrets) questions() []string {
	q := []string{"lampu", "panjang", "judl lampu"}
	for _, word := range slices.Concat(s.closed, s.open, s.numbers) {
		q = append(q, word)
		if len(word) > 8 {
			q = append(q, word[:len(word)-1], word[1:])
		}
	}
	return q
}

// Nothing that is not public is in any answer of the public functions.
func TestPublicReadsLeakNothing(t *testing.T) {
	o := newOffice(t)
	s := o.plant()
	var all strings.Builder
	take := func(question string, v any, err error) {
		t.Helper()
		o.must(err)
		out := fmt.Sprintf("%+v", v)
		s.leaks(t, question, out)
		all.WriteString(out)
	}
	filters := []mtr.Filter{{}, {UnitID: o.dishub}, {KelurahanID: o.kelurahan}, {Class: mtr.Complaint}}
	for _, g := range append(slices.Clone(mtr.Groups), mtr.GroupNothing) {
		filters = append(filters, mtr.Filter{Group: g})
	}
	for _, q := range s.questions() {
		filters = append(filters, mtr.Filter{Text: q}, mtr.Filter{Text: q, UnitID: o.dishub})
	}
	pages := []mtr.Page{{}, {Limit: 1}, {Before: math.MaxInt64}, {After: 1}}
	for i, f := range filters {
		some := pages
		if f.Text != "" {
			some = pages[i%len(pages):][:1]
		}
		for _, p := range some {
			page, err := o.m.PublicList(o.ctx, f, p)
			take(f.Text, page, err)
			for _, it := range page.Items {
				if slices.Contains(s.gone, it.Number) {
					t.Errorf("%+v lists %s", f, it.Number)
				}
			}
		}
		if f.Text != "" { // the map knows no words
			continue
		}
		for _, zoom := range []int{0, 12, 19} {
			data, err := o.m.Map(o.ctx, f, mtr.BBox{South: -90, West: -180, North: 90, East: 180}, zoom)
			take("", data, err)
			if f == (mtr.Filter{}) && data.Total != 4 {
				t.Errorf("the map counts %d reports, 4 are published", data.Total)
			}
		}
	}
	for _, n := range s.numbers {
		v, err := o.m.PublicView(o.ctx, n)
		if slices.Contains(s.gone, n) {
			o.refused(err, errs.NotFound)
			continue
		}
		if v.Place != nil {
			take("", *v.Place, err)
		}
		take("", v, err)
	}
	figures, err := o.m.HomeFigures(o.ctx)
	take("", figures, err)
	if figures.Received != 5 {
		t.Errorf("figures count %d reports, 5 are public", figures.Received)
	}
	for _, word := range s.open {
		if !strings.Contains(all.String(), word) {
			t.Errorf("%q is public and nowhere", word)
		}
	}
	for _, ref := range s.refs {
		for _, size := range []mtr.PhotoSize{mtr.Large, mtr.Small} {
			if _, err := o.m.OpenPhoto(o.ctx, mtr.Viewer{}, ref, size); errs.KindOf(err) != errs.NotFound {
				t.Errorf("a stranger opens %s: %v", ref, err)
			}
		}
	}
	f, err := o.m.OpenPhoto(o.ctx, mtr.Viewer{}, s.openRef, mtr.Small)
	o.must(err)
	if !f.Public {
		t.Error("a public photo is not public")
	}
	f.Body.Close()
}

// The same in what a browser, a feed reader and the map get.
func TestPublicPagesLeakNothing(t *testing.T) {
	t.Parallel()
	srv := apptest.New(t)
	o := &office{t: t, ctx: t.Context(), m: srv.App.MTR, db: srv.DB, clock: srv.Clock, box: srv.App.Box, blobs: srv.App.Blobs}
	o.open()
	s := o.plant()
	visitor, citizen := srv.Client(t), srv.SignedIn(t, srv.Citizen(t, "lain@contoh.id", "Orang Lain"))
	var all strings.Builder
	get := func(path string) *apptest.Page {
		plain, _ := url.QueryUnescape(path)
		p := visitor.Get(path)
		s.leaks(t, plain, p.Body)
		all.WriteString(p.Body)
		other := citizen.Get(path)
		s.leaks(t, plain, other.Body)
		if other.Status != p.Status {
			t.Errorf("%s: %d for a visitor, %d for a citizen", path, p.Status, other.Status)
		}
		return p
	}
	for _, path := range []string{
		"/", "/mtr", "/mtr?jumlah=100", "/mtr?jumlah=1", "/mtr?status=baru", "/mtr?status=lainnya", "/mtr?kategori=LAMPU",
		fmt.Sprintf("/mtr?unit=%d", o.dishub), fmt.Sprintf("/mtr?kelurahan=%d", o.kelurahan), "/mtr/rss.xml", "/mtr/rss.xml?status=baru",
		"/mtr/peta", "/mtr/peta.json?bbox=119,-6,120,-5&zoom=19", "/mtr/peta.json?bbox=119,-6,120,-5&zoom=3",
		"/mtr/statistik", "/mtr/statistik/daftar?angka=masuk", "/mtr/statistik/daftar?angka=terbuka", "/mtr/statistik/daftar?angka=terlambat",
		"/mtr/data", "/mtr/data/skema.json", "/mtr/data/laporan?format=csv", "/mtr/data/laporan?format=geojson", "/mtr/data/statistik?format=csv",
	} {
		get(path).Want(200)
	}
	for _, q := range s.questions() {
		get("/mtr?cari=" + url.QueryEscape(q)).Want(200)
		get("/mtr/rss.xml?cari=" + url.QueryEscape(q)).Want(200)
	}
	for _, n := range s.numbers {
		want := 200
		if slices.Contains(s.gone, n) {
			want = 404
		}
		get("/mtr/laporan/" + n).Want(want)
		if p := get("/lacak?nomor=" + n); p.Status >= 500 || want == 404 && p.Status == 200 && p.URL.Path != "/lacak" {
			t.Errorf("/lacak?nomor=%s: %d at %s", n, p.Status, p.URL.Path)
		}
	}
	for _, ref := range s.refs {
		get("/mtr/foto/" + ref + "/besar").Want(404)
		get("/mtr/foto/" + ref + "/kecil").Want(404)
	}
	get("/mtr/foto/" + s.openRef + "/besar").Want(200)
	for _, word := range s.open {
		if !strings.Contains(all.String(), word) {
			t.Errorf("%q is public and nowhere", word)
		}
	}
}

// What our pages never ask gets an answer all the same: an empty list or a refusal.
func TestHostilePublicQuestions(t *testing.T) {
	o := newOffice(t)
	o.file(filed{})
	numbers := []int64{0, -1, 1, 2, math.MaxInt64, math.MinInt64, math.MaxInt64 - 1}
	for _, a := range numbers {
		for _, b := range numbers {
			_, err := o.m.PublicList(o.ctx, mtr.Filter{CategoryID: a}, mtr.Page{Before: a, After: b, Limit: int(b)})
			o.must(err)
		}
	}
	for _, text := range hostileTexts {
		_, err := o.m.PublicList(o.ctx, mtr.Filter{Text: text}, mtr.Page{})
		o.must(err)
		_, err = o.m.PublicView(o.ctx, text)
		o.refused(err, errs.NotFound)
	}
	far := []float64{0, -90, 90, 180, -180, 1e-300}
	for _, s := range far {
		for _, w := range far {
			_, err := o.m.Map(o.ctx, mtr.Filter{}, mtr.BBox{South: s, West: w, North: -s, East: w + 1}, 19)
			o.must(err)
		}
	}
}

// The same over HTTP.
func TestHostileAddresses(t *testing.T) {
	t.Parallel()
	srv := apptest.New(t)
	c := srv.Client(t)
	values := []string{"", "-1", "0", "9223372036854775807", "9223372036854775808", "1e9", "x", "%00", "%ff", "1%00", strings.Repeat("9", 5000), "'", "NaN", "1,2,3", "1,2,3,4", "NaN,0,1,1"}
	for _, path := range []string{"/mtr", "/mtr/rss.xml", "/mtr/peta", "/mtr/peta.json", "/mtr/statistik", "/mtr/statistik/daftar"} {
		for _, name := range []string{"cari", "sebelum", "sesudah", "jumlah", "kategori", "status", "kelurahan", "kecamatan", "unit", "bbox", "zoom", "dari", "sampai", "angka", "kotak", "hal"} {
			for _, v := range values {
				if p := c.Get(path + "?angka=masuk&zoom=12&" + name + "=" + v); p.Status >= 500 {
					t.Errorf("%s?%s=%.40s: %d", path, name, v, p.Status)
				}
			}
		}
	}
	for _, v := range []string{"x", "%00", "%ff", "MTR-26-000001%00", strings.Repeat("M", 3000), "..%2f..", "-1"} {
		for _, path := range []string{"/mtr/laporan/" + v, "/lacak?nomor=" + v, "/mtr/foto/" + v + "/besar"} {
			if p := c.Get(path); p.Status >= 500 {
				t.Errorf("%.40s: %d", path, p.Status)
			}
		}
	}
}

// Walking the list there and back meets every report once, while others arrive.
func TestPagingMeetsEveryReportOnce(t *testing.T) {
	o := newOffice(t)
	want := []int64{}
	for range 47 {
		id, _ := o.file(filed{})
		want = append(want, id)
	}
	hidden, _ := o.file(filed{confidential: true})
	slices.Reverse(want)
	stop := make(chan struct{})
	var arriving sync.WaitGroup
	arriving.Go(func() {
		for i := 0; i < 200; i++ {
			select {
			case <-stop:
				return
			default:
				o.file(filed{})
			}
		}
	})
	var down []int64
	var last mtr.PublicPage
	at := mtr.Page{Before: want[0] + 1, Limit: 5}
	for {
		page, err := o.m.PublicList(o.ctx, mtr.Filter{}, at)
		o.must(err)
		for _, it := range page.Items {
			down = append(down, it.ID)
		}
		if last = page; page.Older == 0 {
			break
		}
		at = mtr.Page{Before: page.Older, Limit: 5}
	}
	if !slices.Equal(down, want) {
		t.Errorf("down: %v, want %v", down, want)
	}
	close(stop)
	arriving.Wait()
	total := ask[int](o, `SELECT count(*) FROM mtr_report WHERE NOT confidential`)
	var up []int64
	for page := last; ; {
		for _, it := range slices.Backward(page.Items) {
			up = append(up, it.ID)
		}
		if page.Newer == 0 {
			break
		}
		var err error
		page, err = o.m.PublicList(o.ctx, mtr.Filter{}, mtr.Page{After: page.Newer, Limit: 5})
		o.must(err)
	}
	if len(up) != total || !slices.IsSorted(up) || len(slices.Compact(slices.Clone(up))) != total || slices.Contains(up, hidden) {
		t.Errorf("up: %d of %d reports, sorted %v", len(up), total, slices.IsSorted(up))
	}
	first, err := o.m.PublicList(o.ctx, mtr.Filter{}, mtr.Page{})
	o.must(err)
	if len(first.Items) != 20 || first.Newer != 0 || first.Older != first.Items[19].ID {
		t.Errorf("the first page: %d rows, newer %d, older %d", len(first.Items), first.Newer, first.Older)
	}
	// Beyond the end there is a way back.
	for _, p := range []mtr.Page{{Before: want[len(want)-1]}, {After: math.MaxInt64 - 1}} {
		page, err := o.m.PublicList(o.ctx, mtr.Filter{}, p)
		o.must(err)
		if len(page.Items) != 0 || page.Newer == 0 && page.Older == 0 {
			t.Errorf("beyond the end: %+v", page)
		}
	}
}

// Filters and search find what they say, in the words of the street.
func TestPublicSearch(t *testing.T) {
	o := newOffice(t)
	publish := func(title, body string) string {
		id := o.forwarded(filed{})
		o.words(id, title, body, "", -5.14, 119.42)
		return ask[string](o, `SELECT number FROM mtr_report WHERE id = $1`, id)
	}
	lamp := publish("Lampu jalan padam di Veteran", "Sudah tiga malam gelap.")
	hole := publish("Jalan berlubang dekat pasar", "Pengendara menghindari lubang itu.")
	waste := publish("Sampah menumpuk", "Bau sekali, dekat Jalan Veteran Selatan.")
	for text, want := range map[string][]string{
		"veteran":         {waste, lamp},
		"lampu veteran":   {lamp},
		"VETERAN -lampu":  {waste},
		"menghindar":      {hole}, // menghindari has the same stem
		"vetran":          {lamp}, // misspelt: by the title
		"lampo vetran":    {lamp},
		"berlubag":        {hole},
		"helikopter":      nil,
		hole:              {hole},
		"!!!":             nil,
		`"jalan veteran"`: {waste},
	} {
		page, err := o.m.PublicList(o.ctx, mtr.Filter{Text: text}, mtr.Page{})
		o.must(err)
		var got []string
		for _, it := range page.Items {
			got = append(got, it.Number)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", text, got, want)
		}
	}
	one, err := o.m.PublicList(o.ctx, mtr.Filter{Text: "veteran"}, mtr.Page{Limit: 1})
	o.must(err)
	two, err := o.m.PublicList(o.ctx, mtr.Filter{Text: "veteran"}, mtr.Page{Limit: 1, Before: one.Older})
	o.must(err)
	if one.Items[0].Number != waste || two.Items[0].Number != lamp || two.Older != 0 || two.Newer == 0 {
		t.Errorf("paged: %+v then %+v", one, two)
	}
}

// Frequent words are found by another way; it finds the same.
func TestFrequentWords(t *testing.T) {
	o := newOffice(t)
	id := o.forwarded(filed{})
	o.words(id, "Lampu padam di Onta", "Gelap.", "", -5.14, 119.42)
	o.many(id, 6000)
	secret := o.forwarded(filed{confidential: true}) // the newest
	o.words(secret, "Lampu padam di Onta", "Gelap.", "", -5.14, 119.42)
	fresh, _ := o.file(filed{})
	o.words(fresh, "Lampu padam di Onta", "Gelap.", "", -5.14, 119.42)
	for text, frequent := range map[string]bool{"lampu": true, "lampo": true, "lampu onta": true, "lampu zebra": false} {
		page, err := o.m.PublicList(o.ctx, mtr.Filter{Text: text}, mtr.Page{Limit: 3})
		o.must(err)
		if frequent && (len(page.Items) != 3 || page.Older == 0 || page.Items[0].ID < page.Items[2].ID) || !frequent && len(page.Items) != 0 {
			t.Errorf("%s: %d rows, older %d", text, len(page.Items), page.Older)
		}
		if slices.ContainsFunc(page.Items, func(it mtr.PublicItem) bool { return it.ID == secret || it.ID == fresh }) {
			t.Errorf("%s finds words that are not public", text)
		}
	}
}

// A frequent word is looked for part by part: forth and back, with and without filters, the pages
// are those of all that have it, whose distances are whatever they are.
func TestPagesOfFrequentWordsFollowEachOther(t *testing.T) {
	o := newOffice(t)
	id := o.forwarded(filed{})
	o.words(id, "Lampu padam di Onta", "Gelap.", "", -5.14, 119.42)
	o.many(id, 2400)
	columns := ask[string](o, `SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = 'mtr_report'::regclass
		AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname NOT IN ('id', 'title', 'class', 'hidden_at', 'number', 'code_hash')`)
	// Closer together at first, far apart in the end, with a gap of 200 thousand; every word has other ones.
	o.run(fmt.Sprintf(`INSERT INTO mtr_report (id, number, code_hash, title, class, hidden_at, %s) OVERRIDING SYSTEM VALUE
		SELECT 10000 + g * 30 + g * g / 9 + CASE WHEN g > 1900 THEN 200000 ELSE 0 END, 'MTR-27-' || lpad(g::text, 8, '0'), sha256(g::text::bytea),
			'Banjir' || CASE WHEN g %% 2 = 0 THEN ' genap' ELSE '' END || CASE WHEN g <= 1400 THEN ' dahulu' ELSE '' END || CASE WHEN g %% 300 = 0 THEN ' jarang' ELSE '' END,
			CASE WHEN g %% 40 = 0 THEN 'aspirasi' ELSE 'pengaduan' END, CASE WHEN g %% 7 = 0 THEN received_at END, %s
		FROM mtr_report, generate_series(1, 2400) g WHERE id = $1`, columns, columns), id)
	for _, f := range []mtr.Filter{
		{Text: "banjir"}, {Text: "banjir genap"}, {Text: "banjir dahulu"}, {Text: "banjir -genap"}, {Text: "jarang"}, {Text: "lampu"}, {Text: "lampu onta"},
		{Text: "banjir", Class: mtr.Aspiration}, {Text: "banjir", Group: mtr.GroupWork}, {Text: "banjir", Group: mtr.GroupDone}, {Text: "dahulu", Class: mtr.Aspiration}, {Text: "banjur"},
	} {
		words := f.Text
		if words == "banjur" { // misspelt
			words = "banjir"
		}
		want := ask[[]int64](o, `SELECT array_agg(id ORDER BY id DESC) FROM mtr_report WHERE listed AND words_public AND search @@ websearch_to_tsquery('indonesian', $1)
			AND ($2 = '' OR class = $2) AND ($3 = '' OR status_group = $3)`, words, f.Class, f.Group)
		var got, back []int64
		page := mtr.PublicPage{Older: math.MaxInt64}
		for page.Older != 0 && len(got) <= len(want) {
			var err error
			page, err = o.m.PublicList(o.ctx, f, mtr.Page{Before: page.Older, Limit: 100})
			o.must(err)
			for _, it := range page.Items {
				got = append(got, it.ID)
			}
		}
		page.Newer = -1
		for page.Newer != 0 && len(back) <= len(want) {
			var err error
			page, err = o.m.PublicList(o.ctx, f, mtr.Page{After: page.Newer, Limit: 100})
			o.must(err)
			for _, it := range slices.Backward(page.Items) {
				back = append(back, it.ID)
			}
		}
		slices.Reverse(back)
		if !slices.Equal(got, want) || !slices.Equal(back, want) {
			t.Errorf("%+v: %d reports, backwards %d, want %d", f, len(got), len(back), len(want))
		}
	}
}

// many copies a report n times, each at another place.
func (o *office) many(id int64, n int) {
	o.t.Helper()
	o.run(`ALTER TABLE mtr_report DISABLE TRIGGER USER`)
	columns := ask[string](o, `SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute WHERE attrelid = 'mtr_report'::regclass
		AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname NOT IN ('id', 'number', 'code_hash', 'lat', 'lng')`)
	o.run(fmt.Sprintf(`INSERT INTO mtr_report (number, code_hash, lat, lng, %s)
		SELECT 'MTR-26-8' || lpad(g::text, 8, '0'), decode(md5(g::text), 'hex'), -5.2 + (g %% 100) * 0.001, 119.35 + (g / 100) * 0.002, %s
		FROM mtr_report, generate_series(1, $2) g WHERE id = $1`, columns, columns), id, n)
}

// The dots of the map are all reports of the piece and no others; too many are cut
// and said to be.
func TestMapCountsEveryReport(t *testing.T) {
	o := newOffice(t)
	id := o.forwarded(filed{})
	o.words(id, "Lampu padam", "Gelap.", "", -5.14, 119.42)
	o.many(id, 600)
	city := mtr.BBox{South: -5.3, West: 119.3, North: -5.05, East: 119.5}
	for zoom := range 20 {
		d, err := o.m.Map(o.ctx, mtr.Filter{}, city, zoom)
		o.must(err)
		sum, alone := 0, 0
		for _, c := range d.Clusters {
			sum += c.Count
			if c.Count == 1 {
				alone++
			}
			if (c.Count == 1) != (c.Number != "") || c.Open != c.Count || c.Count == 1 && (c.Title != "Lampu padam" || c.Status != mtr.Forwarded) {
				t.Errorf("zoom %d: dot %+v", zoom, c)
			}
			if c.Lat < city.South || c.Lat > city.North || c.Lng < city.West || c.Lng > city.East {
				t.Errorf("zoom %d: dot outside of the piece: %+v", zoom, c)
			}
		}
		if sum != 601 || d.Total != 601 || d.Truncated {
			t.Errorf("zoom %d: clusters hold %d, total %d, truncated %v", zoom, sum, d.Total, d.Truncated)
		}
		if zoom == 0 && len(d.Clusters) > 4 || zoom == 19 && alone < 590 {
			t.Errorf("zoom %d: %d clusters, %d alone", zoom, len(d.Clusters), alone)
		}
	}
	half, err := o.m.Map(o.ctx, mtr.Filter{}, mtr.BBox{South: -5.2005, West: 119.3, North: -5.1505, East: 119.5}, 15)
	o.must(err)
	if want := ask[int](o, `SELECT count(*) FROM mtr_report WHERE lat BETWEEN -5.2005 AND -5.1505`); half.Total != want || want == 0 || want == 601 {
		t.Errorf("a piece holds %d, want %d", half.Total, want)
	}
	o.many2(id)
	d, err := o.m.Map(o.ctx, mtr.Filter{}, city, 12)
	o.must(err)
	if !d.Truncated || d.Total != mtr.MapRows {
		t.Errorf("of %d reports: total %d, truncated %v", ask[int](o, `SELECT count(*) FROM mtr_report`), d.Total, d.Truncated)
	}
}

// many2 makes more than the map counts.
func (o *office) many2(id int64) {
	o.run(`DELETE FROM mtr_report WHERE number LIKE 'MTR-26-8%'`)
	o.many(id, mtr.MapRows+1)
}

// The figures are what somebody would count by hand.
func TestFiguresAreWhatOneCounts(t *testing.T) {
	o := newOffice(t)
	dice := rand.New(rand.NewPCG(5, 6))
	o.run(`ALTER TABLE mtr_report DISABLE TRIGGER USER`)
	type report struct {
		ReceivedAt                    *time.Time
		RespondedAt, DoneAt, ClosedAt *time.Time
		Status                        mtr.Status
		Confidential                  bool
	}
	for range 120 {
		id, _ := o.file(filed{confidential: dice.IntN(10) == 0})
		at := func(t time.Time, most int) *time.Time {
			t = t.Add(time.Duration(dice.IntN(most*60)) * time.Minute)
			if t.After(tuesday) {
				return nil
			}
			return &t
		}
		received := tuesday.Add(-time.Duration(dice.IntN(45*24*60)) * time.Minute)
		responded, status := at(received, 96), mtr.Received
		var done, closed *time.Time
		switch dice.IntN(4) {
		case 0:
			if done = at(received, 400); done != nil {
				status = mtr.Done
			}
		case 1:
			responded = nil
			if closed = at(received, 100); closed != nil {
				status = mtr.Cancelled
			}
		}
		o.run(`UPDATE mtr_report SET received_at = $2, responded_at = $3, done_at = $4, closed_at = $5, status = $6, due_kind = '', due_at = NULL, warn_at = NULL WHERE id = $1`,
			id, received, responded, done, closed, status)
	}
	rows, err := pg.Many[report](o.ctx, o.db.Owner(), `SELECT received_at, responded_at, done_at, closed_at, status, confidential FROM mtr_report`)
	o.must(err)
	var want mtr.Figures
	var days []float64
	answered := 0
	since := tuesday.AddDate(0, 0, -30)
	for _, r := range rows {
		if r.Confidential {
			continue
		}
		if g := r.Status.Group(); g == mtr.GroupNew || g == mtr.GroupWork {
			want.OpenNow++
		}
		if r.DoneAt != nil && r.DoneAt.After(since) {
			want.DoneInPeriod++
			days = append(days, r.DoneAt.Sub(*r.ReceivedAt).Hours()/24)
		}
		if !r.ReceivedAt.After(since) {
			continue
		}
		want.Received++
		deadline := r.ReceivedAt.Add(48 * time.Hour)
		if deadline.After(tuesday) || r.RespondedAt == nil && r.ClosedAt != nil && !r.ClosedAt.After(deadline) {
			continue
		}
		want.AnsweredN++
		if r.RespondedAt != nil && !r.RespondedAt.After(deadline) {
			answered++
		}
	}
	slices.Sort(days)
	want.MedianFixN = len(days)
	want.MedianFixDays = (days[(len(days)-1)/2] + days[len(days)/2]) / 2
	want.AnsweredOnTime = float64(answered) / float64(want.AnsweredN)
	want.AsOf = tuesday
	got, err := o.m.HomeFigures(o.ctx)
	o.must(err)
	if math.Abs(got.MedianFixDays-want.MedianFixDays) > 1e-9 || math.Abs(got.AnsweredOnTime-want.AnsweredOnTime) > 1e-9 {
		t.Errorf("shares: got %+v, want %+v", got, want)
	}
	got.MedianFixDays, got.AnsweredOnTime, got.AsOf = want.MedianFixDays, want.AnsweredOnTime, want.AsOf
	if got != want || want.AnsweredN == 0 || want.DoneInPeriod == 0 || answered == 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
	// Within a minute they stay, afterwards they are new.
	o.file(filed{})
	before := want.Received
	for i, after := range []time.Duration{59 * time.Second, time.Second} {
		o.clock.Advance(after)
		if got, err = o.m.HomeFigures(o.ctx); err != nil || got.Received != before+i {
			t.Errorf("after %s: %d received, want %d (%v)", after, got.Received, before+i, err)
		}
	}
}

// A city without reports has figures as well.
func TestFiguresOfNothing(t *testing.T) {
	o := newOffice(t)
	got, err := o.m.HomeFigures(o.ctx)
	o.must(err)
	if got.AsOf = (time.Time{}); got != (mtr.Figures{}) {
		t.Errorf("got %+v", got)
	}
}

// The public page tells the story without names.
func TestPublicPageOfAReport(t *testing.T) {
	o := newOffice(t)
	id := o.proven(filed{})
	number := ask[string](o, `SELECT number FROM mtr_report WHERE id = $1`, id)
	v, err := o.m.PublicView(o.ctx, strings.ToLower(number))
	o.must(err)
	if v.Status != mtr.ToValidate || v.UnitName != "Dinas Perhubungan" || len(v.Photos) != 0 || !v.Published || v.DueKind != mtr.DueValidation || v.Late {
		t.Errorf("before validation: %+v", v)
	}
	o.clock.Advance(9 * 24 * time.Hour)
	if v, err = o.m.PublicView(o.ctx, number); err != nil || !v.Late {
		t.Errorf("nine days later it is not late (%v)", err)
	}
	o.must(o.m.Validate(o.ctx, o.validator.Actor, mtr.ValidateInput{Act: o.act(id), Note: "Sesuai."}))
	v, err = o.m.PublicView(o.ctx, number)
	o.must(err)
	if len(v.Photos) != 1 || v.Photos[0].Kind != mtr.PhotoAfter || v.Late || v.Near || v.DoneAt == nil {
		t.Errorf("after validation: %+v", v)
	}
	var story []string
	for _, e := range v.Timeline {
		story = append(story, fmt.Sprintf("%s %s %s", e.Action, e.By, e.UnitName))
	}
	want := []string{"submit Pelapor ", "forward Dispatcher Dinas Perhubungan", "start Dinas Perhubungan ", "submit_proof Dinas Perhubungan ", "validate Dinas Perhubungan "}
	if !slices.Equal(story, want) {
		t.Errorf("got %q, want %q", story, want)
	}
}

// Pages cost few questions to the database.
func TestPagesAskTheDatabaseLittle(t *testing.T) {
	t.Parallel()
	srv := apptest.New(t)
	o := &office{t: t, ctx: t.Context(), m: srv.App.MTR, db: srv.DB, clock: srv.Clock, box: srv.App.Box, blobs: srv.App.Blobs}
	o.open()
	for range 12 {
		o.forwarded(filed{})
	}
	id, number := o.file(filed{})
	o.words(id, "Lampu", "Lampu.", "", -5.14, 119.42)
	visitor := srv.Client(t)
	desk := srv.SignedIn(t, srv.Hire(t, apptest.Staff{Email: "d@kota.example", Name: "Didi", UnitCode: "KOMINFO", City: true, Permissions: []authz.Permission{mtr.PermDispatch, mtr.PermOverview}}).AccountID)
	for _, tt := range []struct {
		c    *apptest.Client
		path string
		most int
	}{
		{visitor, "/mtr", 1}, {visitor, "/mtr?cari=lampu", 2}, {visitor, "/mtr?cari=lampo&jumlah=100", 2}, {visitor, "/mtr/rss.xml", 1},
		{visitor, "/mtr/laporan/" + number, 4}, {visitor, "/mtr/peta.json?bbox=119,-6,120,-5&zoom=12", 2},
		{visitor, "/mtr/statistik", 0}, {visitor, "/mtr/statistik/daftar?angka=masuk", 2}, {desk, "/meja/mtr/statistik", 9}, {desk, "/meja/mtr/komando", 40},
		{visitor, "/", 1}, {desk, "/meja/mtr", 7}, {desk, "/meja/mtr/" + number, 15},
	} {
		tt.c.Get(tt.path).Want(200) // fills what is remembered for a minute
		if n := len(srv.Queries.During(func() { tt.c.Get(tt.path).Want(200) })); n > tt.most {
			t.Errorf("%s: %d statements, at most %d", tt.path, n, tt.most)
		}
	}
}
