package mtrweb_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

func TestPhotoFirstOrNone(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	c := s.Client(t)
	drafts := func() (n int) {
		if err := s.Pool.QueryRow(t.Context(), "SELECT count(*) FROM mtr_draft").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	begin(t, c).form(values()).refused("foto", "Pilih foto dahulu")
	if drafts() != 0 {
		t.Error("looking, and sending nothing, made a draft")
	}
	begin(t, c).form(values("@tombol", "tanpa_foto=1")).at("tempat")
	f := begin(t, c).form(values(), jpeg("satu.jpg"), jpeg("dua.jpg", mediatest.Seed(2))).at("tempat")
	f = &flow{t, c.Get(strings.TrimSuffix(f.URL.Path, "tempat") + "foto")}
	if n := f.Doc.Find(".photos img").Length(); n != 2 {
		t.Errorf("two photos were sent, the step shows %d", n)
	}
	// Photos there already are an answer; nothing more need be chosen.
	f.form(values()).at("tempat")
	f = &flow{t, f.Page.Submit(".photos li:nth-child(1) form", values())}
	if n := f.at("foto").Doc.Find(".photos img").Length(); n != 1 {
		t.Errorf("after removing one of two photos the step shows %d", n)
	}
}

func TestRefusedPhotoTakesNoOtherWithIt(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	bad := apptest.File{Control: "foto", Name: "gambar.svg", Type: "image/svg+xml", Data: mediatest.SVG()}
	f := begin(t, c).form(values(), jpeg("satu.jpg"), bad).refused("foto", "gambar.svg: ")
	if n := f.Doc.Find(".photos img").Length(); n != 1 {
		t.Fatalf("the good photo is lost: the page shows %d", n)
	}
	// The page came from /mtr/lapor, but its form goes on with the draft.
	action := f.Doc.Find("form[data-photos]").AttrOr("action", "")
	if action == "/mtr/lapor" || !strings.HasSuffix(action, "/foto") {
		t.Fatalf("the form goes on to %q", action)
	}
	(&flow{t, f.Page.Submit("form[data-photos]", values())}).at("tempat")
	// Our script sends every photo again: those that were fine must not double.
	f = begin(t, c).form(values("foto_info", ";;"), jpeg("satu.jpg"), bad).refused("foto", "gambar.svg: ")
	if n := f.Doc.Find(".photos img").Length(); n != 0 {
		t.Errorf("the script keeps its photos on the page, yet %d stayed on the server", n)
	}
}

func TestAtMostFivePhotos(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	six := make([]apptest.File, 6)
	for i := range six {
		six[i] = jpeg(fmt.Sprintf("%d.jpg", i))
	}
	begin(t, c).form(values(), six...).refused("foto", "Paling banyak 5 foto. Anda memilih 6.")
	f := begin(t, c).form(values(), six[:4]...).at("tempat")
	foto := strings.TrimSuffix(f.URL.Path, "tempat") + "foto"
	f = (&flow{t, c.Get(foto)}).form(values(), six[:2]...).refused("foto", "Paling banyak 5 foto")
	if n := f.Doc.Find(".photos img").Length(); n != 5 {
		t.Errorf("of 4 + 2 photos %d are kept, want 5", n)
	}
	// With five there is no field to add one, and the way on is open.
	f = &flow{t, c.Get(foto)}
	if f.Has("input[type=file]") {
		t.Error("a sixth photo is asked for")
	}
	(&flow{t, f.Page.Submit(`form[enctype]`, values())}).at("tempat")
}

func TestPlaceFromThePhoto(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	// By the camera, in the file itself.
	f := begin(t, c).form(values(), jpeg("satu.jpg", mediatest.GPS(lat, lng))).at("tempat")
	if !strings.Contains(f.Text("#dari-foto"), "Foto Anda mencatat tempatnya. Dekat") {
		t.Fatalf("the place of the photo is not offered: %s", f.Text("main"))
	}
	// Going on without it is told off, and the offer stands.
	f = (&flow{t, f.Page.Submit("#tempat", values())}).refused("kelurahan", "Tunjuk tempatnya di peta")
	if !f.Has("#dari-foto") {
		t.Fatal("a mistake took the place of the photo away")
	}
	f = (&flow{t, f.Page.Submit("#dari-foto", values())}).at("tempat")
	if !strings.Contains(f.Text("h1"), "Kelurahan apa tempat itu?") {
		t.Fatalf("without boundaries the kelurahan must be confirmed: %s", f.Text("main"))
	}
	f.form(values()).at("kategori")
	// By the phone, which read it before shrinking.
	f = begin(t, c).form(values("foto_info", fmt.Sprintf("%f;%f;2026-11-24T08:14:05", lat, lng)), jpeg("satu.jpg")).at("tempat")
	if !f.Has("#dari-foto") {
		t.Error("the place that the phone read is not offered")
	}
	// A hint that cannot be read is no reason to refuse a photo.
	f = begin(t, c).form(values("foto_info", "di sini;;"), jpeg("satu.jpg")).at("tempat")
	if f.Has("#dari-foto") {
		t.Error("a place out of nothing")
	}
}

func TestPlaceWithoutAMap(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	f := begin(t, c).form(values("@tombol", "tanpa_foto=1")).at("tempat")
	f = f.form(values()).refused("kelurahan", "Tunjuk tempatnya di peta, atau pilih kelurahannya.")
	kelurahan := f.choice("kelurahan", "Barrang Caddi") // an island, by name
	f = f.form(values("kelurahan", kelurahan)).refused("patokan", "Tulis patokan")
	f = f.form(values("kelurahan", "999999", "patokan", "Depan masjid")).refused("kelurahan", "Pilih kelurahan dari daftar.")
	if got := f.Doc.Find("#patokan").AttrOr("value", ""); got != "Depan masjid" {
		t.Errorf("the landmark came back as %q", got)
	}
	f = f.form(values("kelurahan", kelurahan, "patokan", strings.Repeat("x", 300))).refused("patokan", "Ringkas patokan")
	if got := len(f.Doc.Find("#patokan").AttrOr("value", "")); got != 300 {
		t.Errorf("of a landmark of 300 letters %d came back", got)
	}
	if f.Doc.Find("#kelurahan option[selected]").AttrOr("value", "") != kelurahan {
		t.Error("the kelurahan was lost")
	}
	f.form(values("patokan", "Dermaga")).at("kategori")
	// Nobody has to say where, until the category asks.
	f = begin(t, c).form(values("@tombol", "tanpa_foto=1")).form(values("@tombol", "lewati=1")).at("kategori")
	f = f.form(values("kategori", f.choice("kategori", "Taman dan fasilitas umum"))).at("tempat")
	if f.Has("button[name=lewati]") || !strings.Contains(f.Text("main"), "perlu tempat") {
		t.Error("a category that needs a place lets it be skipped")
	}
	c2 := begin(t, c).form(values("@tombol", "tanpa_foto=1")).form(values("@tombol", "lewati=1")).at("kategori")
	c2.form(values("kategori", c2.choice("kategori", "Bantuan sosial"))).at("uraian")
}

func TestPointIsConfirmed(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	at := func(lat, lng string) *flow {
		t.Helper()
		f := begin(t, c).form(values("@tombol", "tanpa_foto=1")).at("tempat")
		return f.form(values("lat", lat, "lng", lng, "sumber", "pin"))
	}
	f := at("-5.1357", "119.4131").at("tempat")
	if f.Text("h1") != "Kelurahan apa tempat itu?" || !f.Has("input[name=kelurahan][checked]") {
		t.Fatalf("the nearest kelurahan is not offered: %s", f.Text("main"))
	}
	f.form(values("patokan", "Lapangan Karebosi")).at("kategori")
	// "Another" leads to the whole list, not to a mistake.
	f = at("-5.1357", "119.4131").at("tempat")
	f = f.form(values("kelurahan", "lain")).refused("kelurahan_lain", "Pilih kelurahan dari daftar.")
	f.form(values("kelurahan", "lain", "kelurahan_lain", f.choice("kelurahan_lain", "Karuwisi"))).at("kategori")
	// Islands are chosen by name.
	f = at("-5.0490", "119.3290").at("tempat")
	if f.Text("h1") != "Pulau apa?" {
		t.Fatalf("an island asks %q", f.Text("h1"))
	}
	for _, island := range []string{"Kelurahan Barrang Lompo", "Kelurahan Barrang Caddi", "Kelurahan Kodingareng"} {
		f.choice("kelurahan", strings.TrimPrefix(island, "Kelurahan "))
	}
	f.form(values("kelurahan", f.choice("kelurahan", "Barrang Lompo"))).at("kategori")
	// Far from every centroid: before there are boundaries the citizen chooses.
	f = at("-5.3", "119.9").at("tempat")
	if strings.Contains(f.Text("main"), "di luar Kota Makassar") {
		t.Error("without boundaries a point was refused as outside")
	}
	for _, nonsense := range [][2]string{{"x", "119.4"}, {"-95", "119.4"}, {"NaN", "119.4"}, {"-5.1", "1e9"}} {
		if f := at(nonsense[0], nonsense[1]); f.Status != http.StatusUnprocessableEntity {
			t.Errorf("the point %v gets %d", nonsense, f.Status)
		}
	}
}

func TestCategorySearchWithoutScripts(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	f := begin(t, c).toCategory()
	shown := func(q string) []string {
		var labels []string
		p := f.Page.Submit("form[role=search]", values("cari", q)).Want(http.StatusOK)
		for _, n := range p.Doc.Find("input[name=kategori] + label").EachIter() {
			labels = append(labels, n.Text())
		}
		return labels
	}
	for q, want := range map[string]string{"pju": "Lampu jalan mati", "SELOKAN": "Drainase tersumbat", "gelap": "Lampu jalan mati", "tps": "Sampah menumpuk"} {
		if got := shown(q); len(got) == 0 || got[0] != want || len(got) > 6 {
			t.Errorf("searching %q shows %v, want %s first", q, got, want)
		}
	}
	if got := shown("zebra"); len(got) < 20 {
		t.Errorf("a search without a hit must leave the whole list, got %d", len(got))
	}
	if n := f.Doc.Find(".choices-group").Length(); n < 5 {
		t.Errorf("the categories stand in %d groups", n)
	}
	f.form(values()).refused("kategori", "Pilih salah satu")
	f.form(values("kategori", "999999")).refused("kategori", "Pilih salah satu")
	f.form(values("kategori", f.choice("kategori", "Lainnya"), "kelas", "gosip")).refused("kelas", "Pilih jenis laporan")
	// Which class it is may be chosen, and shows on the last step.
	f = f.form(values("kategori", f.choice("kategori", "Lainnya"), "kelas", f.choice("kelas", "Aspirasi"))).at("uraian")
	f = f.form(values("judul", "Taman baca di lorong", "uraian", "Tolong buatkan taman baca.")).form(values()).at("periksa")
	if !strings.Contains(f.Text(".summary"), "Lainnya Aspirasi") {
		t.Errorf("the class is lost: %s", f.Text(".summary"))
	}
}

func TestExtraQuestionsAndEmergencies(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	f := begin(t, c).toCategory()
	if !f.Has(`a[href="tel:112"]`) {
		t.Error("the category step says nothing of 112")
	}
	f = f.form(values("kategori", f.choice("kategori", "Lampu jalan mati"))).at("pertanyaan")
	f = f.form(values("tanya_jumlah", f.choice("tanya_jumlah", "Beberapa"), "tanya_nomor_tiang", "PJU-12")).refused("tanya_kabel", "Jawab pertanyaan ini")
	if f.Doc.Find("#tanya_nomor_tiang").AttrOr("value", "") != "PJU-12" || !f.Has(`input[name=tanya_jumlah][checked]`) {
		t.Error("the other answers were lost")
	}
	f = f.form(values("tanya_kabel", f.choice("tanya_kabel", "Ya"))).at("darurat")
	if !f.Has(`a[href="tel:112"]`) || f.Text("h1") != "Ini darurat. Telepon 112 sekarang." {
		t.Errorf("danger leads to %q", f.Text("h1"))
	}
	// The report stays possible.
	on := f.Doc.Find("main a.ds-button").Last().AttrOr("href", "")
	f = (&flow{t, c.Get(on)}).at("uraian")
	// Words of an emergency ask once whether to call first.
	f = f.form(values("judul", "Ada anak hanyut di kanal", "uraian", "Anak hanyut terbawa arus kanal, cepat!")).at("darurat")
	if !f.Has(`a[href="tel:112"]`) {
		t.Error("alarming words do not lead to 112")
	}
	on = f.Doc.Find("main a.ds-button").Last().AttrOr("href", "")
	f = (&flow{t, c.Get(on)}).at("pelapor")
	(&flow{t, c.Get(strings.TrimSuffix(f.URL.Path, "pelapor") + "uraian")}).form(values("judul", "Anak hanyut di kanal")).at("pelapor")
}

func TestCategoryWithDangerButNoQuestionsSaysSo(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	f := begin(t, c).toCategory()
	f = f.form(values("kategori", f.choice("kategori", "Kemacetan atau parkir liar"))).at("uraian")
	if !strings.Contains(f.Text("main"), "Ada kecelakaan atau orang terluka.") || !f.Has(`.ds-alert a[href="tel:112"]`) {
		t.Errorf("when to call 112 is not said: %s", f.Text("main"))
	}
}

func TestWordsAndWho(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	f := begin(t, c).toCategory()
	f = f.form(values("kategori", f.choice("kategori", "Taman dan fasilitas umum"))).at("uraian")
	f = f.form(values("judul", "", "uraian", "Pendek")).refused("judul", "Tulis judul").refused("uraian", "Ceritakan masalahnya")
	if got := f.Doc.Find("textarea#uraian").Text(); strings.TrimSpace(got) != "Pendek" {
		t.Errorf("the text came back as %q", got)
	}
	long := strings.Repeat("panjang sekali ", 300)
	f = f.form(values("judul", "<b>Bangku</b> & meja", "uraian", long)).refused("uraian", "Ringkas uraian")
	if got := f.Doc.Find("textarea#uraian").Text(); len(got) < 4000 {
		t.Errorf("of %d letters %d came back", len(long), len(got))
	}
	f = f.form(values("uraian", "Baris satu.\r\nBaris <i>dua</i>.")).at("pelapor")

	f = f.form(values("email", "bukan email", "telepon", "123", "nama", "Daeng Sitti", "anonim", "1")).refused("email", "Periksa alamat email").refused("telepon", "Periksa nomor HP")
	if f.Doc.Find("#nama").AttrOr("value", "") != "Daeng Sitti" || f.Doc.Find("#telepon").AttrOr("value", "") != "123" || !f.Has("#anonim[checked]") || f.Has("#rahasia[checked]") {
		t.Error("answers about the reporter were lost")
	}
	// For somebody else only with their consent.
	f = f.form(values("email", "", "telepon", "0812 3456 7890", "atas_nama", f.choice("atas_nama", "Anggota keluarga"), "atas_nama_siapa", "Nenek Minasa")).refused("persetujuan", "sudah setuju")
	if !f.Has("details[open] #persetujuan") {
		t.Error("the part about somebody else is folded away with the mistake in it")
	}
	f = f.form(values("persetujuan", "1")).at("periksa")
	got := f.Text(".summary")
	for _, want := range []string{
		"Tanpa foto", "Karuwisi, Panakkukang", "Jl. Urip Sumoharjo", "Taman dan fasilitas umum Pengaduan", "<b>Bangku</b> & meja",
		"Baris <i>dua</i>.", "Nama Anda disembunyikan (anonim)", "Daeng Sitti", "Untuk: Anggota keluarga, Nenek Minasa (sudah setuju)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the last step does not show %q:\n%s", want, got)
		}
	}
	for _, a := range f.Doc.Find(".change a").EachIter() {
		if p := c.Get(a.AttrOr("href", "")); p.Status != http.StatusOK || p.Has("#ringkasan-galat") {
			t.Errorf("%q leads to %s with %d", a.Text(), p.URL.Path, p.Status)
		}
	}
}

