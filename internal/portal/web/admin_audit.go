package portalweb

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

type trailView struct {
	Desk    *ui.Desk
	Errors  form.Errors
	Fields  []adminField
	Filter  portal.TrailFilter
	Entries []portal.TrailEntry
	ActName func(action string) string
	Next    string
	Export  string
}

// readTrail reads the filter of an address.
func readTrail(q *form.Form) portal.TrailFilter {
	f := portal.TrailFilter{
		From: q.Date("dari", ""), To: q.Date("sampai", ""), Actor: q.Line("pelaku", form.Max(200)),
		Action: strings.ToLower(q.Line("tindakan", form.Max(100))), Object: strings.ToLower(q.Line("objek", form.Max(100))),
		ObjectID: q.ID("nomor", ""),
	}
	if !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1) // the last day included
		if !f.To.After(f.From) {
			q.Fail("sampai", "Tanggal sampai harus sesudah tanggal dari.")
		}
	}
	return f
}

func trailFields(q *form.Form) (fields []adminField) {
	for _, c := range []adminField{
		{As: "date", Control: ui.Control{Name: "dari", Label: "Dari tanggal"}},
		{As: "date", Control: ui.Control{Name: "sampai", Label: "Sampai tanggal"}},
		{Control: ui.Control{Name: "pelaku", Label: "Pelaku", Hint: "Nama atau nomor akun"}},
		{Control: ui.Control{Name: "tindakan", Label: "Tindakan", Hint: "Awalannya, misalnya org.unit"}},
		{Control: ui.Control{Name: "objek", Label: "Objek", Hint: "Misalnya org_unit"}},
		{Control: ui.Control{Name: "nomor", Label: "Nomor objek", InputMode: "numeric"}},
	} {
		c.Value, c.Error = q.Value(c.Name), q.Errors().Get(c.Name)
		fields = append(fields, c)
	}
	return fields
}

func (h *admin) trail(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v := trailView{Desk: h.desk(r), ActName: h.actName, Filter: readTrail(q)}
	if v.Filter.Before, err = trailCursor(q.Value("sebelum")); err != nil {
		return err
	}
	v.Fields, v.Errors = trailFields(q), q.Errors()
	if !q.OK() {
		return web.Render(w, r, http.StatusUnprocessableEntity, trailPage(v))
	}
	if v.Entries, err = h.Admin.Trail(r.Context(), web.ActorOf(r.Context()), v.Filter, pageRows+1); err != nil {
		return err
	}
	kept := trailQuery(q)
	v.Export = adminHref("audit", "unduh") + "?" + kept.Encode()
	if len(v.Entries) > pageRows {
		v.Entries = v.Entries[:pageRows]
		kept.Set("sebelum", strconv.FormatInt(v.Entries[pageRows-1].ID, 10))
		v.Next = adminHref("audit") + "?" + kept.Encode()
	}
	return web.Render(w, r, http.StatusOK, trailPage(v))
}

func trailCursor(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(s, 10, 64)
	if err != nil || id <= 0 {
		return 0, errs.New(errs.BadRequest, "Halaman ini tidak ada. Mulai lagi dari halaman pertama.")
	}
	return id, nil
}

func trailQuery(q *form.Form) url.Values {
	v := url.Values{}
	for _, name := range []string{"dari", "sampai", "pelaku", "tindakan", "objek", "nomor"} {
		if s := q.Value(name); s != "" {
			v.Set(name, s)
		}
	}
	return v
}

// exportTrail streams what the filter finds as CSV. The headers go out with the
// first row, so that a refusal is still a page.
func (h *admin) exportTrail(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	f := readTrail(q)
	if !q.OK() {
		return q.Err()
	}
	a, ctx := web.ActorOf(r.Context()), r.Context()
	out, rc := csv.NewWriter(w), http.NewResponseController(w)
	begun, checked := false, time.Now()
	begin := func() error {
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="jejak-audit.csv"`)
		w.Header().Set("Cache-Control", "no-store")
		return out.Write([]string{"nomor", "waktu", "pelaku", "nomor_akun", "nama", "tindakan", "objek", "nomor_objek", "unit", "permintaan", "rincian"})
	}
	n := 0
	err = h.Admin.ExportTrail(ctx, a, f, func(e portal.TrailEntry) error {
		if !begun {
			if err := begin(); err != nil {
				return err
			}
		}
		if n%500 == 0 {
			_ = rc.SetWriteDeadline(time.Now().Add(30 * time.Second)) // tests' writers have none
			if time.Since(checked) > time.Minute {
				if valid, err := session.StillValid(ctx); err != nil || !valid {
					return ctx.Err()
				}
				checked = time.Now()
			}
			out.Flush()
		}
		n++
		return out.Write([]string{
			strconv.FormatInt(e.ID, 10), e.At.In(clock.Makassar).Format(time.RFC3339), plainCell(e.Actor), zeroEmpty(e.AccountID), plainCell(e.ActorName),
			e.Action, e.Object, zeroEmpty(e.ObjectID), plainCell(e.UnitName), plainCell(e.RequestID), string(e.Detail),
		})
	})
	if !begun {
		if err != nil {
			return err
		}
		if err = begin(); err != nil {
			return err
		}
	}
	out.Flush()
	return nil // what fails now can only cut the stream short
}

// plainCell keeps spreadsheets from taking a text for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func zeroEmpty(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func trailActor(e portal.TrailEntry) string {
	if e.ActorName == "" && e.Actor == "anonim" {
		return "Tanpa akun" // a report can be "anonim" too, which is another thing
	}
	return orElse(e.ActorName, e.Actor)
}

func trailObject(e portal.TrailEntry) string {
	if e.ObjectID == 0 {
		return e.Object
	}
	return e.Object + " " + strconv.FormatInt(e.ObjectID, 10)
}

// trailDetail is the detail on one line, "" when there is none.
func trailDetail(e portal.TrailEntry) string {
	if s := string(e.Detail); s != "{}" {
		return s
	}
	return ""
}
