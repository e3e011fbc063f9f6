package portalweb

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

const dataPath = "/akun/data"

// dataView is all that the portal holds about the reader.
type dataView struct {
	Parts    []dossier.Part
	Request  portal.Erasure // the last one; ID 0 for none
	Verdicts []portal.Verdict
	Actor    authz.Actor
	Now      time.Time
}

// shownRecords of a part are on the page; the file has all.
const shownRecords = 5

func (d AccountDeps) dataOf(r *http.Request) (v dataView, err error) {
	v = dataView{Actor: web.ActorOf(r.Context()), Now: d.Clock.Now()}
	if v.Parts, err = d.Personal.Own(r.Context(), v.Actor); err != nil {
		return v, err
	}
	v.Request, v.Verdicts, err = d.Personal.Latest(r.Context(), v.Actor)
	return v, err
}

func (v dataView) title(code string) string {
	for _, p := range v.Parts {
		if p.Code == code {
			return p.Title
		}
	}
	return code
}

func (d AccountDeps) ownData(w http.ResponseWriter, r *http.Request) error {
	v, err := d.dataOf(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, ownDataPage(v, answers{}))
}

// The file, in words that its owner reads.
type (
	dataFile struct {
		Made  string     `json:"dibuat"`
		Parts []dataPart `json:"bagian"`
	}
	dataPart struct {
		Title   string       `json:"judul"`
		Why     string       `json:"untuk_apa"`
		Kept    string       `json:"berapa_lama"`
		Records []dataRecord `json:"catatan"`
	}
	dataRecord struct {
		Title  string      `json:"judul"`
		At     string      `json:"waktu,omitempty"`
		Fields []dataField `json:"isi,omitempty"`
	}
	dataField struct {
		Name  string `json:"nama"`
		Value string `json:"nilai"`
	}
)

func fileOf(parts []dossier.Part, now time.Time) dataFile {
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(clock.Makassar).Format(time.RFC3339)
	}
	f := dataFile{Made: stamp(now), Parts: []dataPart{}}
	for _, p := range parts {
		part := dataPart{Title: p.Title, Why: p.Why, Kept: p.Kept, Records: []dataRecord{}}
		for _, rec := range p.Records {
			one := dataRecord{Title: rec.Title, At: stamp(rec.At)}
			for _, x := range rec.Fields {
				one.Fields = append(one.Fields, dataField(x))
			}
			part.Records = append(part.Records, one)
		}
		f.Parts = append(f.Parts, part)
	}
	return f
}

func (d AccountDeps) ownDataFile(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var parts []dossier.Part
	err = d.confirmed(r, f, func() (err error) {
		parts, err = d.Personal.Export(r.Context(), web.ActorOf(r.Context()))
		return err
	})
	if err != nil {
		v, readErr := d.dataOf(r)
		if readErr != nil {
			return readErr
		}
		return refuse(w, r, f, err, func(a answers) templ.Component { return ownDataPage(v, a) })
	}
	out := json.NewEncoder(web.NewDownload(w, "application/json", "data-saya.json"))
	out.SetIndent("", "  ")
	return out.Encode(fileOf(parts, d.Clock.Now()))
}

func (d AccountDeps) erase(w http.ResponseWriter, r *http.Request) error {
	v, err := d.dataOf(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, erasePage(v, answers{}))
}

func (d AccountDeps) eraseSend(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = d.confirmed(r, f, func() error { return d.Personal.AskErasure(r.Context(), web.ActorOf(r.Context())) })
	if err != nil {
		v, readErr := d.dataOf(r)
		if readErr != nil {
			return readErr
		}
		return refuse(w, r, f, err, func(a answers) templ.Component { return erasePage(v, a) })
	}
	web.Flash(r, "success", "Permintaan Anda sudah kami terima. Hasilnya kami kabarkan ke kontak Anda.")
	return web.Redirect(w, r, dataPath)
}

func (d AccountDeps) eraseWithdraw(w http.ResponseWriter, r *http.Request) error {
	if err := d.Personal.WithdrawErasure(r.Context(), web.ActorOf(r.Context())); err != nil {
		return err
	}
	web.Flash(r, "success", "Permintaan ditarik. Tidak ada yang dihapus.")
	return web.Redirect(w, r, dataPath)
}
