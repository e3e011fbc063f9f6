package mtrweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// reportView is the desk's page of a report.
type reportView struct {
	Desk       *ui.Desk
	R          mtr.DeskReport
	Now        time.Time
	Queue      mtr.QueueKey // from which it was opened
	TileURL    string
	Units      []mtr.UnitChoice
	Assignees  []mtr.Assignee
	Categories []mtr.Category // that it may be put under
	Templates  []mtr.Template // for the words of acts
	Primary    deskAct        // the zero value when nothing is to do
	Others     []deskAct
	Open       mtr.Action // whose form was sent and refused
	OpenRef    string     // of HidePhoto
	Form       *form.Form // what was typed there
	Conflict   *conflict
	Identity   *mtr.Identity
	Block      *form.Form // of the sender, that was refused
	Call       *form.Form // about a caller, that was refused
	Kept       string     // the answer typed while photos were uploaded
}

// conflict says why an act came too late.
type conflict struct {
	Message string
	Since   []mtr.DeskEvent // what happened since the person looked
	Typed   []ui.SummaryRow // what they typed, when its form is not there any more
	May     bool            // the act is still possible
	Act     deskAct
}

// asides are the acts that stand elsewhere on the page than among "tindakan
// lain".
var asides = []mtr.Action{mtr.ActHidePhoto, mtr.ActReveal, mtr.ActReleasePhoto, mtr.ActRedactPhoto, mtr.ActOpenOriginal, mtr.ActReleaseOriginal}

func (k *desk) report(w http.ResponseWriter, r *http.Request) error {
	number := web.Path(r, "nomor")
	v, err := k.load(r, number)
	if err != nil {
		return err
	}
	v.Queue = mtr.QueueKey(r.URL.Query().Get(paramQueue))
	v.Kept = keptAnswer(r, v.R.ID)
	return web.Render(w, r, http.StatusOK, reportPage(v))
}

// load reads everything the page needs for what this person may do.
func (k *desk) load(r *http.Request, number string) (reportView, error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := reportView{Now: k.Clock.Now(), TileURL: k.TileURL}
	var err error
	if v.R, err = k.MTR.DeskView(ctx, a, strings.ToUpper(number)); err != nil {
		return v, err
	}
	counts, err := k.MTR.Queues(ctx, a)
	if err != nil {
		return v, err
	}
	v.Desk = k.side(ctx, a, counts, "")
	if v.R.May(mtr.ActForward) {
		if v.Units, err = k.MTR.ForwardUnits(ctx, a); err != nil {
			return v, err
		}
	}
	if v.R.May(mtr.ActAssign) {
		if v.Assignees, err = k.MTR.Assignees(ctx, a, v.R.ID); err != nil {
			return v, err
		}
	}
	if v.R.May(mtr.ActRecategorize) {
		if v.Categories, err = k.MTR.Categories(ctx); err != nil {
			return v, err
		}
	}
	if slices.ContainsFunc(v.R.Actions, templated) {
		if v.Templates, err = k.MTR.Templates(ctx, a); err != nil {
			return v, err
		}
	}
	v.choose()
	return v, nil
}

// choose finds the one act that the page puts first.
func (v *reportView) choose() {
	first := primaryAction(v.R)
	for _, a := range deskActs {
		switch {
		case !v.R.May(a.Action) || slices.Contains(asides, a.Action):
		case a.Action == first:
			v.Primary = a
		default:
			v.Others = append(v.Others, a)
		}
	}
}

// covered tells whether something of the report was blacked out.
func (v reportView) covered() bool {
	return slices.ContainsFunc(v.R.Timeline, func(e mtr.DeskEvent) bool {
		return e.Action == mtr.ActRedact || e.Action == mtr.ActRedactPhoto
	})
}

// until says how long something is still released to the field; "" when it is not.
func (v reportView) until(t *time.Time) string {
	if t == nil || !v.Now.Before(*t) {
		return ""
	}
	return indo.LongDateTime(*t)
}

