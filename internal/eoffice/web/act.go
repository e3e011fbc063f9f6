package eofficeweb

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls of the acts' forms.
const (
	controlEvent    = "peristiwa"
	controlContent  = "versi"
	controlPassword = "sandi"
	controlNIK      = "nik_penanda"
)

// letterAct is one thing that may be done to a letter, as a form of its page.
type letterAct struct {
	Path   string // last part of its address
	Action eoffice.Action
	Title  string
	Button string
	Color  string        // "" or danger
	Done   string        // said afterwards
	Leaves bool          // afterwards the letter has left this desk
	From   eoffice.Queue // where the next one of its like lies
	Aside  bool          // never what moves the letter on
	Do     func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error
}

// letterActs in the order in which a page offers them.
var letterActs = []letterAct{
	{Path: "paraf", Action: eoffice.ActParaf, Title: "Paraf", Button: "Paraf dan teruskan", Done: "Naskah diparaf dan diteruskan.", Leaves: true, From: eoffice.ToVerify,
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, _ *form.Form) error {
			_, err := k.Office.Paraf(ctx, a, act)
			return err
		}},
	{Path: "tandatangani", Action: eoffice.ActSign, Title: "Tanda tangani", Button: "Tanda tangani", Done: "Naskah ditandatangani.", Leaves: true, From: eoffice.ToSign, Do: doSign},
	{Path: "beri-nomor", Action: eoffice.ActPrint, Title: "Beri nomor dan cetak", Button: "Beri nomor", Done: "Naskah bernomor. Cetak, mintakan tanda tangannya, lalu unggah pindaiannya di sini.",
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
			use := eoffice.Booked{ID: f.ID(eoffice.ControlBooking, ""), Day: f.Date(eoffice.ControlPaperDay, "")}
			if err := f.Err(); err != nil {
				return err
			}
			_, err := k.Office.PrintBooked(ctx, a, act, use)
			return err
		}},
	{Path: "pindai", Action: eoffice.ActScan, Title: "Sudah ditandatangani", Button: "Sudah ditandatangani", Done: "Naskah tercatat sudah ditandatangani.", Leaves: true, From: eoffice.ToSend, Do: doScan},
	{Path: "kirim", Action: eoffice.ActSend, Title: "Kirim", Button: "Kirim kepada semua penerima", Done: "Naskah dikirim.", Leaves: true, From: eoffice.ToSend,
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, _ *form.Form) error {
			_, err := k.Office.Send(ctx, a, act)
			return err
		}},
	{Path: "arahkan", Action: eoffice.ActDirect, Title: "Arahkan", Button: "Arahkan", Done: "Naskah diarahkan.",
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, _ *form.Form) error {
			_, err := k.Office.Direct(ctx, a, act)
			return err
		}},
	{Path: "klasifikasi", Action: eoffice.ActClassify, Title: "Kode klasifikasi", Button: "Simpan kode", Done: "Kode klasifikasi disimpan.", Aside: true,
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
			return k.Office.Classify(ctx, a, act, f.Line(eoffice.ControlKKA))
		}},
	{Path: "mundur", Action: eoffice.ActBackOne, Title: "Kembalikan satu meja", Button: "Kembalikan satu meja", Done: "Naskah dikembalikan satu meja.", Leaves: true, Aside: true,
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, _ *form.Form) error {
			return k.Office.BackOne(ctx, a, act)
		}},
	{Path: "kembalikan", Action: eoffice.ActReturn, Title: "Kembalikan kepada konseptor", Button: "Kembalikan kepada konseptor", Done: "Naskah dikembalikan kepada konseptor.", Leaves: true, Aside: true,
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, _ *form.Form) error {
			return k.Office.Return(ctx, a, act)
		}},
	{Path: "naikkan-sifat", Action: eoffice.ActRaise, Title: "Naikkan sifat", Button: "Naikkan sifat", Done: "Sifat naskah dinaikkan.", Aside: true,
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
			return k.Office.Raise(ctx, a, act, eoffice.Secrecy(f.Line(eoffice.ControlSecrecy)))
		}},
	{Path: "turunkan-sifat", Action: eoffice.ActLower, Title: "Turunkan sifat", Button: "Turunkan sifat", Done: "Sifat naskah diturunkan.", Aside: true,
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
			return k.Office.Lower(ctx, a, act, eoffice.Secrecy(f.Line(eoffice.ControlSecrecy)))
		}},
	{Path: "mandat", Action: eoffice.ActWaive, Title: "Lampirkan mandat untuk Plt. atau Plh.", Button: "Lampirkan mandat", Done: "Mandat dilampirkan. Plt. atau Plh. dapat menandatangani naskah ini.", Aside: true, Do: doWaive},
	{Path: "tarik", Action: eoffice.ActWithdraw, Title: "Tarik naskah ini", Button: "Tarik naskah", Color: "danger", Done: "Naskah ditarik.", Leaves: true, Aside: true,
		Do: func(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, _ *form.Form) error {
			return k.Office.Withdraw(ctx, a, act)
		}},
}

