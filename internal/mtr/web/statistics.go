package mtrweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Where the statistics are, for the public and for those who oversee.
const (
	statisticsPath     = "/mtr/statistik"
	deskStatisticsPath = deskPath + "/statistik"
)

// The names of the statistics' parameters besides those of the public list.
const (
	qFrom    = "dari"
	qTo      = "sampai"
	qMeasure = "angka"
	qCell    = "kotak"
	qCursor  = "hal"
	qWithout = "tanpa" // unit, kecamatan or kelurahan: reports that have none
)

// statisticsDays is the period shown at first.
const statisticsDays = 30

// statisticsView is the page of figures; Desk is nil on the public one.
type statisticsView struct {
	listView
	mtr.Statistics
	Desk *ui.Desk
	Path string
}

// asking reads period and filters. What is wrong with the period is an error of the form.
func (h *pages) asking(r *http.Request) (v listView, s mtr.Span, err error) {
	q, err := form.Query(r)
	if err != nil {
		return v, s, err
	}
	if s, err = readSpan(q, h.now()); err != nil {
		return v, s, err
	}
	v, err = h.readFilter(r.Context(), q)
	v.Filter.Text, v.Filter.Group = "", ""
	return v, s, err
}

// readSpan reads a period; what is left out is the last [statisticsDays] days.
func readSpan(q *form.Form, now time.Time) (s mtr.Span, err error) {
	to := now
	if q.Value(qTo) != "" {
		to = q.Date(qTo, "Pilih tanggal akhir dari kalender.")
	}
	from := to.AddDate(0, 0, 1-statisticsDays)
	if q.Value(qFrom) != "" {
		from = q.Date(qFrom, "Pilih tanggal awal dari kalender.")
	}
	if !q.OK() {
		return s, errs.New(errs.BadRequest, q.Errors()[0].Message)
	}
	if s, err = mtr.SpanOf(from, to); err != nil {
		return s, errs.New(errs.BadRequest, errs.MessageOf(err))
	}
	return s, nil
}

// public are the public pages with what this desk stands on.
func (k *desk) public() *pages { return &pages{Deps: k.Deps, choices: k.choices} }

func (h *pages) statistics(w http.ResponseWriter, r *http.Request) error {
	list, span, err := h.asking(r)
	if err != nil {
		return err
	}
	v := statisticsView{listView: list, Path: statisticsPath}
	if v.Statistics, err = h.MTR.Statistics(r.Context(), v.Filter, span); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, statisticsPage(v))
}

func (k *desk) statistics(w http.ResponseWriter, r *http.Request) error {
	ctx, a, h := r.Context(), web.ActorOf(r.Context()), k.public()
	list, span, err := h.asking(r)
	if err != nil {
		return err
	}
	v := statisticsView{listView: list, Path: deskStatisticsPath}
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return err
	}
	v.Desk = k.side(ctx, a, counts, "")
	if v.Statistics, err = k.MTR.StaffStatistics(ctx, a, v.Filter, span); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, statisticsPage(v))
}

// href is an address of the statistics with changes; an empty value removes.
func (v statisticsView) href(path string, changes ...string) string {
	return spanHref(v.listView, v.Span, path, changes...)
}

func spanHref(v listView, s mtr.Span, path string, changes ...string) string {
	q := url.Values{qFrom: {s.From.Format(time.DateOnly)}, qTo: {s.To.Format(time.DateOnly)}}
	for _, name := range []string{qCategory, qKecamatan, qKelurahan, qUnit} {
		if value := v.query.Value(name); value != "" {
			q.Set(name, value)
		}
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if changes[i+1] == "" {
			q.Del(changes[i])
		} else {
			q.Set(changes[i], changes[i+1])
		}
	}
	return path + "?" + q.Encode()
}

// behind is the list behind a figure.
func (v statisticsView) behind(m mtr.Measure, changes ...string) string {
	return v.href(v.Path+"/daftar", append([]string{qMeasure, string(m)}, changes...)...)
}

// periods are the stretches most people want.
func (v statisticsView) periods() []ui.Link {
	out := []ui.Link{}
	for _, p := range []struct {
		label string
		days  int
	}{{"30 hari", 30}, {"90 hari", 90}, {"Setahun", 365}} {
		to := v.AsOf
		from := to.AddDate(0, 0, 1-p.days)
		current := v.Span.Days() == p.days && v.Span.To.Format(time.DateOnly) == to.Format(time.DateOnly)
		out = append(out, ui.Link{
			Label: p.label, Current: current,
			Href: v.href(v.Path, qFrom, from.Format(time.DateOnly), qTo, to.Format(time.DateOnly)),
		})
	}
	return out
}

