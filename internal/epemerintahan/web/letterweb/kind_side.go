package letterweb

import (
	"net/http"
	"net/url"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// paramKelurahan says which kelurahan's settings are shown; "" or 0: the city's.
const paramKelurahan = "kelurahan"

// settings are where the reader sets letters up, and which of it is shown.
type settings struct {
	Desk   *ui.Desk
	City   bool // the reader may change the city's
	Places []epemerintahan.Kelurahan
	UnitID int64 // 0: the city
	Name   string
}

// settingsOf reads which unit the request is about. One that is not the reader's is
// errs.NotFound, as is the city where a page (cityToo false) has nothing to say of it.
func (k *desk) settingsOf(r *http.Request, value, current string, cityToo bool) (s settings, err error) {
	a := web.ActorOf(r.Context())
	if s.City, err = k.Letters.ConfiguresCity(r.Context(), a); err != nil {
		return s, err
	}
	if s.Places, err = k.Residents.Workplaces(r.Context(), a, letter.PermConfigure); err != nil {
		return s, err
	}
	s.Desk = settingsDesk(r, current)
	if value != "" {
		if s.UnitID, err = strconv.ParseInt(value, 10, 64); err != nil {
			return s, errs.New(errs.NotFound, "")
		}
	} else if !(s.City && cityToo) && len(s.Places) > 0 {
		s.UnitID = s.Places[0].ID
	}
	if s.UnitID == 0 && s.City && cityToo {
		s.Name = "Seluruh kota"
		return s, nil
	}
	for _, p := range s.Places {
		if p.ID == s.UnitID {
			s.Name = p.Name
			return s, nil
		}
	}
	return s, errs.New(errs.NotFound, "Kelurahan ini tidak ada di wilayah Anda.")
}

// settingsDesk is the side list of the settings. Their reader is here to set things
// up: the queues stand without counts, which nothing has to be asked for.
func settingsDesk(r *http.Request, current string) *ui.Desk {
	a := web.ActorOf(r.Context())
	d := &ui.Desk{Title: "Surat kelurahan", Subtitle: a.Workplace(), Groups: deskGroups(a, nil)}
	return d.End(current)
}

// settingsItems are the settings in the side list.
func settingsItems() []ui.DeskItem {
	return []ui.DeskItem{
		{Label: "Jenis surat", Href: kindsPath}, {Label: "Kop dan nomor surat", Href: officePath}, {Label: "Kontak RT dan RW", Href: officePath + "/rt"},
		{Label: "Masa simpan berkas", Href: retentionPath},
	}
}

// at is an address of the settings of the unit shown.
func (s settings) at(path string) string {
	if s.UnitID == 0 {
		return path
	}
	return path + "?" + url.Values{paramKelurahan: {strconv.FormatInt(s.UnitID, 10)}}.Encode()
}

func (s settings) unit() string { return strconv.FormatInt(s.UnitID, 10) }

// choose is the list of units to choose from; "" where there is only one.
func (s settings) choose(cityToo bool) ui.Control {
	c := ui.Control{Name: paramKelurahan, Label: "Pengaturan untuk", Value: s.unit(), Width: "medium"}
	if s.City && cityToo {
		c.Options = append(c.Options, ui.Option{Value: "0", Label: "Seluruh kota"})
	}
	for _, p := range s.Places {
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(p.ID, 10), Label: p.Name})
	}
	return c
}