// primaryAction is what this person most likely came for; "" when nothing moves
// the report now.
func primaryAction(r mtr.DeskReport) mtr.Action {
	order := []mtr.Action{mtr.ActRelease, mtr.ActValidate, mtr.ActForward, mtr.ActStart, mtr.ActSubmitProof, mtr.ActResume}
	switch {
	case r.Suggestion != nil && r.Suggestion.Agency != "" && r.May(mtr.ActReferOut):
		return mtr.ActReferOut
	case r.Status == mtr.Forwarded && r.AssigneeID == 0 && r.May(mtr.ActAssign):
		return mtr.ActAssign
	case r.Status == mtr.Referred && r.AgencyAnswer == "" && r.May(mtr.ActAgencyAnswer):
		return mtr.ActAgencyAnswer
	}
	for _, a := range order {
		if r.May(a) {
			return a
		}
	}
	return ""
}

func actFor(action mtr.Action) deskAct {
	for _, a := range deskActs {
		if a.Action == action {
			return a
		}
	}
	return deskAct{}
}

// typed puts a refused form back on the page.
func (v *reportView) typed(a deskAct, f *form.Form) {
	v.Open, v.Form, v.OpenRef = a.Action, f, f.Value(controlPhotoRef)
}

// conflict explains a refusal that is about the report and not about the form.
func (k *desk) conflict(v reportView, a deskAct, f *form.Form, err error) *conflict {
	c := &conflict{Message: errs.MessageOf(err), Act: a, May: v.R.May(a.Action)}
	if version, _ := strconv.Atoi(f.Value(controlVersion)); version > 0 {
		c.Since = since(v.R.Timeline, version)
	}
	if !c.May {
		c.Typed = typedWords(a, f)
	}
	return c
}

// since returns the events after the first n.
func since(timeline []mtr.DeskEvent, n int) []mtr.DeskEvent {
	events := slices.Clone(timeline)
	slices.SortStableFunc(events, func(a, b mtr.DeskEvent) int { return a.At.Compare(b.At) })
	if n >= len(events) {
		return nil
	}
	return events[n:]
}

// typedWords are the words of a refused form, for copying.
func typedWords(a deskAct, f *form.Form) []ui.SummaryRow {
	var rows []ui.SummaryRow
	for _, c := range []struct{ name, label string }{
		{mtr.ControlParent, "Nomor laporan induk"}, {mtr.ControlAgency, "Instansi"}, {mtr.ControlAgencyRef, "Nomor di instansi itu"},
		{mtr.ControlDate, "Tanggal"}, {mtr.ControlPassages, "Kata yang ditutup"}, {mtr.ControlAnswer, "Jawaban"}, {mtr.ControlReason, reasonLabel(a.Action)},
	} {
		if v := f.Value(c.name); v != "" {
			rows = append(rows, ui.SummaryRow{Key: c.label, Value: v})
		}
	}
	return rows
}

// control describes one control of an act's form: unique on the page, with what
// was typed when this form was refused.
func (v reportView) control(a deskAct, c ui.Control) ui.Control {
	c.ID = actID(a, c.Name)
	if v.Open == a.Action && v.Form != nil {
		c.Value = v.Form.Value(c.Name)
		c.Error = v.Form.Errors().Get(c.Name)
	}
	return c
}

func actID(a deskAct, name string) string { return a.Path + "-" + name }

// problems are the wrong answers with the ids of this page's controls.
func (v reportView) problems() []errs.Field {
	if v.Call != nil {
		return v.Call.Errors()
	}
	if v.Block != nil {
		return v.Block.Errors()
	}
	if v.Form == nil || v.Conflict != nil {
		return nil
	}
	a := actFor(v.Open)
	var out []errs.Field
	for _, e := range v.Form.Errors() {
		if e.Name != "" {
			e.Name = actID(a, e.Name)
		}
		out = append(out, e)
	}
	return out
}

func (v reportView) action(a deskAct) string {
	return deskPath + "/" + url.PathEscape(v.R.Number) + "/" + a.Path
}

// back is where the page came from.
func (v reportView) back() string {
	if v.Queue == "" {
		return deskPath
	}
	return queueHref(v.Queue)
}

// due is the clock of the report.
func (v reportView) due() deskDue {
	return dueOf(v.R.DueKind, v.R.Status, v.R.DueAt, v.R.Late, v.R.Near, v.Now)
}

