package epemerintahanweb

import (
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

type residentView struct {
	Desk *ui.Desk
	epemerintahan.Record
	Full    *epemerintahan.Numbers // opened for this one page
	Letters templ.Component        // nil = none
	Now     time.Time
}

func (k *desk) resident(w http.ResponseWriter, r *http.Request) error {
	return k.showResident(w, r, nil)
}

// reveal shows the page once with the numbers in full.
func (k *desk) reveal(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "penduduk")
	if err != nil {
		return err
	}
	n, err := k.Residents.Reveal(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return err
	}
	return k.showResident(w, r, &n)
}

func (k *desk) showResident(w http.ResponseWriter, r *http.Request, full *epemerintahan.Numbers) error {
	rec, err := k.record(r)
	if err != nil {
		return err
	}
	v := residentView{Desk: frame(r), Record: rec, Full: full, Now: k.Clock.Now()}
	if k.Letters != nil {
		if v.Letters, err = k.Letters(r.Context(), web.ActorOf(r.Context()), rec.ID); err != nil {
			return err
		}
	}
	return web.Render(w, r, http.StatusOK, residentPage(v))
}

func (k *desk) record(r *http.Request) (epemerintahan.Record, error) {
	id, err := web.PathInt(r, "penduduk")
	if err != nil {
		return epemerintahan.Record{}, err
	}
	return k.Residents.View(r.Context(), web.ActorOf(r.Context()), id)
}

var errReadOnly = errs.New(errs.Forbidden, "Anda dapat membaca data ini, tetapi tidak mengubahnya. Minta operator atau sekretaris kelurahan.")

// editable is the record of a resident whom the actor may change.
func (k *desk) editable(r *http.Request) (epemerintahan.Record, error) {
	rec, err := k.record(r)
	if err == nil && !rec.May.Edit {
		err = errReadOnly
	}
	return rec, err
}

func (v residentView) numbers() []ui.SummaryRow {
	nik, kk := numberText(v.NIK, v.NIKStatus), orDash(v.KK)
	if v.Full != nil {
		nik, kk = numberText(v.Full.NIK, v.NIKStatus), orDash(v.Full.KK)
	}
	rows := []ui.SummaryRow{{Key: "NIK", Value: nik}, {Key: "Nomor KK", Value: kk}}
	if v.NIKReason != "" {
		rows = append(rows, ui.SummaryRow{Key: "NIK diloloskan karena", Value: v.NIKReason})
	}
	return rows
}

func (v residentView) facts() []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Key: "Tempat, tanggal lahir", Value: v.BirthPlace + ", " + indo.Date(v.BirthDate)},
		{Key: "Jenis kelamin, umur", Value: sexAge(v.Sex, v.BirthDate, lastDay(v.Status, v.StatusOn, v.Now))},
		{Key: "Agama", Value: epemerintahan.Religions.Name(v.Religion)},
		{Key: "Status perkawinan", Value: epemerintahan.Maritals.Name(v.Marital)},
		{Key: "Pendidikan", Value: epemerintahan.Educations.Name(v.Education)},
		{Key: "Pekerjaan", Value: epemerintahan.Jobs.Name(v.Job)},
		{Key: "Kewarganegaraan", Value: epemerintahan.Citizenships.Name(v.Citizenship)},
		{Key: "Status penduduk", Value: epemerintahan.Permanences.Name(v.Permanence)},
		{Key: "Hubungan keluarga", Value: relationName(v.Relation, v.Status)},
		{Key: "Ayah", Value: orDash(v.FatherName)},
		{Key: "Ibu", Value: orDash(v.MotherName)},
	}
	for _, deed := range []ui.SummaryRow{{Key: "Akta lahir", Value: v.BirthDeed}, {Key: "Akta kawin", Value: v.MarriageDeed}, {Key: "Akta cerai", Value: v.DivorceDeed}} {
		if deed.Value != "" {
			rows = append(rows, deed)
		}
	}
	return rows
}

// moments are the events, newest first.
func (v residentView) moments() []ui.Moment {
	out := make([]ui.Moment, len(v.Events))
	for i, e := range v.Events {
		m := ui.Moment{Title: EventName(e.Kind) + " " + indo.Date(e.HappenedOn), Who: e.By + ", " + e.KelurahanName, At: e.RecordedAt, Text: eventText(e.Event), Tone: eventTone(e.Kind)}
		if e.Kind == epemerintahan.Reversal {
			m.Title = "Dibatalkan: " + strings.ToLower(EventName(v.kindOf(e.Reverses)))
		}
		out[len(out)-1-i] = m
	}
	return out
}

func (v residentView) kindOf(seq int) epemerintahan.EventKind {
	for _, e := range v.Events {
		if e.Seq == seq {
			return e.Kind
		}
	}
	return ""
}

func eventTone(k epemerintahan.EventKind) string {
	switch k {
	case epemerintahan.Registered, epemerintahan.Born, epemerintahan.MovedIn:
		return "success"
	case epemerintahan.Reversal:
		return "danger"
	}
	return "warning"
}

func eventText(e epemerintahan.Event) string {
	var parts []string
	add := func(label, v string) {
		if v != "" {
			parts = append(parts, label+v)
		}
	}
	add("Di ", e.Detail.Place)
	add("Ke ", e.Detail.Destination)
	add("Dari ", e.Detail.Origin)
	add("Surat ", e.Detail.Letter)
	add("", e.Reason)
	return strings.Join(parts, ". ")
}

// changeTitle says what a correction was.
func changeTitle(what string) string {
	switch what {
	case "pisah":
		return "Pisah KK"
	case "pindah":
		return "Pindah keluarga atau alamat"
	case "hapus":
		return "Dihapus"
	}
	return "Data diubah"
}

func changeMoments(cs []epemerintahan.Change) []ui.Moment {
	out := make([]ui.Moment, len(cs))
	for i, c := range cs {
		out[i] = ui.Moment{Title: changeTitle(c.What), Who: c.By, At: c.At, Text: c.Reason, Body: changeFields(c.Fields)}
	}
	return out
}

// nextName says an event as something to do.
func nextName(k epemerintahan.EventKind) string {
	switch k {
	case epemerintahan.Died:
		return "Meninggal"
	case epemerintahan.MovedOut:
		return "Pindah keluar"
	case epemerintahan.Lost:
		return "Hilang"
	}
	return "Datang kembali"
}