// uploads tells whether the act's form brings files.
func (a letterAct) uploads() bool { return a.Action == eoffice.ActScan || a.Action == eoffice.ActWaive }

// reason is what the act asks for in words, and who reads that.
func (a letterAct) reason() (label, hint string) {
	if a.Action == eoffice.ActWaive {
		return "Nomor dan tanggal mandat, dan siapa yang memberinya", "Misalnya 800/12/2026 tanggal 2 November 2026 dari Wali Kota. Dibaca yang menyusun dan memeriksa naskah ini, tidak oleh penerimanya."
	}
	if a.Action == eoffice.ActRaise || a.Action == eoffice.ActLower {
		return "Alasan", "Ditampilkan kepada semua yang melihat naskah ini."
	}
	return "Alasan", "Dibaca yang menyusun dan memeriksa naskah ini, tidak oleh penerimanya."
}

// offered tells whether the page of a letter shows the act. Who signs by right needs no mandate.
func (a letterAct) offered(d eoffice.Detail) bool {
	byRight := slices.ContainsFunc(d.Moment.Seats, func(s eoffice.Seat) bool { return s.PositionID == d.DeskID && !s.Acting() })
	return slices.Contains(d.Actions, a.Action) && (a.Action != eoffice.ActWaive || !byRight)
}

func doSign(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
	secret, err := k.mayHold(ctx, a, f)
	if err != nil {
		return err
	}
	return k.Office.Sign(ctx, a, []eoffice.Act{act}, secret)[0].Err
}

func doScan(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
	pages, shut, err := pagesOf(f)
	defer shut()
	if err != nil {
		return err
	}
	_, err = k.Office.Scan(ctx, a, act, pages)
	return err
}

func doWaive(ctx context.Context, k *desk, a authz.Actor, act eoffice.Act, f *form.Form) error {
	papers, shut, err := pagesOf(f)
	defer shut()
	if err != nil {
		return err
	}
	return k.Office.Waive(ctx, a, act, papers)
}

func doProve(ctx context.Context, k *desk, a authz.Actor, id int64, f *form.Form) error {
	pages, shut, err := pagesOf(f)
	defer shut()
	if err != nil {
		return err
	}
	return k.Office.Prove(ctx, a, id, pages)
}

// pagesOf are the files of a form as the pages of a scan, open until shut.
func pagesOf(f *form.Form) (pages []eoffice.Upload, shut func(), err error) {
	var open []io.Closer
	shut = func() {
		for _, c := range open {
			_ = c.Close() // was only read
		}
	}
	for _, header := range f.Files(eoffice.ControlFile) {
		file, err := header.Open()
		if err != nil {
			return nil, shut, err
		}
		open = append(open, file)
		pages = append(pages, eoffice.Upload{Name: header.Filename, Upload: file})
	}
	return pages, shut, nil
}