// unanswered tells how long a report waits for a first response, when that is
// too long: the head of the unit hears after a day, the wali kota after two.
func (v reportView) unanswered() string {
	r := v.R
	if r.ReceivedAt == nil || r.RespondedAt != nil || r.Status.Terminal() || r.Status == mtr.Done {
		return ""
	}
	switch waited := v.Now.Sub(*r.ReceivedAt); {
	case waited >= mtr.EscalateMayor:
		return "Belum ada tanggapan selama " + indo.Span(waited) + ". Laporan ini sudah naik ke meja wali kota."
	case waited >= mtr.EscalateUnit:
		return "Belum ada tanggapan selama " + indo.Span(waited) + ". Kepala unit sudah diingatkan."
	}
	return ""
}

// facts are the column beside the words.
func (v reportView) facts() []ui.SummaryRow {
	r := v.R
	holder := r.UnitName
	if holder == "" {
		holder = "Verifikator laporan"
	}
	rows := []ui.SummaryRow{{Key: "Dipegang", Value: holder}}
	if r.UnitID != 0 {
		rows = append(rows, ui.SummaryRow{Key: "Petugas", Value: orDash(r.Assignee, "belum ditunjuk")})
	}
	rows = append(rows, ui.SummaryRow{Key: "Sejak", Value: deskDay(r.Since, v.Now)})
	switch {
	case r.PausedAt != nil:
		rows = append(rows, ui.SummaryRow{Key: "Waktu", Value: "berhenti sejak " + deskDay(*r.PausedAt, v.Now)})
	case r.DueAt != nil:
		rows = append(rows, ui.SummaryRow{Key: r.DueKind.Label(), Value: deskDay(*r.DueAt, v.Now) + ", " + indo.Ago(*r.DueAt, v.Now)})
	}
	if r.ExpectedAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Dijanjikan", Value: indo.LongDate(*r.ExpectedAt)})
	}
	if r.ReceivedAt != nil {
		rows = append(rows, ui.SummaryRow{Key: "Masuk", Value: deskDay(*r.ReceivedAt, v.Now)})
		response := "belum ada"
		if r.RespondedAt != nil {
			response = deskDay(*r.RespondedAt, v.Now) + " (setelah " + indo.Span(r.RespondedAt.Sub(*r.ReceivedAt)) + ")"
		}
		rows = append(rows, ui.SummaryRow{Key: "Tanggapan pertama", Value: response})
	}
	rows = append(rows,
		ui.SummaryRow{Key: "Kategori", Value: r.CategoryName},
		ui.SummaryRow{Key: "Jenis", Value: r.Class.Label()},
		ui.SummaryRow{Key: "Bukti", Value: r.Proof.Label()},
	)
	if r.Priority != mtr.PriorityNormal || r.PrioritySet {
		by := "menurut aturan"
		if r.PrioritySet {
			by = "diatur petugas"
		}
		rows = append(rows, ui.SummaryRow{Key: "Prioritas", Value: r.Priority.Label() + ", " + by})
	}
	if r.Hops > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Berpindah unit", Value: indo.Int(r.Hops) + " kali"})
	}
	if r.Bounces > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Dikembalikan", Value: indo.Int(r.Bounces) + " kali"})
	}
	if r.Reopens > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Disanggah", Value: indo.Int(r.Reopens) + " kali"})
	}
	if r.Agency != "" {
		rows = append(rows, ui.SummaryRow{Key: "Dirujuk ke", Value: strings.Join(nonEmpty(r.Agency, r.AgencyRef), ", nomor ")},
			ui.SummaryRow{Key: "Jawaban instansi", Value: orDash(r.AgencyAnswer, "belum ada")})
	}
	if r.Rating > 0 {
		rows = append(rows, ui.SummaryRow{Key: "Nilai pelapor", Value: indo.Int(r.Rating) + " dari 5"})
	}
	return rows
}