func TestSensitiveCategorySuggestsSecrecy(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	f := begin(t, c).toCategory()
	f = f.form(values("kategori", f.choice("kategori", "Pungutan liar"))).at("uraian")
	f = f.form(values("judul", "Diminta bayar untuk KTP", "uraian", "Petugas loket minta uang rokok.")).at("pelapor")
	if !f.Has("#rahasia[checked]") || f.Has("#anonim[checked]") {
		t.Error("rahasia is not suggested, or more than that")
	}
	f = f.form(values("rahasia", "")).at("periksa")
	if !strings.Contains(f.Text(".summary"), "Umum, setelah diperiksa petugas") {
		t.Error("the suggestion cannot be declined")
	}
}

// The draft lives on the server alone: a borrowed phone keeps nothing of it.
func TestFormLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	check := func(f *flow) *flow {
		t.Helper()
		if len(f.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s sets a cookie", f.URL.Path)
		}
		if got := f.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s may be kept: %q", f.URL.Path, got)
		}
		return f
	}
	f := check(begin(t, c))
	f = check(f.form(values(), jpeg("satu.jpg", mediatest.GPS(lat, lng))))
	photo := c.Get(strings.TrimSuffix(f.URL.Path, "tempat")+"foto").Doc.Find(".photos img").AttrOr("src", "")
	p := c.Get(photo).Want(http.StatusOK)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "private, no-store",
	} {
		if got := p.Header.Get(name); got != want {
			t.Errorf("the photo's %s is %q, want %q", name, got, want)
		}
	}
	if strings.Contains(p.Body, "Exif") || strings.Contains(p.Body, "GPS") {
		t.Error("the photo still carries metadata")
	}
	f = check(f.form(values("kelurahan", f.choice("kelurahan", "Karuwisi"), "patokan", "Depan masjid", "lat", "", "lng", "")))
	f = check(f.form(values("kategori", f.choice("kategori", "Lainnya"))))
	f = check(f.form(values("judul", "Sesuatu yang lain", "uraian", "Ada sesuatu yang lain di sini.")))
	f = check(f.form(values()).at("periksa"))
	gone := f.URL.Path
	cleared := check(&flow{t, f.Page.Submit("form.confirm-body", values())})
	if cleared.URL.Path != "/mtr/lapor" || !strings.Contains(cleared.Text("main"), "tidak tersimpan di perangkat ini") {
		t.Errorf("clearing ends at %s", cleared.URL)
	}
	c.Get(gone).Want(http.StatusNotFound)
	c.Get(photo).Want(http.StatusNotFound)
}

