package misconductweb

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/mtr/misconduct"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	paramStatus = "keadaan"
	paramBefore = "sebelum"

	controlSeq    = "urutan"
	controlAction = "tindakan"

	rows = 50
)

func listHref(s misconduct.Status, before string) string {
	q := url.Values{}
	if s != "" {
		q.Set(paramStatus, string(s))
	}
	if before != "" {
		q.Set(paramBefore, before)
	}
	if len(q) == 0 {
		return deskPath
	}
	return deskPath + "?" + q.Encode()
}

func caseHref(ref string) string { return deskPath + "/" + ref }

func fileHref(ref string, id int64) string {
	return caseHref(ref) + "/berkas/" + strconv.FormatInt(id, 10)
}

// listView is the desk's list.
type listView struct {
	Desk   *ui.Desk
	Status misconduct.Status
	Items  []misconduct.Item
	Next   string
}

// side is the list at the side of the desk. current is the status shown.
func (d Deps) side(r *http.Request, current misconduct.Status, onList bool) (*ui.Desk, error) {
	a := web.ActorOf(r.Context())
	counts, err := d.Channel.Counts(r.Context(), a)
	if err != nil {
		return nil, err
	}
	items := []ui.DeskItem{{Label: "Semua", Href: deskPath, Current: onList && current == ""}}
	for _, c := range counts {
		it := ui.DeskItem{Label: c.Status.Label(), Href: listHref(c.Status, ""), Count: c.N, Current: onList && current == c.Status}
		if c.Waiting > 0 {
			it.Note = strconv.Itoa(c.Waiting) + " belum dibalas"
		}
		items = append(items, it)
	}
	return &ui.Desk{Title: "Kanal pelanggaran", Subtitle: a.Workplace(), Groups: []ui.DeskGroup{
		{Title: "Laporan", Items: items},
		{Title: "Lainnya", Items: []ui.DeskItem{{Label: "Semua ruang kerja", Href: "/meja"}}},
	}}, nil
}

func (d Deps) list(w http.ResponseWriter, r *http.Request) error {
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v := listView{Status: misconduct.Status(q.Value(paramStatus))}
	if v.Status != "" && !slices.Contains(misconduct.Statuses, v.Status) {
		return errs.New(errs.BadRequest, "Daftar ini tidak ada.")
	}
	if v.Items, err = d.Channel.List(r.Context(), web.ActorOf(r.Context()), v.Status, q.Value(paramBefore), rows+1); err != nil {
		return err
	}
	if len(v.Items) > rows {
		v.Items = v.Items[:rows]
		v.Next = listHref(v.Status, v.Items[rows-1].Ref)
	}
	if v.Desk, err = d.side(r, v.Status, true); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, listPage(v))
}

// deskView is the desk's page of a case.
type deskView struct {
	Desk *ui.Desk
	Case misconduct.Case
	Form *form.Form // what was typed, when it was refused
	Late string     // why it was not done
}

// deskForm is one thing the desk may do.
type deskForm struct {
	Action        misconduct.Action
	Title, Button string
	Label, Hint   string
	Done          string
}

var deskForms = []deskForm{
	{misconduct.ActAnswer, "Jawab pengirim", "Kirim jawaban", "Jawaban", "Pengirim membacanya dengan kode rahasianya. Bertanyalah bila perlu keterangan.", "Jawaban tersimpan. Pengirim membacanya saat membuka laporannya."},
	{misconduct.ActReview, "Mulai telaah", "Mulai telaah", "", "Pengirim melihat bahwa laporannya sedang ditelaah.", "Laporan sedang ditelaah."},
	{misconduct.ActNote, "Catatan meja", "Simpan catatan", "Catatan", "Hanya terbaca di meja ini; pengirim tidak melihatnya.", "Catatan tersimpan."},
	{misconduct.ActClose, "Selesaikan", "Selesaikan laporan", "Penjelasan untuk pengirim", "Pengirim membaca hasil dan penjelasan ini.", "Laporan selesai."},
	{misconduct.ActReopen, "Buka lagi", "Buka lagi", "Alasan", "Pengirim membacanya dan dapat menulis lagi.", "Laporan dibuka lagi."},
}

// open tells whether the form was sent and refused.
func (v deskView) open(a misconduct.Action) bool {
	return v.Form != nil && v.Form.Value(controlAction) == string(a)
}

func (v deskView) control(a misconduct.Action, c ui.Control) ui.Control {
	c.ID = c.Name + "-" + string(a)
	if v.open(a) {
		c.ID = c.Name // where the summary of errors leads
		return c.Typed(v.Form)
	}
	return c
}

func outcomes() (out []ui.Option) {
	for _, o := range misconduct.Outcomes {
		out = append(out, ui.Option{Value: string(o), Label: o.Label()})
	}
	return out
}

func (d Deps) load(r *http.Request) (v deskView, err error) {
	if v.Case, err = d.Channel.View(r.Context(), web.ActorOf(r.Context()), web.Path(r, "perkara")); err != nil {
		return v, err
	}
	v.Desk, err = d.side(r, "", false)
	return v, err
}

func (d Deps) view(w http.ResponseWriter, r *http.Request) error {
	v, err := d.load(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, deskPage(v))
}

func (d Deps) do(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act := misconduct.Act{Ref: web.Path(r, "perkara"), Action: misconduct.Action(f.Value(controlAction)), Body: f.Text(misconduct.ControlBody),
		Outcome: misconduct.Outcome(f.Value(misconduct.ControlOutcome))}
	i := slices.IndexFunc(deskForms, func(k deskForm) bool { return k.Action == act.Action })
	if i < 0 {
		return errs.New(errs.BadRequest, "")
	}
	act.Seq, _ = strconv.Atoi(f.Value(controlSeq)) // another number is a conflict
	err = d.Channel.Do(r.Context(), web.ActorOf(r.Context()), act)
	if err == nil {
		web.Flash(r, "success", deskForms[i].Done)
		return web.Redirect(w, r, caseHref(act.Ref))
	}
	late := ""
	if !f.FailWith(err) {
		if errs.KindOf(err) != errs.Conflict {
			return err
		}
		late = errs.MessageOf(err)
	}
	v, loadErr := d.load(r)
	if loadErr != nil {
		return loadErr
	}
	v.Form, v.Late = f, late
	return web.Render(w, r, web.Status(err), deskPage(v))
}

func (d Deps) file(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "berkas")
	if err != nil {
		return err
	}
	contentType, data, err := d.Channel.OpenFile(r.Context(), web.ActorOf(r.Context()), web.Path(r, "perkara"), id)
	if err != nil {
		return err
	}
	ending := map[string]string{"image/jpeg": ".jpg", "application/pdf": ".pdf"}[contentType]
	return web.ServeFile(w, r, io.NopCloser(bytes.NewReader(data)), contentType, web.Path(r, "perkara")+"-"+strconv.FormatInt(id, 10)+ending)
}