func orDash(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// photos of one kind that the viewer may see.
func (v reportView) photos(kind mtr.PhotoKind) []mtr.DeskPhoto {
	var out []mtr.DeskPhoto
	for _, p := range v.R.Photos {
		if p.Kind == kind {
			out = append(out, p)
		}
	}
	return out
}

// documents that were handed in, or that only wait on the page.
func (v reportView) documents(sent bool) []mtr.DeskDocument {
	var out []mtr.DeskDocument
	for _, d := range v.R.Documents {
		if d.Sent == sent {
			out = append(out, d)
		}
	}
	return out
}

func deskPhotoHref(ref string, size mtr.PhotoSize) string {
	return deskPath + "/foto/" + url.PathEscape(ref) + "/" + string(size)
}

// place is the way to the spot outside of the portal; "" for rahasia reports,
// whose place is not for others' servers to learn.
func (v reportView) mapHref() string {
	if v.R.Place == nil || v.R.Confidential {
		return ""
	}
	lat, lng := degrees(v.R.Place.Lat), degrees(v.R.Place.Lng)
	return "https://www.openstreetmap.org/?mlat=" + lat + "&mlon=" + lng + "#map=19/" + lat + "/" + lng
}

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }

// point is where the pin is and who set it.
func (v reportView) point() string {
	s := degrees(v.R.Place.Lat) + ", " + degrees(v.R.Place.Lng)
	if src := placeSource(v.R.PlaceSource); src != "" {
		s += ", " + src
	}
	return s
}

func placeSource(s mtr.PointSource) string {
	switch s {
	case mtr.SourcePin:
		return "ditunjuk pelapor di peta"
	case mtr.SourceDevice:
		return "dari ponsel pelapor"
	case mtr.SourceEXIF:
		return "dari foto"
	case mtr.SourceAddress:
		return "dari alamat"
	}
	return ""
}

// moments is the whole history, newest first, with what the reporter wrote.
func (v reportView) moments() []ui.Moment {
	events := slices.Clone(v.R.Timeline)
	slices.Reverse(events)
	slices.SortStableFunc(events, func(a, b mtr.DeskEvent) int { return b.At.Compare(a.At) })
	out := make([]ui.Moment, 0, len(events))
	for _, e := range events {
		icon, tone := deskEventLook(e.Action)
		m := ui.Moment{Title: deskEventTitle(e), Who: deskWho(e), At: e.At, Text: e.Reason, Icon: icon, Tone: tone}
		message := v.message(e)
		if e.Audience == mtr.ForStaff || e.Due != nil || message != nil {
			m.Body = eventBody(e, message, v.Now)
		}
		out = append(out, m)
	}
	return out
}

func (v reportView) message(e mtr.DeskEvent) *mtr.Message {
	for i, m := range v.R.Messages {
		if m.Action == e.Action && m.At.Equal(e.At) {
			return &v.R.Messages[i]
		}
	}
	return nil
}

// reveal opens who reported, once, on the page itself: it is never stored in
// the address, the session or a flash.
func (k *desk) reveal(w http.ResponseWriter, r *http.Request) error {
	a := actFor(mtr.ActReveal)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(f)
	if err != nil {
		return err
	}
	who, err := k.MTR.RevealIdentity(r.Context(), web.ActorOf(r.Context()), mtr.ReasonInput{Act: act, Reason: f.Text(mtr.ControlReason)})
	if err != nil {
		return k.refused(w, r, a, f, err)
	}
	v, err := k.load(r, web.Path(r, "nomor"))
	if err != nil {
		return err
	}
	v.Queue, v.Identity = mtr.QueueKey(f.Value(paramQueue)), &who
	return web.Render(w, r, http.StatusOK, reportPage(v))
}

const keptKey = "mtr_bukti"

// keepAnswer holds the words of a proof while photos are uploaded one by one.
func keepAnswer(r *http.Request, reportID int64, answer string) {
	session.Put(r.Context(), keptKey, strconv.FormatInt(reportID, 10)+" "+answer)
}

func keptAnswer(r *http.Request, reportID int64) string {
	id, answer, _ := strings.Cut(session.GetString(r.Context(), keptKey), " ")
	if id != strconv.FormatInt(reportID, 10) {
		return ""
	}
	return answer
}

// cameBy is the way a report came, from which system under which number, and who wrote it down.
func (v reportView) cameBy() string {
	parts := []string{v.R.Channel.Label(), v.R.SystemName}
	if v.R.ExternalNumber != "" {
		parts = append(parts, "nomor "+v.R.ExternalNumber)
	}
	if v.R.ExternalAt != nil {
		parts = append(parts, indo.LongDate(*v.R.ExternalAt))
	}
	if v.R.TakenBy != "" {
		parts = append(parts, "dicatat "+v.R.TakenBy)
	}
	return strings.Join(nonEmpty(parts...), ", ")
}
