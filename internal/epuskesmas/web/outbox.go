package epuskesmasweb

import (
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/epuskesmas/bpjs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// outboxView is what was told to BPJS and SATUSEHAT, and a refused form.
type outboxView struct {
	bpjs.Outbox
	Desk *ui.Desk
	Form *form.Form
}

func (k *setting) loadOutbox(r *http.Request) (v outboxView, err error) {
	a := web.ActorOf(r.Context())
	if v.Outbox, err = k.BPJS.Outbox(r.Context(), a, web.Path(r, "puskesmas")); err != nil {
		return v, err
	}
	v.Desk = settingSide(a, v.Site, "/bpjs")
	return v, nil
}

func (k *setting) outbox(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadOutbox(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, outboxPage(v))
}

func (k *setting) sendAgain(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	slug := web.Path(r, "puskesmas")
	if err := k.BPJS.Again(r.Context(), web.ActorOf(r.Context()), slug, id); err != nil {
		return err
	}
	web.Flash(r, "success", "Pesan itu dikirim lagi.")
	return web.Redirect(w, r, settingPath+"/"+slug+"/bpjs/kiriman")
}

func (k *setting) savePlaces(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadOutbox(r)
	if err != nil {
		return err
	}
	typed := func(places []bpjs.Place, prefix string) map[int64]string {
		out := map[int64]string{}
		for _, p := range places {
			if name := prefix + itoa(p.ID); f.Has(name) {
				out[p.ID] = strings.TrimSpace(f.Line(name))
			}
		}
		return out
	}
	err = k.BPJS.SavePlaces(r.Context(), web.ActorOf(r.Context()), v.Site.Slug, typed(v.Polis, bpjs.ControlLocation), typed(v.Doctors, bpjs.ControlIHS))
	if err == nil {
		web.Flash(r, "success", "Nomor SATUSEHAT disimpan.")
		return web.Redirect(w, r, bpjsHref(v.Site)+"/kiriman")
	}
	if !f.FailWith(err) {
		return err
	}
	v.Form = f
	return web.Render(w, r, http.StatusUnprocessableEntity, outboxPage(v))
}

// encounter is a visit as a FHIR file.
func (k *setting) encounter(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	data, err := k.BPJS.ExportEncounter(r.Context(), web.ActorOf(r.Context()), web.Path(r, "puskesmas"), id)
	if err != nil {
		return err
	}
	_, err = web.NewDownload(w, "application/fhir+json", "encounter-"+itoa(id)+".json").Write(data)
	return err
}

// place is the field of a number of SATUSEHAT.
func (v outboxView) place(prefix string, p bpjs.Place) ui.Control {
	c := ui.Control{Name: prefix + itoa(p.ID), Label: p.Name, Value: p.Number, Autocomplete: "off"}
	return c.Typed(v.Form)
}

// kindText says what a message tells.
func kindText(kind string) string {
	switch kind {
	case bpjs.KindAdd:
		return "Nomor diberikan"
	case bpjs.KindCame:
		return "Pasien dilayani"
	case bpjs.KindNoShow:
		return "Pasien tidak hadir"
	case bpjs.KindCancel:
		return "Nomor dibatalkan"
	case bpjs.KindEncounter:
		return "Kunjungan ke SATUSEHAT"
	}
	return kind
}

func sentTone(status string) string {
	switch status {
	case "terkirim":
		return "success"
	case "ditolak":
		return "danger"
	}
	return "neutral"
}