// narrowing are the controls that choose what is counted.
func (v statisticsView) narrowing() []ui.Control {
	return slices.DeleteFunc(v.controls(), func(c ui.Control) bool { return c.Name == qGroup })
}

func (v statisticsView) dates() []ui.Control {
	return []ui.Control{
		{Name: qFrom, Label: "Dari", Type: "date", Value: v.Span.From.Format(time.DateOnly)},
		{Name: qTo, Label: "Sampai", Type: "date", Value: v.Span.To.Format(time.DateOnly)},
	}
}

// dimension is a table of the statistics: what its rows are, and the filter that narrows
// a list to one of them.
type dimension struct {
	Title, Head, Param string
	Rows               []mtr.StatRow
	Folded             bool // behind a summary: it is long
}

func (v statisticsView) dimensions() []dimension {
	out := []dimension{
		{Title: "Menurut masalah", Head: "Masalah", Param: qCategory, Rows: v.ByCategory},
		{Title: "Menurut penanggung jawab", Head: "Penanggung jawab", Param: qUnit, Rows: v.ByUnit},
	}
	if v.Filter.KecamatanID == 0 {
		out = append(out, dimension{Title: "Menurut kecamatan", Head: "Kecamatan", Param: qKecamatan, Rows: v.ByKecamatan})
	}
	rows := slices.Clone(v.ByKelurahan)
	for i := range rows {
		if a, ok := v.dir.area(rows[i].ID); ok && v.Filter.KecamatanID == 0 {
			rows[i].Name = a.Label()
		}
	}
	return append(out, dimension{Title: "Menurut kelurahan", Head: "Kelurahan", Param: qKelurahan, Rows: rows, Folded: len(rows) > 20})
}

// narrow are the parameters that narrow a list to a row; ok is false where nothing does,
// such as for a category or a place of the past.
func (v statisticsView) narrow(d dimension, row mtr.StatRow) (changes []string, ok bool) {
	if row.ID == 0 {
		return []string{qWithout, d.Param}, true
	}
	switch d.Param {
	case qCategory:
		i := slices.IndexFunc(v.Categories, func(c mtr.Category) bool { return c.ID == row.ID })
		if i < 0 {
			return nil, false
		}
		return []string{qCategory, v.Categories[i].Code}, true
	case qKelurahan:
		if a, ok := v.dir.area(row.ID); ok {
			return []string{qKelurahan, idText(row.ID), qKecamatan, idText(a.KecamatanID)}, true
		}
		return nil, false
	}
	return []string{d.Param, idText(row.ID)}, true
}

func mostCame(rows []mtr.StatRow) (n int) {
	for _, r := range rows {
		n = max(n, r.N(mtr.MeasureCame))
	}
	return n
}

// share in words with what it rests on: "83 %".
func share(t mtr.Tally, part, whole mtr.Measure) string {
	s, ok := t.Share(part, whole)
	if !ok {
		return "–"
	}
	return indo.Percent(s)
}

// dayCount is a length in days, or what is said instead when it rests on too few reports.
func dayCount(s mtr.Spread, value float64) string {
	if !s.Enough() {
		return "–"
	}
	return indo.Decimal(value, 1)
}

// dayPair is the median and the ninth decile.
func dayPair(s mtr.Spread) string {
	if !s.Enough() {
		return "–"
	}
	return dayCount(s, s.Median) + " · " + dayCount(s, s.P90)
}

func stars(t mtr.Tally) string {
	if t.N(mtr.MeasureRated) < mtr.EnoughForMedian {
		return "–"
	}
	return indo.Decimal(t.Stars, 1)
}

func (v statisticsView) bucketNames() []string {
	out := make([]string, len(v.Buckets))
	for i, b := range v.Buckets {
		out[i] = bucketName(b, v.BucketDays)
	}
	return out
}

func bucketName(b mtr.Bucket, days int) string {
	switch days {
	case 0:
		return indo.MonthYear(b.From)
	case 1:
		return indo.ShortDate(b.From)
	}
	return indo.DateRange(b.From, b.To)
}

func (v statisticsView) values(of func(mtr.Bucket) int) []int {
	out := make([]int, len(v.Buckets))
	for i, b := range v.Buckets {
		out[i] = of(b)
	}
	return out
}

// countedView is the list behind a figure.
type countedView struct {
	listView
	mtr.CountedPage
	Desk *ui.Desk
	mtr.CountedAsk
	Path string
	Next string
}

