package letterweb

import (
	"context"
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls of the acts' forms.
const (
	controlVersion  = "versi"
	controlReason   = "alasan"
	controlChecked  = "berkas"
	controlCamat    = "camat"
	controlPassword = "sandi"
	controlNIK      = "nik_penanda"
	controlScan     = "pindaian"
)

// deskAct is one thing staff may do to a letter, as a form of its page.
type deskAct struct {
	Path   string // last part of its address
	Action letter.Action
	Title  string // what it does, on the button that opens it
	Button string // what sends it
	Key    string // accesskey of the button
	Color  string // "" or danger
	Done   string // said afterwards, after the letter's number
	Leaves bool   // afterwards the letter has left this desk's queue
	// Do reads the answers and acts; nil for acts with a handler of their own.
	Do func(ctx context.Context, k *desk, a authz.Actor, act letter.Act, f *form.Form) error
}

// plain is the Do of acts that need no more than a reason.
func plain(action letter.Action) func(context.Context, *desk, authz.Actor, letter.Act, *form.Form) error {
	return func(ctx context.Context, k *desk, a authz.Actor, act letter.Act, _ *form.Form) error {
		return k.Letters.Do(ctx, a, action, act)
	}
}

// deskActs in the order in which a page offers them: the first that is possible moves
// the letter on.
var deskActs = []deskAct{
	{Path: "periksa", Action: letter.ActCheck, Title: "Berkas lengkap", Button: "Teruskan ke sekretaris", Key: "t",
		Done: "diteruskan kepada sekretaris.", Leaves: true, Do: doCheck},
	{Path: "paraf", Action: letter.ActParaf, Title: "Paraf", Button: "Paraf, teruskan ke lurah", Key: "t",
		Done: "diparaf dan diteruskan kepada lurah.", Leaves: true, Do: plain(letter.ActParaf)},
	{Path: "tandatangani", Action: letter.ActSign, Title: "Tanda tangani", Button: "Tanda tangani", Key: "t",
		Done: "ditandatangani.", Leaves: true, Do: doSign},
	{Path: "cetak", Action: letter.ActPrint, Title: "Cetak bernomor", Button: "Beri nomor dan cetak", Key: "c",
		Done: "diberi nomor. Cetak, tanda tangani, lalu pindai.", Do: doPrint},
	{Path: "pindai", Action: letter.ActScan, Title: "Pindaian surat bertanda tangan", Button: "Simpan, surat terbit", Key: "t"},
	{Path: "serahkan", Action: letter.ActHandOver, Title: "Serahkan kepada pemohon", Button: "Sudah diserahkan",
		Done: "dicatat sudah diserahkan.", Do: plain(letter.ActHandOver)},
	{Path: "peristiwa", Action: letter.ActOffer, Title: "Peristiwa penduduk sudah dicatat", Button: "Sudah dicatat",
		Done: "ditandai: peristiwanya sudah dicatat di data penduduk.", Do: doOffered},
	{Path: "lengkapi", Action: letter.ActResubmit, Title: "Lengkapi di loket", Button: "Sudah dilengkapi, periksa lagi",
		Done: "dilengkapi di loket dan diperiksa lagi.", Do: plain(letter.ActResubmit)},
	{Path: "lewati-rt", Action: letter.ActSkipRT, Title: "Lanjutkan tanpa jawaban RT/RW", Button: "Lanjutkan",
		Done: "dilanjutkan tanpa jawaban RT/RW.", Do: plain(letter.ActSkipRT)},
	{Path: "kembali-cek", Action: letter.ActSendBack, Title: "Kembalikan ke operator", Button: "Kembalikan ke operator",
		Done: "dikembalikan kepada operator.", Leaves: true, Do: plain(letter.ActSendBack)},
	{Path: "kembalikan", Action: letter.ActReturn, Title: "Kembalikan untuk dilengkapi", Button: "Kembalikan kepada pemohon",
		Done: "dikembalikan kepada pemohon. Waktu berhenti sampai dilengkapi.", Leaves: true, Do: plain(letter.ActReturn)},
	{Path: "tolak", Action: letter.ActReject, Title: "Tolak permohonan", Button: "Tolak permohonan", Color: "danger",
		Done: "ditolak. Alasannya dikirim kepada pemohon.", Leaves: true, Do: plain(letter.ActReject)},
	{Path: "batal", Action: letter.ActCancel, Title: "Batalkan atas permintaan pemohon", Button: "Batalkan permohonan", Color: "danger",
		Done: "dibatalkan.", Leaves: true, Do: plain(letter.ActCancel)},
	{Path: "cabut", Action: letter.ActVoid, Title: "Cabut surat ini", Button: "Cabut surat", Color: "danger",
		Done: "dicabut. Nomornya tetap tercatat dan tidak dipakai lagi.", Do: plain(letter.ActVoid)},
}

func actFor(action letter.Action) (deskAct, bool) {
	for _, a := range deskActs {
		if a.Action == action {
			return a, true
		}
	}
	return deskAct{}, false
}

func doCheck(ctx context.Context, k *desk, a authz.Actor, act letter.Act, f *form.Form) error {
	return k.Letters.Check(ctx, a, letter.Checking{Act: act, Checked: f.Multi(controlChecked), WithCamat: f.Bool(controlCamat)})
}

func doPrint(ctx context.Context, k *desk, a authz.Actor, act letter.Act, _ *form.Form) error {
	return k.Letters.Print(ctx, a, act)
}

func doOffered(ctx context.Context, k *desk, a authz.Actor, act letter.Act, _ *form.Form) error {
	d, err := k.Letters.View(ctx, a, act.ID)
	if err != nil {
		return err
	}
	return k.Letters.Offered(ctx, a, act, d.SubjectIs.ResidentID)
}

func doSign(ctx context.Context, k *desk, a authz.Actor, act letter.Act, f *form.Form) error {
	secret, err := k.mayHold(ctx, a, f)
	if err != nil {
		return err
	}
	return k.Letters.Sign(ctx, a, []letter.Act{act}, secret)[0].Err
}

// mayHold lets nobody sign at a desk that somebody else left: it takes the signer's
// NIK and passphrase, or the password of the account when signing needs none.
func (k *desk) mayHold(ctx context.Context, a authz.Actor, f *form.Form) (held letter.Secret, err error) {
	secret := f.Value(controlPassword)
	needs := k.Letters.NeedsPassphrase()
	if secret == "" {
		message := "Tulis sandi akun Anda."
		if needs {
			message = "Tulis passphrase BSrE Anda."
		}
		return held, errs.Invalid(errs.Field{Name: controlPassword, Message: message})
	}
	if needs {
		held = letter.Secret{NIK: epemerintahan.CleanNumber(f.Value(controlNIK)), Passphrase: secret}
		if len(held.NIK) != 16 {
			err = errs.Invalid(errs.Field{Name: controlNIK, Message: "Tulis 16 angka NIK yang terdaftar di BSrE."})
		}
		return held, err
	}
	err = k.Auth.CheckPassword(ctx, a.AccountID, secret)
	if errs.KindOf(err) == errs.Unprocessable {
		err = errs.Invalid(errs.Field{Name: controlPassword, Message: "Sandi ini tidak cocok. Surat belum ditandatangani."})
	}
	return held, err
}

// actOf reads on which version of a letter an act was decided.
func actOf(r *http.Request, f *form.Form) (letter.Act, error) {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return letter.Act{}, err
	}
	version, err := strconv.Atoi(f.Value(controlVersion))
	if err != nil || version <= 0 {
		return letter.Act{}, errs.New(errs.BadRequest, "")
	}
	return letter.Act{ID: id, Version: version, Reason: f.Text(controlReason)}, nil
}

