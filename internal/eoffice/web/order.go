package eofficeweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const orderPath = deskPath + "/disposisi"

// orderAct is one thing that may be done to an order, as a form of its letter's page.
type orderAct struct {
	Path   string // last part of its address
	Action eoffice.Action
	Button string
	Reason string // label of what is to be written, "" where nothing is
	Date   string // label of a day that is to be chosen
	Color  string
	Done   string
	Do     func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error // nil: OnOrder
}

// orderActs in the order in which a page offers them.
var orderActs = []orderAct{
	{Path: "kerjakan", Action: eoffice.ActStart, Button: "Mulai kerjakan", Done: "Disposisi mulai dikerjakan."},
	{Path: "lapor", Action: eoffice.ActReport, Button: "Laporkan hasil", Done: "Laporan dikirim kepada pemberi disposisi.",
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
			files, shut, err := pagesOf(f)
			defer shut()
			if err != nil {
				return err
			}
			reply, _ := strconv.ParseInt(f.Value(eoffice.ControlReply), 10, 64)
			return k.Office.ReportOrder(ctx, a, act, eoffice.Report{Text: f.Text(eoffice.ControlReport), ReplyID: reply, Files: files})
		}},
	{Path: "terima", Action: eoffice.ActAccept, Button: "Terima laporan", Done: "Laporan diterima. Disposisi selesai."},
	{Path: "kembalikan", Action: eoffice.ActRework, Button: "Kembalikan laporan", Reason: "Apa yang masih kurang", Done: "Laporan dikembalikan."},
	{Path: "arahkan", Action: eoffice.ActGuide, Button: "Beri arahan", Reason: "Arahan Anda", Done: "Arahan dikirim. Batas waktunya bergeser selama waktu menunggu."},
	{Path: "setujui", Action: eoffice.ActAgree, Button: "Setujui penolakan", Done: "Penolakan disetujui."},
	{Path: "bantah", Action: eoffice.ActDisagree, Button: "Tidak setuju, tetap dikerjakan", Reason: "Mengapa tetap tugas mereka", Done: "Disposisi dikembalikan untuk dikerjakan."},
	{Path: "beri-waktu", Action: eoffice.ActGrantTime, Button: "Beri tambahan waktu", Date: "Sampai tanggal", Done: "Tambahan waktu diberikan.",
		Do: moveDue(func(k *desk) moveDueFunc { return k.Office.GrantTime })},
	{Path: "tolak-waktu", Action: eoffice.ActRefuseTime, Button: "Jangan tambah waktu", Reason: "Alasan", Done: "Permohonan tambahan waktu ditolak."},
	{Path: "mohon-arahan", Action: eoffice.ActAskGuide, Button: "Mohon arahan", Reason: "Apa yang perlu diarahkan", Done: "Permohonan arahan dikirim. Selama menunggu, waktu Anda berhenti."},
	{Path: "mohon-waktu", Action: eoffice.ActAskTime, Button: "Mohon tambahan waktu", Reason: "Alasan", Date: "Sampai tanggal", Done: "Permohonan tambahan waktu dikirim.",
		Do: moveDue(func(k *desk) moveDueFunc { return k.Office.AskTime })},
	{Path: "tolak", Action: eoffice.ActRefuse, Button: "Kembalikan, bukan tugas kami", Reason: "Mengapa bukan tugas Anda", Done: "Penolakan dikirim kepada pemberi disposisi."},
	{Path: "batalkan", Action: eoffice.ActCancel, Button: "Batalkan, belum dibaca", Color: "danger", Done: "Disposisi dibatalkan."},
	{Path: "tutup", Action: eoffice.ActClose, Button: "Tutup dengan alasan", Reason: "Alasan ditutup", Color: "danger", Done: "Disposisi ditutup, juga yang di bawahnya."},
}

// uploads tells whether the act's form may bring files.
func (a orderAct) uploads() bool { return a.Action == eoffice.ActReport }

// Bare tells whether the act is a button alone.
func (a orderAct) Bare() bool { return a.Reason == "" && a.Date == "" && a.Action != eoffice.ActReport }

type moveDueFunc func(context.Context, authz.Actor, eoffice.Act, time.Time) error

func moveDue(of func(*desk) moveDueFunc) func(context.Context, *desk, authz.Actor, eoffice.Act, *form.Form) error {
	return func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
		day := f.Date(eoffice.ControlDue, "Pilih tanggalnya.")
		if err := f.Err(); err != nil {
			return err
		}
		return of(k)(ctx, a, act, endOf(day))
	}
}

// endOf is the last minute of a day.
func endOf(day time.Time) time.Time { return day.AddDate(0, 0, 1).Add(-time.Minute) }

// orderAct handles the form of one act on an order.
func (k *desk) orderAct(a orderAct) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readFiles(r)
		if err != nil {
			return err
		}
		act, err := actOf(r, f)
		if err != nil {
			return err
		}
		ctx, who := r.Context(), web.ActorOf(r.Context())
		switch {
		case !f.OK():
			err = f.Err()
		case a.Do != nil:
			err = a.Do(ctx, k, who, act, f)
		default:
			err = k.Office.OnOrder(ctx, who, a.Action, act)
		}
		letter, _ := strconv.ParseInt(f.Value(controlLetter), 10, 64)
		if err != nil {
			if errs.KindOf(err) == errs.NotFound || letter <= 0 {
				return err
			}
			return k.refused(w, r, orderKey(a, act.ID), letter, f, err)
		}
		web.Flash(r, "success", a.Done)
		if letter <= 0 {
			return web.Redirect(w, r, deskPath)
		}
		return web.Redirect(w, r, letterHref(letter)+"#"+orderAnchor(act.ID))
	}
}

