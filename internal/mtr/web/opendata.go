package mtrweb

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Where the open data is.
const (
	dataPath  = "/mtr/data"
	dailyPath = dataPath + "/harian"
	qFormat   = "format"
)

// dataPerMinute is how many files one network may have made in a minute.
const dataPerMinute = 30

func (h *pages) dataRoutes() []web.Route {
	made := func(path string, handle web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: path, Access: web.Public, Handle: handle, Stream: true, PerMinute: dataPerMinute}
	}
	return []web.Route{
		same(dataPath, h.data),
		get(dataPath+"/skema.json", web.Public, h.dataSchema),
		made(dataPath+"/laporan", h.dataReports),
		made(dataPath+"/statistik", h.dataFigures),
		{Method: http.MethodGet, Pattern: dailyPath + "/{berkas}", Access: web.Public, Handle: h.dailyFile, Stream: true},
	}
}

// formatOf is the format that an address asks for.
func formatOf(q *form.Form) (mtr.DataFormat, error) {
	f := mtr.DataFormat(q.Value(qFormat))
	if !slices.Contains(mtr.DataFormats, f) {
		return f, errs.New(errs.BadRequest, "Pilih format csv, xlsx, atau geojson.")
	}
	return f, nil
}

func (h *pages) dataReports(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	format, err := formatOf(q)
	if err != nil {
		return err
	}
	v, err := h.readFilter(r.Context(), q)
	if err != nil {
		return err
	}
	var span *mtr.Span
	if q.Value(qFrom) != "" || q.Value(qTo) != "" {
		s, err := readSpan(q, h.now())
		if err != nil {
			return err
		}
		span = &s
	}
	return notHalf(w, format.Type(), "laporan-"+h.today()+"."+string(format), func(out *web.Download) error {
		return h.MTR.WriteReports(r.Context(), v.Filter, span, format, out)
	})
}

func (h *pages) dataFigures(w http.ResponseWriter, r *http.Request) error {
	v, span, err := h.asking(r)
	if err != nil {
		return err
	}
	format, err := formatOf(v.query)
	if err != nil {
		return err
	}
	return notHalf(w, format.Type(), "statistik-"+h.today()+"."+string(format), func(out *web.Download) error {
		return h.MTR.WriteFigures(r.Context(), v.Filter, span, format, out)
	})
}

func (h *pages) today() string { return h.now().In(indo.WITA).Format(time.DateOnly) }

// notHalf sends a file. One that fails after its first byte breaks the connection, so that
// nobody takes a part for the whole.
func notHalf(w http.ResponseWriter, contentType, name string, write func(*web.Download) error) error {
	out := web.NewDownload(w, contentType, name)
	err := write(out)
	if err != nil && out.Begun() {
		panic(http.ErrAbortHandler)
	}
	return err
}

func (h *pages) dailyFile(w http.ResponseWriter, r *http.Request) error {
	name := web.Path(r, "berkas")
	body, info, err := h.MTR.OpenFile(r.Context(), name)
	if err != nil {
		return err
	}
	return web.ServeDownload(w, r, body, info.ContentType, name)
}

// tableSchema describes the tables as Table Schema (Frictionless Data) does.
type tableSchema struct {
	Name   string        `json:"name"`
	Title  string        `json:"title"`
	Path   string        `json:"path"`
	Schema schemaOfTable `json:"schema"`
}

type schemaOfTable struct {
	Fields        []schemaField `json:"fields"`
	MissingValues []string      `json:"missingValues"`
}

type schemaField struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Description string `json:"description"`
}

var dataTitles = map[mtr.DataContent]string{mtr.DataReports: "Laporan warga", mtr.DataFigures: "Angka statistik"}

func (h *pages) dataSchema(w http.ResponseWriter, _ *http.Request) error {
	out := struct {
		Name      string        `json:"name"`
		Homepage  string        `json:"homepage"`
		Dialect   dialect       `json:"dialect"`
		Resources []tableSchema `json:"resources"`
	}{"laporan-warga-makassar", h.BaseURL + dataPath, dialect{";", "."}, nil}
	all := h.MTR.DataSchema()
	for _, c := range mtr.DataContents {
		t := tableSchema{Name: string(c), Title: dataTitles[c], Path: h.BaseURL + dataPath + "/" + string(c) + "?format=csv"}
		t.Schema.MissingValues = []string{""}
		for _, column := range all[c] {
			t.Schema.Fields = append(t.Schema.Fields, schemaField{column.Name, column.Type, column.About})
		}
		out.Resources = append(out.Resources, t)
	}
	body, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(append(body, '\n')) // the reader may be gone
	return nil
}

// dialect of the CSV.
type dialect struct {
	Delimiter   string `json:"delimiter"`
	DecimalChar string `json:"decimalChar"`
}

// dataView is the page of the open data.
type dataView struct {
	Files  []mtr.DataFile
	Schema map[mtr.DataContent][]mtr.DataColumn
}

func (h *pages) data(w http.ResponseWriter, r *http.Request) error {
	v := dataView{Schema: h.MTR.DataSchema()}
	var err error
	if v.Files, err = h.MTR.OpenFiles(r.Context()); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, dataPage(v))
}

func (v dataView) of(c mtr.DataContent) (out []mtr.DataFile) {
	for _, f := range v.Files {
		if f.Content == c {
			out = append(out, f)
		}
	}
	return out
}

// recent are the files of figures of the last days, older those before.
func (v dataView) recent() []mtr.DataFile {
	all := v.of(mtr.DataFigures)
	return all[:min(len(all), 3*len(mtr.DataFormats))]
}

func (v dataView) older() []mtr.DataFile { return v.of(mtr.DataFigures)[len(v.recent()):] }
