package georeport

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// open and closed as the specification has them: what is repaired or answered is closed,
// though the reporter may still dispute it.
const (
	statusOpen   = "open"
	statusClosed = "closed"
)

func statusOf(s mtr.Status) string {
	if s == mtr.Done || s.Terminal() {
		return statusClosed
	}
	return statusOpen
}

// statuses are those of ours that are one of theirs.
func statuses(of string) (out []mtr.Status) {
	for _, s := range mtr.Statuses {
		if statusOf(s) == of {
			out = append(out, s)
		}
	}
	return out
}

func (s *server) requests(w http.ResponseWriter, r *http.Request) error {
	p, err := asked(r)
	if err != nil {
		return err
	}
	g, err := p.page()
	if err != nil {
		return err
	}
	extended, err := p.yes("extensions")
	if err != nil {
		return err
	}
	f, err := s.filter(r, p)
	if err != nil {
		return err
	}
	f.Offset, f.Limit = g.offset(), g.size
	reports, more, err := s.MTR.OpenReports(r.Context(), f)
	if err != nil {
		return err
	}
	g.link(w, r, s.BaseURL, p, more)
	return s.show(w, r, reports, extended)
}

// filter reads what narrows the list; service_request_id overrides everything else.
func (s *server) filter(r *http.Request, p params) (f mtr.OpenFilter, err error) {
	if f.Numbers = upper(p.many("service_request_id")); f.Numbers != nil {
		if len(f.Numbers) > mostRows {
			return f, bad("Paling banyak 1.000 service_request_id sekaligus.")
		}
		return f, nil
	}
	for _, code := range p.many("service_code") {
		c, err := s.category(r, code)
		if err != nil {
			return f, err
		}
		f.Categories = append(f.Categories, c.ID)
	}
	for _, v := range p.many("status") {
		if v != statusOpen && v != statusClosed {
			return f, bad("status harus open atau closed.")
		}
		f.Statuses = append(f.Statuses, statuses(v)...)
	}
	f.From, f.To, err = p.stretch(s.Clock.Now())
	return f, err
}

func upper(list []string) (out []string) {
	for _, v := range list {
		out = append(out, strings.ToUpper(v))
	}
	return out
}

func (s *server) request(w http.ResponseWriter, r *http.Request) error {
	p, err := asked(r)
	if err != nil {
		return err
	}
	extended, err := p.yes("extensions")
	if err != nil {
		return err
	}
	id := web.Path(r, "id")
	missing := errs.New(errs.NotFound, "service_request_id tidak ada.")
	if !utf8.ValidString(id) || strings.ContainsAny(id, "\x00,") {
		return missing
	}
	reports, _, err := s.MTR.OpenReports(r.Context(), mtr.OpenFilter{Numbers: []string{strings.ToUpper(id)}, Limit: 1})
	if err == nil && len(reports) == 0 {
		err = missing
	}
	if err != nil {
		return err
	}
	return s.show(w, r, reports, extended)
}

func (s *server) show(w http.ResponseWriter, r *http.Request, reports []mtr.OpenReport, extended bool) error {
	out := list{name: "service_requests"}
	var notes map[int64][]mtr.OpenUpdate
	var categories []mtr.Category
	if extended {
		ids := make([]int64, len(reports))
		for i, rep := range reports {
			ids[i] = rep.ID
		}
		var err error
		if notes, err = s.MTR.OpenNotes(r.Context(), ids); err != nil {
			return err
		}
		if categories, err = s.MTR.Categories(r.Context()); err != nil {
			return err
		}
	}
	for _, rep := range reports {
		e := s.record(rep)
		if extended {
			i := slices.IndexFunc(categories, func(c mtr.Category) bool { return c.ID == rep.CategoryID })
			if i >= 0 {
				e.fields = append(e.fields, field{"attributes", attributesOf(categories[i], rep.Extra)})
			} else {
				e.fields = append(e.fields, field{"attributes", list{name: "attributes"}})
			}
			e.fields = append(e.fields, s.extras(rep), field{"notes", notesOf(notes[rep.ID])})
		}
		out.items = append(out.items, e)
	}
	return write(w, r, http.StatusOK, out)
}