func TestOthersCannotGuessADraft(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	f := begin(t, c).form(values(), jpeg("satu.jpg")).at("tempat")
	photo := c.Get(strings.TrimSuffix(f.URL.Path, "tempat")+"foto").Doc.Find(".photos img").AttrOr("src", "")
	token := strings.Split(f.URL.Path, "/")[3]
	other := begin(t, c).form(values("@tombol", "tanpa_foto=1")).at("tempat")
	theirs := strings.Split(other.URL.Path, "/")[3]
	for _, path := range []string{
		strings.Replace(photo, token, theirs, 1), // another draft's token
		strings.Replace(photo, token, "x", 1),
		strings.Replace(photo, "kecil", "asli", 1),
		"/mtr/foto/" + strings.Split(photo, "/")[5] + "/kecil", // the public address
		"/mtr/lapor/AAAAAAAAAAAAAAAAAAAAAA/tempat",
	} {
		c.Get(path).Want(http.StatusNotFound)
	}
}

func TestHostileInputGetsASentence(t *testing.T) {
	t.Parallel()
	c := apptest.New(t).Client(t)
	f := begin(t, c).toCategory()
	f = f.form(values("kategori", f.choice("kategori", "Lainnya"))).at("uraian")
	for name, v := range map[string]string{"NUL": "a\x00b", "UTF-8": "a\xff\xfeb"} {
		if p := c.Post(f.URL.Path, values("judul", v, "uraian", "Uraian yang cukup panjang")); p.Status != http.StatusBadRequest {
			t.Errorf("%s in a title gets %d", name, p.Status)
		}
	}
	if p := c.Post(f.URL.Path, values("judul", strings.Repeat("x", 10<<20))); p.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a title of 10 MB gets %d", p.Status)
	}
	req, err := http.NewRequest(http.MethodPost, "http://"+f.URL.Host+f.URL.Path, strings.NewReader(`{"judul":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if p := c.Do(req); p.Status != http.StatusUnsupportedMediaType {
		t.Errorf("JSON gets %d", p.Status)
	}
	for name, file := range map[string]apptest.File{
		"SVG": {Data: mediatest.SVG()}, "GIF": {Data: mediatest.GIF()}, "HEIC": {Data: mediatest.HEIC()},
		"polyglot rest": {Data: []byte("<html><script>alert(1)</script>")}, "bomb": {Data: mediatest.PNGBomb(20000, 20000)},
		"truncated": {Data: mediatest.JPEG(320, 240)[:2000]}, "empty": {Data: []byte{}},
	} {
		file.Control, file.Name, file.Type = "foto", "foto.jpg", "image/jpeg"
		f := begin(t, c).form(values(), file)
		if f.Status != http.StatusUnprocessableEntity || len(f.Text("#foto-error")) < 20 {
			t.Errorf("%s gets %d and %q", name, f.Status, f.Text("#foto-error"))
		}
	}
}

// cityOf maps every kelurahan as a square around its centroid, so that the
// city has a boundary and an outside.
func cityOf(t *testing.T, s *apptest.Server) {
	t.Helper()
	areas, err := org.Areas(t.Context(), s.Pool)
	if err != nil {
		t.Fatal(err)
	}
	var features []string
	for _, a := range areas {
		const half = 0.0004
		w, e, so, n := a.Lng-half, a.Lng+half, a.Lat-half, a.Lat+half
		features = append(features, fmt.Sprintf(
			`{"type":"Feature","properties":{"kode":%q},"geometry":{"type":"Polygon","coordinates":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]}}`,
			a.Code, w, so, e, so, e, n, w, n, w, so))
	}
	file := strings.NewReader(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`)
	rep, err := org.ImportBoundaries(t.Context(), s.Pool, authz.System("uji"), s.Clock.Now(), file, true)
	if err != nil || !rep.Applied {
		t.Fatalf("import the boundaries: %v, %+v", err, rep)
	}
}

