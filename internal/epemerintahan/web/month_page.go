package epemerintahanweb

import (
	"io"
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const paramBasis = "dasar"

type monthView struct {
	Desk     *ui.Desk
	Month    epemerintahan.Month
	Kinds    []epemerintahan.EventKind
	Labels   []string
	Controls []ui.Control
	Now      time.Time
	File     string
	Earlier  string
	Later    string // "" = not yet
}

// monthOf reads which report is asked for and makes it. The city's own has none: whoever
// works there begins with the first kecamatan.
func (k *desk) monthOf(r *http.Request) (epemerintahan.Month, error) {
	q, err := form.Query(r)
	if err != nil {
		return epemerintahan.Month{}, err
	}
	area, err := readArea(q)
	if err != nil {
		return epemerintahan.Month{}, err
	}
	month, err := readMonth(q, k.Clock.Now())
	if err != nil {
		return epemerintahan.Month{}, err
	}
	basis := epemerintahan.Basis(q.Choice(paramBasis, []string{"", string(epemerintahan.ByEvent), string(epemerintahan.ByRecord)}, ""))
	if basis == "" {
		basis = epemerintahan.ByEvent
	}
	if !q.OK() {
		return epemerintahan.Month{}, errs.New(errs.BadRequest, "Dasar laporan ini tidak dikenal.")
	}
	a := web.ActorOf(r.Context())
	if area.UnitID == 0 {
		places, err := k.Residents.Places(r.Context(), a)
		if err != nil {
			return epemerintahan.Month{}, err
		}
		for _, p := range places {
			if p.ParentID != 0 {
				area.UnitID = p.ID
				break
			}
		}
	}
	return k.Residents.MonthlyReport(r.Context(), a, area, month, basis)
}

func monthHref(path string, m epemerintahan.Month, from time.Time) string {
	q := areaQuery(m.Area)
	q.Set(paramMonth, from.Format("2006-01"))
	q.Set(paramBasis, string(m.Basis))
	return path + "?" + q.Encode()
}

func (k *desk) month(w http.ResponseWriter, r *http.Request) error {
	m, err := k.monthOf(r)
	if err != nil {
		return err
	}
	v := monthView{Desk: frame(r), Month: m, Now: k.Clock.Now()}
	v.Kinds, v.Labels = m.Used()
	places := m.Places
	if len(places) > 0 && places[0].ParentID == 0 {
		places = places[1:]
	}
	v.Controls = append(areaControls(places, m.Area, m.Place.IsKelurahan()),
		ui.Control{Name: paramMonth, Label: "Bulan", Type: "month", Value: m.From.Format("2006-01"), Max: v.Now.Format("2006-01")},
		ui.Control{Name: paramBasis, Label: "Dihitung menurut", Value: string(m.Basis), Options: []ui.Option{
			{Value: string(epemerintahan.ByEvent), Label: "Tanggal kejadian"}, {Value: string(epemerintahan.ByRecord), Label: "Tanggal dicatat"},
		}})
	v.File, v.Earlier = monthHref(monthPath+"/unduh/xlsx", m, m.From), monthHref(monthPath, m, m.From.AddDate(0, -1, 0))
	if later := m.From.AddDate(0, 1, 0); !later.After(epemerintahan.FirstOfMonth(v.Now)) {
		v.Later = monthHref(monthPath, m, later)
	}
	return web.Render(w, r, http.StatusOK, monthPage(v))
}

func (k *desk) monthFile(w http.ResponseWriter, r *http.Request) error {
	format, err := formatOf(r)
	if err != nil {
		return err
	}
	m, err := k.monthOf(r)
	if err != nil {
		return err
	}
	return download(w, "laporan-bulanan-"+m.From.Format("2006-01"), format, func(w io.Writer) error {
		return epemerintahan.ExportMonth(m, format, w)
	})
}

func partsTitle(m epemerintahan.Month) string {
	if m.Place.IsKelurahan() {
		return "Menurut RT"
	}
	return "Menurut kelurahan"
}
