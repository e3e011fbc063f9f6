package eofficeweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	timePath = deskPath + "/waktu-meja"
	paramBy  = "menurut"
	paramKey = "yang"
)

// timeView is how long things lie on desks, or the steps behind one of the figures.
type timeView struct {
	Desk     *ui.Desk
	By       eoffice.By
	From, To time.Time
	Times    []eoffice.DeskTime
	Key      string
	Cases    []eoffice.DeskCase
	Errors   form.Errors
	Form     *form.Form
}

var byLabels = map[eoffice.By]string{eoffice.ByStep: "Langkah", eoffice.ByDesk: "Meja", eoffice.ByKind: "Jenis naskah", eoffice.ByUrgency: "Urgensi"}

// steps name what somebody did, by object and action.
var steps = map[string]string{
	"naskah.paraf": "Memaraf", "naskah.tanda_tangan": "Menandatangani", "naskah.kembalikan": "Mengembalikan kepada konseptor", "naskah.mundur": "Mengembalikan satu meja",
	"naskah.cetak": "Memberi nomor untuk tanda tangan tinta", "naskah.pindai": "Memindai sesudah tanda tangan tinta", "naskah.kirim": "Mengirim", "naskah.arahkan": "Mengarahkan surat dari luar",
	"kiriman.terima": "Mengagendakan", "kiriman.baca": "Membaca naskah masuk", "kiriman.selesai": "Menyelesaikan naskah masuk", "disposisi.baca": "Membaca disposisi",
	"disposisi.lapor": "Mengerjakan disposisi sampai lapor", "disposisi.terima_laporan": "Menerima laporan disposisi", "disposisi.kembalikan_laporan": "Mengembalikan laporan disposisi",
}

// keyName names a group of times.
func keyName(by eoffice.By, key string) string {
	switch by {
	case eoffice.ByStep:
		return steps[key]
	case eoffice.ByKind:
		return kindName(key)
	case eoffice.ByUrgency:
		return eoffice.Urgency(key).Label()
	}
	return key
}

// worked is working time in words: a working day has 7.5 hours.
func worked(minutes float64) string {
	m := int(minutes + 0.5)
	switch {
	case m < 60:
		return strconv.Itoa(m) + " menit"
	case m < 450:
		return indo.Decimal(float64(m)/60, 1) + " jam"
	}
	return indo.Decimal(float64(m)/450, 1) + " hari kerja"
}

func (k *desk) deskTimes(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Query(r)
	if err != nil {
		return err
	}
	v := timeView{By: eoffice.By(f.Line(paramBy)), From: f.Date(paramSince, ""), To: f.Date(paramUntil, ""), Key: f.Line(paramKey), Form: f}
	if !slices.Contains(eoffice.Bys, v.By) {
		v.By = eoffice.ByStep
	}
	if v.To.IsZero() {
		y, mo, d := k.Clock.Now().In(indo.WITA).Date()
		v.To = time.Date(y, mo, d, 0, 0, 0, 0, indo.WITA)
	}
	if v.From.IsZero() {
		v.From = v.To.AddDate(0, 0, -29)
	}
	status := http.StatusOK
	if f.OK() {
		if v.Times, err = k.Office.DeskTimes(ctx, a, v.By, v.From, v.To); err == nil && v.Key != "" {
			v.Cases, err = k.Office.DeskCases(ctx, a, v.By, v.Key, v.From, v.To)
		}
		if errs.KindOf(err) == errs.Unprocessable && err != nil {
			f.FailWith(err)
		} else if err != nil {
			return err
		}
	}
	if !f.OK() {
		status = http.StatusUnprocessableEntity
	}
	v.Errors = f.Errors()
	if v.Desk, err = k.side(ctx, a, timePath); err != nil {
		return err
	}
	return web.Render(w, r, status, timePage(v))
}

func (v timeView) href(key string) string {
	q := url.Values{paramBy: {string(v.By)}, paramSince: {v.From.Format(time.DateOnly)}, paramUntil: {v.To.Format(time.DateOnly)}}
	if key != "" {
		q.Set(paramKey, key)
	}
	return timePath + "?" + q.Encode()
}

func (v timeView) byControl() ui.Control {
	c := ui.Control{Name: paramBy, Label: "Menurut", Value: string(v.By)}
	for _, b := range eoffice.Bys {
		c.Options = append(c.Options, ui.Option{Value: string(b), Label: byLabels[b]})
	}
	return c
}

func (v timeView) dateControl(name, label string, at time.Time) ui.Control {
	return ui.Control{Name: name, Label: label, Type: "date", Value: at.Format(time.DateOnly), Error: v.Errors.Get(name)}
}

func (v timeView) title() string {
	if v.Key == "" {
		return "Waktu di meja"
	}
	return "Waktu di meja: " + strings.ToLower(keyName(v.By, v.Key))
}
