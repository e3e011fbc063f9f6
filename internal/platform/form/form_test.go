package form

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

func read(t *testing.T, v url.Values) *Form {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	f, err := Read(r)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestHostileBodiesHaveAKind(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, contentType, body string
		limit                   int64
		want                    errs.Kind
	}{
		{"NUL", "application/x-www-form-urlencoded", "a=%00", 99, errs.BadRequest},
		{"invalid UTF-8", "application/x-www-form-urlencoded", "a=%ff%fe", 99, errs.BadRequest},
		{"NUL in a name", "application/x-www-form-urlencoded", "a%00=1", 99, errs.BadRequest},
		{"broken escape", "application/x-www-form-urlencoded", "a=%zz", 99, errs.BadRequest},
		{"json", "application/json", "{}", 99, errs.Unsupported},
		{"no type", "", "a=1", 99, errs.Unsupported},
		{"too long", "application/x-www-form-urlencoded", "a=" + strings.Repeat("x", 200), 99, errs.TooLarge},
		{"multipart without boundary", "multipart/form-data", "x", 99, errs.BadRequest},
	}
	for _, c := range cases {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.contentType)
		r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, c.limit)
		if _, err := Read(r); err == nil || errs.KindOf(err) != c.want {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestWhatIsTypedBeforeATooLargeFileComesBack(t *testing.T) {
	t.Parallel()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("hasil", "Sudah dikeruk.")
	for _, size := range []int{10, 1000} {
		part, err := w.CreateFormFile("berkas", "foto.jpg")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(bytes.Repeat([]byte("x"), size))
		_ = w.WriteField("sesudah", "x")
	}
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, "/", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 900)
	f, err := Read(r)
	if errs.KindOf(err) != errs.TooLarge || f.Value("hasil") != "Sudah dikeruk." || len(f.Files("berkas")) != 0 {
		t.Errorf("%v with %+v", err, f)
	}
}

func TestAnswersAreTypedAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	f := read(t, url.Values{
		"judul": {"  Lampu\r\nmati\x07 "}, "lat": {"-5,14"}, "kelas": {"x"}, "surel": {"A@B.id"}, "salah": {"a@b"},
		"hp": {"0812-3456-7890"}, "tgl": {"2026-11-24"}, "id": {"-1"}, "nan": {"NaN"}, "banyak": {"12,5"}, "ribuan": {"1.250"}, "panjang": {strings.Repeat("é", 6)},
	})
	if got := f.Text("judul"); got != "Lampu\nmati" {
		t.Errorf("text %q", got)
	}
	if got := f.Line("judul"); got != "Lampu mati" {
		t.Errorf("line %q", got)
	}
	if got, ok := f.Float("lat", -90, 90, "?"); !ok || got != -5.14 {
		t.Errorf("float %v", got)
	}
	if got, ok := f.Amount("banyak", 0, 1e6, "?"); !ok || got != 12.5 {
		t.Errorf("amount %v", got)
	}
	if got := f.Email("surel"); got != "a@b.id" {
		t.Errorf("email %q", got)
	}
	if got := f.Phone("hp"); got != "+6281234567890" {
		t.Errorf("phone %q", got)
	}
	if got := f.Date("tgl", "?"); got.Format("2006-01-02 15:04 -07") != "2026-11-24 00:00 +08" {
		t.Errorf("date %v", got)
	}
	if !f.OK() {
		t.Fatalf("right answers failed: %v", f.Errors())
	}
	f.Choice("kelas", []string{"a"}, "Pilih kelas.")
	f.Email("salah")
	f.ID("id", "")
	f.Float("nan", 0, 1, "Bukan angka.")
	f.Amount("ribuan", 0, 1e6, "Tanpa titik ribuan.")
	f.Text("panjang", Max(5))
	f.Text("kosong", Required("Isi ini."))
	want := []string{"kelas", "salah", "id", "nan", "ribuan", "panjang", "kosong"}
	if got := f.Errors(); len(got) != len(want) {
		t.Fatalf("errors %v", got)
	} else {
		for i, name := range want {
			if got[i].Name != name {
				t.Errorf("error %d is for %q, want %q", i, got[i].Name, name)
			}
		}
	}
	if f.Value("salah") != "a@b" || errs.KindOf(f.Err()) != errs.Unprocessable {
		t.Error("typed value or kind lost")
	}
}