func TestPointOutsideTheCity(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	cityOf(t, s)
	c := s.Client(t)
	f := begin(t, c).form(values("@tombol", "tanpa_foto=1")).at("tempat")
	f = f.form(values("lat", "-5.3100", "lng", "119.4500", "sumber", "pin", "patokan", "Pasar Sungguminasa")).refused("kelurahan", "di luar Kota Makassar")
	for _, want := range []string{"lapor.go.id", "SMS 1708"} {
		if !strings.Contains(f.Text("main"), want) {
			t.Errorf("it is not said where else to turn: no %s", want)
		}
	}
	if f.Doc.Find("#patokan").AttrOr("value", "") != "Pasar Sungguminasa" || f.Doc.Find("#lat").AttrOr("value", "") == "" {
		t.Error("the landmark or the point was lost")
	}
	// The place of a photo from elsewhere is not offered.
	if begin(t, c).form(values(), jpeg("gowa.jpg", mediatest.GPS(-5.31, 119.45))).at("tempat").Has("#dari-foto") {
		t.Error("a place outside the city is offered")
	}
	// Inside a boundary nothing is left to ask.
	areas, err := org.Areas(t.Context(), s.Pool)
	if err != nil {
		t.Fatal(err)
	}
	a := areas[0]
	begin(t, c).form(values("@tombol", "tanpa_foto=1")).form(values("lat", fmt.Sprint(a.Lat), "lng", fmt.Sprint(a.Lng), "sumber", "device")).at("kategori")
}