// proof shows what proves that a letter came to somebody outside.
func (k *desk) proof(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	body, err := k.Office.OpenProof(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return err
	}
	return web.ServeFile(w, r, body, "application/pdf", "bukti-terima-"+strconv.FormatInt(id, 10)+".pdf")
}

// mayHold lets nobody sign at a desk that somebody else left: it takes the signer's NIK and
// passphrase, or the password of the account when signing needs none.
func (k *desk) mayHold(ctx context.Context, a authz.Actor, f *form.Form) (held eoffice.Passphrase, err error) {
	secret := f.Value(controlPassword)
	needs := k.Office.NeedsPassphrase()
	if secret == "" {
		message := "Tulis sandi akun Anda."
		if needs {
			message = "Tulis passphrase BSrE Anda."
		}
		return held, errs.Invalid(errs.Field{Name: controlPassword, Message: message})
	}
	if needs {
		held = eoffice.Passphrase{NIK: f.Line(controlNIK), Text: secret}
		if len(held.NIK) != 16 {
			err = errs.Invalid(errs.Field{Name: controlNIK, Message: "Tulis 16 angka NIK yang terdaftar di BSrE."})
		}
		return held, err
	}
	err = k.Auth.CheckPassword(ctx, a.AccountID, secret)
	if errs.KindOf(err) == errs.Unprocessable {
		err = errs.Invalid(errs.Field{Name: controlPassword, Message: "Sandi ini tidak cocok. Naskah belum ditandatangani."})
	}
	return held, err
}

// actOf reads which letter an act is about and what of it was shown.
func actOf(r *http.Request, f *form.Form) (act eoffice.Act, err error) {
	if act.ID, err = web.PathInt(r, "id"); err != nil {
		return act, err
	}
	act.Version, _ = strconv.Atoi(f.Value(controlEvent))
	act.Content, _ = strconv.Atoi(f.Value(controlContent))
	act.Reason = f.Text(eoffice.ControlReason)
	act.Cause = eoffice.Cause(f.Value(eoffice.ControlCause))
	return act, nil
}

// act handles the form of one act on a letter.
func (k *desk) act(a letterAct) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readFiles(r)
		if err != nil {
			return err
		}
		act, err := actOf(r, f)
		if err != nil {
			return err
		}
		if !f.OK() {
			return k.refused(w, r, a.Path, act.ID, f, f.Err())
		}
		if err := a.Do(r.Context(), k, web.ActorOf(r.Context()), act, f); err != nil {
			return k.refused(w, r, a.Path, act.ID, f, err)
		}
		said, err := k.said(r.Context(), a, act.ID)
		if err != nil {
			return err
		}
		web.Flash(r, "success", said)
		if a.Leaves {
			next, err := k.next(r.Context(), web.ActorOf(r.Context()), a.From)
			if err != nil {
				return err
			}
			return web.Redirect(w, r, next)
		}
		return web.Redirect(w, r, letterHref(act.ID))
	}
}

// said is what an act came to: a signed letter may have gone out by itself.
func (k *desk) said(ctx context.Context, a letterAct, id int64) (string, error) {
	if a.Action != eoffice.ActSign && a.Action != eoffice.ActScan {
		return a.Done, nil
	}
	sent, err := k.Office.WasSent(ctx, id)
	if sent {
		return strings.TrimSuffix(a.Done, ".") + " dan dikirim kepada penerimanya.", err
	}
	return a.Done, err
}

// next is where somebody goes on who has dealt with a letter of a queue: to the rest of it.
func (k *desk) next(ctx context.Context, a authz.Actor, q eoffice.Queue) (string, error) {
	counts, err := k.Office.Counts(ctx, a)
	if counts[q].N > 0 {
		return queueHref(q), err
	}
	return deskPath, err
}