// record is a report in the fields of the specification.
func (s *server) record(r mtr.OpenReport) element {
	return element{"request", []field{
		{"service_request_id", r.Number}, {"status", statusOf(r.Status)}, {"status_notes", text(notesLine(r.Status, r.Reason))},
		{"service_name", plain(r.CategoryName)}, {"service_code", r.CategoryCode}, {"description", text(words(r))},
		{"agency_responsible", text(r.UnitName)}, {"service_notice", nil},
		{"requested_datetime", r.ReceivedAt}, {"updated_datetime", updated(r)}, {"expected_datetime", moment(r.ExpectedAt)},
		{"address", text(address(r))}, {"address_id", text(r.KelurahanCode)}, {"zipcode", nil},
		{"lat", number(r.Lat)}, {"long", number(r.Lng)}, {"media_url", text(s.photo(r.Photo))},
	}}
}

func notesLine(st mtr.Status, reason string) string {
	if reason == "" {
		return st.Label()
	}
	return st.Label() + ": " + reason
}

// words are title and text as one, without saying the title twice.
func words(r mtr.OpenReport) string {
	all := r.Body
	if t := strings.TrimSuffix(r.Title, "…"); !strings.HasPrefix(r.Body, t) {
		all = strings.TrimSpace(r.Title + "\n\n" + r.Body)
	}
	return short(all, mtr.MaxBody)
}

// short keeps the first n characters.
func short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

// updated is when the public saw it change last; of what is closed, when it was closed.
func updated(r mtr.OpenReport) time.Time {
	switch {
	case (r.Status == mtr.Done || r.Status == mtr.Closed) && r.DoneAt != nil:
		return *r.DoneAt
	case r.Status.Terminal() && r.ClosedAt != nil:
		return *r.ClosedAt
	}
	return r.ChangedAt
}

func address(r mtr.OpenReport) string {
	var parts []string
	if r.Landmark != "" {
		parts = append(parts, r.Landmark)
	}
	if r.KelurahanName != "" {
		parts = append(parts, "Kelurahan "+r.KelurahanName, "Kecamatan "+r.KecamatanName, "Kota Makassar")
	}
	return strings.Join(parts, ", ")
}

func (s *server) photo(ref string) string {
	if ref == "" {
		return ""
	}
	return s.BaseURL + "/mtr/foto/" + ref + "/" + string(mtr.Large)
}

// attributesOf are the answers that were chosen or counted; what was typed freely may hold
// what nobody has looked at, and stays away.
func attributesOf(c mtr.Category, extra map[string]string) list {
	out := list{name: "attributes"}
	for _, q := range c.Questions {
		v := extra[q.Code]
		if v == "" || q.Kind == mtr.QuestionText {
			continue
		}
		name := v
		for _, o := range q.Options {
			if o.Value == v {
				name = o.Label
			}
		}
		out.items = append(out.items, element{"attribute", []field{
			{"code", q.Code}, {"label", plain(q.Text)}, {"key", plain(v)}, {"name", plain(name)},
		}})
	}
	return out
}

// extras are what the portal knows beyond the specification.
func (s *server) extras(r mtr.OpenReport) field {
	return field{"extended_attributes", element{"extended_attributes", []field{
		{"status_code", string(r.Status)}, {"status_label", r.Status.Label()}, {"class", string(r.Class)},
		{"detail_url", s.BaseURL + "/mtr/laporan/" + r.Number}, {"reopened", r.Reopens}, {"rating", rating(r.Rating)},
	}}}
}

func rating(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

func notesOf(us []mtr.OpenUpdate) list {
	out := list{name: "notes"}
	for _, u := range us {
		out.items = append(out.items, element{"note", []field{
			{"datetime", u.At}, {"description", plain(told(u))}, {"type", string(u.Action)},
		}})
	}
	return out
}

func (s *server) token(w http.ResponseWriter, r *http.Request) error {
	if _, err := asked(r); err != nil {
		return err
	}
	token := web.Path(r, "token")
	number, err := s.MTR.NumberOf(r.Context(), token)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.NotFound, "token tidak ada.")
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return write(w, r, http.StatusOK, list{"service_requests", []element{
		{"request", []field{{"service_request_id", text(number)}, {"token", token}}},
	}})
}