func orderKey(a orderAct, id int64) string {
	return "disposisi-" + a.Path + "-" + strconv.FormatInt(id, 10)
}

func orderAnchor(id int64) string { return "disposisi-" + strconv.FormatInt(id, 10) }

func orderHref(id int64, path string) string {
	return orderPath + "/" + strconv.FormatInt(id, 10) + "/" + path
}

// orderNode is an order with those below it.
type orderNode struct {
	eoffice.OrderView
	Sheet bool // first of those of one desk: leads to their sheet
	Below []*orderNode
}

// orderTrees are the orders of a letter under the recipients that gave the first of them.
func (v letterView) orderTrees() (out []*orderNode) {
	above := map[int64]*orderNode{}
	sheets := map[[2]int64]bool{}
	for _, o := range v.D.Orders {
		n := &orderNode{OrderView: o}
		if from := [2]int64{o.RecipientID, o.ParentID}; o.Status != eoffice.Cancelled && !sheets[from] {
			n.Sheet, sheets[from] = true, true
		}
		above[o.ID] = n
		if p := above[o.ParentID]; p != nil {
			p.Below = append(p.Below, n)
		} else {
			out = append(out, n)
		}
	}
	return out
}

// acts are what may be done to an order here, besides giving others below it.
func (n *orderNode) acts() (out []orderAct) {
	for _, a := range orderActs {
		if slices.Contains(n.Actions, a.Action) {
			out = append(out, a)
		}
	}
	return out
}

// where says in a sentence who has to do something about an order now.
func (n *orderNode) where() string {
	if !n.Open() {
		return ""
	}
	title := n.ToTitle
	if n.Holder() == n.FromID {
		title = n.FromTitle
	}
	if n.Holders != "" {
		title += " (" + n.Holders + ")"
	}
	return "Sekarang di meja " + title
}

// times are what is due about an order.
func (n *orderNode) times() (out []string) {
	if n.DueAt != nil {
		text := "Batas waktu " + indo.DateTime(*n.DueAt)
		if n.PausedAt != nil {
			text += ", berhenti selama menunggu arahan"
		}
		out = append(out, text)
	}
	if n.AskedDueAt != nil {
		out = append(out, "Mohon waktu sampai "+indo.DateTime(*n.AskedDueAt))
	}
	if n.OpenBelow > 0 && slices.Contains(n.Actions, eoffice.ActForward) {
		out = append(out, fmt.Sprintf("Dapat dilaporkan setelah %d disposisi di bawahnya selesai atau ditutup", n.OpenBelow))
	}
	if n.Status == eoffice.Reported && n.AnswerDueAt != nil {
		out = append(out, "Tanpa jawaban, laporan diterima otomatis "+indo.DateTime(*n.AnswerDueAt))
	}
	return out
}

// asked is what an order asks for, in a line.
func (n *orderNode) asked() string { return strings.Join(n.Instructions, " · ") }

// outcome is the status of an order as its tag says it.
func (n *orderNode) outcome() string {
	if n.AutoAccepted {
		return "selesai, diterima otomatis"
	}
	return n.Status.Label()
}

// orderControl is a control of an act's form with an id of its own, and with what was typed
// when that act was refused.
func (v letterView) orderControl(a orderAct, id int64, c ui.Control) ui.Control {
	key := orderKey(a, id)
	if v.Open == key && v.Form != nil {
		c.Error, c.Value = v.Form.Errors().Get(c.Name), v.Form.Value(c.Name)
		return c // the error summary leads here
	}
	c.ID = c.Name + "-" + key
	return c
}

// due is the control of a day; when time was asked for, that day.
func (v letterView) due(a orderAct, n *orderNode) ui.Control {
	c := ui.Control{Name: eoffice.ControlDue, Label: a.Date, Required: true, Min: v.Now.In(indo.WITA).Format(time.DateOnly)}
	if n.AskedDueAt != nil && a.Action == eoffice.ActGrantTime {
		c.Value = n.AskedDueAt.In(indo.WITA).Format(time.DateOnly)
	}
	if n.ParentDue != nil {
		c.Hint = "Paling lambat " + indo.DateTime(*n.ParentDue) + ", batas disposisi di atasnya."
	}
	return v.orderControl(a, n.ID, c)
}

// reply offers the letters that may answer an order.
func (v letterView) reply(a orderAct, n *orderNode) ui.Control {
	c := ui.Control{Name: eoffice.ControlReply, Label: "Naskah balasan", Optional: true, Options: []ui.Option{{Label: "Tidak ada naskah balasan"}}}
	for _, l := range v.Answers {
		label := l.Number
		if l.Subject != "" {
			label += ", " + l.Subject
		}
		c.Options = append(c.Options, ui.Option{Value: strconv.FormatInt(l.ID, 10), Label: label})
	}
	return v.orderControl(a, n.ID, c)
}

// givers are the letter's recipients in whose name the reader may give orders.
func (v letterView) givers() (out []eoffice.Recipient) {
	if !v.D.Secrecy.PassedOn() {
		return nil
	}
	for _, r := range v.D.Recipients {
		if slices.Contains(v.D.RecipientActions[r.ID], eoffice.ActFollow) {
			out = append(out, r)
		}
	}
	return out
}

// sheet opens the lembar disposisi with an order.
func (k *desk) sheet(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	body, err := k.Office.OpenSheet(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, body, "application/pdf", "lembar-disposisi-"+strconv.FormatInt(id, 10)+".pdf")
}