// refused shows the letter again with what was wrong, as it is now.
func (k *desk) refused(w http.ResponseWriter, r *http.Request, path string, id int64, f *form.Form, cause error) error {
	kind := errs.KindOf(cause)
	if kind != errs.Conflict && kind != errs.Unprocessable && kind != errs.Forbidden && kind != errs.Unavailable && kind != errs.TooMany {
		return cause
	}
	v, err := k.load(r, id)
	if err != nil {
		return err
	}
	if !f.FailWith(cause) {
		f.Fail("", errs.MessageOf(cause))
	}
	var changed *eoffice.ChangedError
	if errors.As(cause, &changed) {
		v.Changed = changed
	}
	v.Form, v.Open = f, path
	return web.Render(w, r, web.Status(cause), letterPage(v))
}

// recipientAct is one thing that may be done about a recipient.
type recipientAct struct {
	Path   string
	Action eoffice.Action
	Button string
	Reason string // label of a reason, "" where none is asked
	Done   string
	File   string // label of a file that is to be uploaded, "" where none is
	Do     func(ctx context.Context, k *desk, a authz.Actor, id int64, reason string) error
}

var recipientActs = []recipientAct{
	{Path: "saring", Action: eoffice.ActScreen, Button: "Teruskan ke pimpinan", Reason: "Catatan untuk pimpinan (boleh kosong)", Done: "Naskah diteruskan ke pimpinan.",
		Do: func(ctx context.Context, k *desk, a authz.Actor, id int64, reason string) error {
			return k.Office.Screen(ctx, a, id, reason)
		}},
	{Path: "terima", Action: eoffice.ActTakeIn, Button: "Terima dan beri nomor agenda", Done: "Naskah diterima dan diberi nomor agenda.",
		Do: func(ctx context.Context, k *desk, a authz.Actor, id int64, _ string) error {
			_, err := k.Office.TakeIn(ctx, a, id)
			return err
		}},
	{Path: "selesai", Action: eoffice.ActFinish, Button: "Selesai", Reason: "Apa hasilnya (boleh kosong)", Done: "Naskah ditandai selesai.",
		Do: func(ctx context.Context, k *desk, a authz.Actor, id int64, reason string) error {
			return k.Office.Finish(ctx, a, id, reason)
		}},
	{Path: "kembalikan", Action: eoffice.ActGiveBack, Button: "Kembalikan, bukan tugas kami", Reason: "Alasan", Done: "Naskah dikembalikan kepada pengirim.",
		Do: func(ctx context.Context, k *desk, a authz.Actor, id int64, reason string) error {
			return k.Office.GiveBack(ctx, a, id, reason)
		}},
	{Path: "kirim-lagi", Action: eoffice.ActResend, Button: "Kirim lagi", Done: "Naskah dikirim lagi.",
		Do: func(ctx context.Context, k *desk, a authz.Actor, id int64, _ string) error {
			return k.Office.Resend(ctx, a, id)
		}},
	{Path: "bukti", Action: eoffice.ActProve, Button: "Unggah bukti terima", File: "Bukti terima", Done: "Bukti terima disimpan."},
}

// controlLetter names the letter of a recipient, to go back to.
const controlLetter = "naskah"

func (k *desk) recipientAct(a recipientAct) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := web.PathInt(r, "id")
		if err != nil {
			return err
		}
		f, err := readFiles(r)
		if err != nil {
			return err
		}
		letter, _ := strconv.ParseInt(f.Value(controlLetter), 10, 64)
		ctx, who := r.Context(), web.ActorOf(r.Context())
		switch {
		case !f.OK():
			err = f.Err()
		case a.File != "":
			err = doProve(ctx, k, who, id, f)
		default:
			err = a.Do(ctx, k, who, id, f.Text(eoffice.ControlReason))
		}
		if err != nil {
			if errs.KindOf(err) == errs.NotFound || letter <= 0 {
				return err
			}
			return k.refused(w, r, a.Path, letter, f, err)
		}
		web.Flash(r, "success", a.Done)
		if letter <= 0 {
			return web.Redirect(w, r, deskPath)
		}
		return web.Redirect(w, r, letterHref(letter))
	}
}