// act handles the form of one act.
func (k *desk) act(a deskAct) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		act, err := actOf(r, f)
		if err != nil {
			return err
		}
		if err := a.Do(r.Context(), k, web.ActorOf(r.Context()), act, f); err != nil {
			return k.refused(w, r, a, act.ID, f, err)
		}
		return k.done(w, r, a, act.ID, f)
	}
}

// attachScan takes the signed paper back.
func (k *desk) attachScan(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(r, f)
	if err != nil {
		return err
	}
	a, _ := actFor(letter.ActScan)
	a.Done = "terbit. Pemohon diberi tahu."
	if err := k.keepScan(r, act, f); err != nil {
		return k.refused(w, r, a, act.ID, f, err)
	}
	return k.done(w, r, a, act.ID, f)
}

func (k *desk) keepScan(r *http.Request, act letter.Act, f *form.Form) error {
	files := f.Files(controlScan)
	if len(files) != 1 {
		return errs.Invalid(errs.Field{Name: controlScan, Message: "Pilih satu berkas: PDF atau foto surat yang sudah ditandatangani."})
	}
	file, err := files[0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	err = k.Letters.AttachScan(r.Context(), web.ActorOf(r.Context()), act, letter.File{Name: files[0].Filename, ReadSeeker: file})
	switch errs.KindOf(err) {
	case errs.Unprocessable, errs.Unsupported, errs.TooLarge:
		message := errs.MessageOf(err)
		if fields := errs.FieldsOf(err); len(fields) > 0 { // whatever the use case calls the control
			message = fields[0].Message
		}
		return errs.Invalid(errs.Field{Name: controlScan, Message: message})
	}
	return err
}

// done says what happened and goes on: to the queue from which the letter was opened
// when it has left it, else back to the letter.
func (k *desk) done(w http.ResponseWriter, r *http.Request, a deskAct, id int64, f *form.Form) error {
	web.Flash(r, "success", "Surat "+f.Value(controlNumber)+" "+a.Done)
	from := letter.QueueName(f.Value(paramQueue))
	if a.Leaves && from != "" {
		return web.Redirect(w, r, queueHref(from))
	}
	return web.Redirect(w, r, letterHref(id, from))
}

// refused shows the letter again with what was typed: 422 beside the controls when an
// answer is wrong; else with the newest state, because somebody was faster or the act
// is not this person's.
func (k *desk) refused(w http.ResponseWriter, r *http.Request, a deskAct, id int64, f *form.Form, err error) error {
	status := web.Status(err)
	switch errs.KindOf(err) {
	case errs.Unprocessable:
		f.FailWith(err)
	case errs.Conflict, errs.Forbidden, errs.Gone:
	default:
		return err
	}
	v, loadErr := k.load(r, id)
	if loadErr != nil {
		return loadErr
	}
	v.Queue = letter.QueueName(f.Value(paramQueue))
	v.Open, v.Form = a.Action, f
	if status != http.StatusUnprocessableEntity || f.OK() {
		v.Conflict = k.conflict(v, a, f, err)
	}
	return web.Render(w, r, status, letterPage(v))
}

// reissue makes a new letter from a voided one and opens it for correcting.
func (k *desk) reissue(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	fresh, err := k.Letters.Reissue(r.Context(), web.ActorOf(r.Context()), id)
	if err != nil {
		return err
	}
	web.Flash(r, "success", "Surat pengganti dibuat dari surat yang dicabut. Betulkan isiannya, lalu teruskan.")
	return web.Redirect(w, r, letterHref(fresh, ""))
}