func (h *pages) counted(w http.ResponseWriter, r *http.Request) error {
	return h.showCounted(w, r, countedView{Path: statisticsPath}, h.MTR.Counted)
}

func (k *desk) counted(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	counts, err := k.MTR.Queues(r.Context(), a)
	if err != nil {
		return err
	}
	v := countedView{Path: deskStatisticsPath, Desk: k.side(r.Context(), a, counts, "")}
	return k.public().showCounted(w, r, v, func(ctx context.Context, ask mtr.CountedAsk) (mtr.CountedPage, error) {
		return k.MTR.StaffCounted(ctx, a, ask)
	})
}

func (h *pages) showCounted(w http.ResponseWriter, r *http.Request, v countedView,
	read func(context.Context, mtr.CountedAsk) (mtr.CountedPage, error)) (err error) {
	if v.listView, v.CountedAsk.Span, err = h.asking(r); err != nil {
		return err
	}
	ask := &v.CountedAsk
	ask.Filter, ask.Measure, ask.Without = v.listView.Filter, mtr.Measure(v.query.Value(qMeasure)), v.query.Value(qWithout)
	if raw := v.query.Value(qCell); raw != "" {
		if ask.Cell, err = readCell(raw); err != nil {
			return err
		}
	}
	if raw := v.query.Value(qCursor); raw != "" {
		ask.After = &mtr.CountedCursor{}
		if err := web.DecodeCursor(raw, ask.After); err != nil {
			return err
		}
	}
	if v.CountedPage, err = read(r.Context(), *ask); err != nil {
		return err
	}
	if v.CountedPage.Next != nil {
		v.Next = v.address(qCursor, web.EncodeCursor(v.CountedPage.Next))
	}
	return web.Render(w, r, http.StatusOK, countedPage(v))
}

func readCell(raw string) (*mtr.Cell, error) {
	row, column, found := cutInts(raw)
	if !found {
		return nil, errs.New(errs.BadRequest, "Bagian peta ini tidak dapat dibaca.")
	}
	return &mtr.Cell{Row: row, Column: column}, nil
}

func cellText(c mtr.Cell) string { return strconv.Itoa(c.Row) + "," + strconv.Itoa(c.Column) }

func (v countedView) address(changes ...string) string {
	all := []string{qMeasure, string(v.Measure)}
	if v.Cell != nil {
		all = append(all, qCell, cellText(*v.Cell))
	}
	if v.Without != "" {
		all = append(all, qWithout, v.Without)
	}
	return spanHref(v.listView, v.Span, v.Path+"/daftar", append(all, changes...)...)
}

// narrowed says in words what the list is narrowed to.
func (v countedView) narrowed() string {
	var out []string
	for _, c := range v.controls() {
		if c.Value == "" {
			continue
		}
		for _, o := range c.Options {
			if o.Value == c.Value {
				out = append(out, o.Label)
			}
		}
	}
	switch v.Without {
	case "":
	case qUnit:
		out = append(out, "belum diteruskan")
	default:
		out = append(out, "tanpa tempat")
	}
	if v.Cell != nil {
		out = append(out, "satu kotak peta panas")
	}
	if !v.Measure.Now() {
		out = append(out, indo.DateRange(v.Span.From, v.Span.To))
	}
	return joinWords(out)
}

func (v countedView) reportHref(number string) string {
	if v.Desk != nil {
		return reportHref(number, "")
	}
	return join("/mtr/laporan", number)
}

// countedTitle never shows words that are not public.
func countedTitle(r mtr.CountedReport) string {
	if r.Title != "" {
		return r.Title
	}
	return r.CategoryName
}

func took(d time.Duration) string {
	if d <= 0 {
		return "–"
	}
	return indo.Span(d)
}

// rowHref is the list behind a row's figure; "" where no filter narrows to the row.
func (v statisticsView) rowHref(d dimension, row mtr.StatRow, m mtr.Measure) string {
	changes, ok := v.narrow(d, row)
	if !ok {
		return ""
	}
	return v.behind(m, changes...)
}

// robots keeps staff pages out of search engines.
func robots(d *ui.Desk) string {
	if d != nil {
		return "noindex"
	}
	return ""
}

func periodVariant(current bool) string {
	if current {
		return "primary"
	}
	return "secondary"
}

// crumbs lead back to the same statistics; desks have their side list.
func crumbs(v countedView) []ui.Link {
	return []ui.Link{{Label: "Statistik laporan", Href: spanHref(v.listView, v.Span, v.Path)}, {Label: v.Measure.Label()}}
}
