package mtrweb

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Controls that every act carries besides its own.
const (
	controlReport  = "laporan"
	controlVersion = "versi"
)

// deskAct is one thing staff may do to a report, as a form of its page.
type deskAct struct {
	Path   string // last part of its address
	Action mtr.Action
	Title  string // what it does, on the button that opens it
	Button string // what sends it
	Color  string // "" or danger
	Done   string // said afterwards, after the report's number
	Leaves bool   // afterwards the report has left this queue
	// Do reads the answers and acts; nil for acts with a handler of their own.
	Do func(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error
}

type reasonCase func(*mtr.Module, context.Context, authz.Actor, mtr.ReasonInput) error

// words is the Do of acts that need nothing but words.
func words(use reasonCase) func(context.Context, *mtr.Module, authz.Actor, mtr.Act, *form.Form) error {
	return func(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
		return use(m, ctx, a, mtr.ReasonInput{Act: act, Reason: f.Text(mtr.ControlReason)})
	}
}

// deskActs in the order in which a page offers them.
var deskActs = []deskAct{
	{Path: "lepas", Action: mtr.ActRelease, Title: "Lepaskan laporan", Button: "Lepaskan laporan",
		Done: "dilepaskan dan masuk ke antrean pemeriksaan.", Leaves: true, Do: words((*mtr.Module).Release)},
	{Path: "teruskan", Action: mtr.ActForward, Title: "Terima dan teruskan", Button: "Terima dan teruskan",
		Done: "diteruskan. Kata dan fotonya sekarang tampil untuk umum.", Leaves: true, Do: doForward},
	{Path: "tugaskan", Action: mtr.ActAssign, Title: "Tugaskan kepada petugas", Button: "Tugaskan",
		Done: "ditugaskan.", Do: doAssign},
	{Path: "mulai", Action: mtr.ActStart, Title: "Mulai kerjakan", Button: "Mulai kerjakan",
		Done: "sedang dikerjakan. Pelapor bisa melihatnya.", Do: doStart},
	{Path: "bukti", Action: mtr.ActSubmitProof, Title: "Serahkan bukti", Button: "Serahkan bukti"},
	{Path: "jadwalkan", Action: mtr.ActSchedule, Title: "Jadwalkan", Button: "Jadwalkan",
		Done: "dijadwalkan. Pelapor bisa melihat tanggalnya.", Do: doSchedule},
	{Path: "terima-bukti", Action: mtr.ActValidate, Title: "Terima bukti", Button: "Terima bukti, laporan selesai",
		Done: "selesai. Pelapor punya 10 hari kerja untuk menyanggah.", Leaves: true, Do: doValidate},
	{Path: "kembalikan-bukti", Action: mtr.ActRejectProof, Title: "Kembalikan bukti", Button: "Kembalikan bukti", Color: "danger",
		Done: "dikembalikan kepada unit untuk dikerjakan lagi.", Leaves: true, Do: words((*mtr.Module).RejectProof)},
	{Path: "jawaban-instansi", Action: mtr.ActAgencyAnswer, Title: "Catat jawaban instansi", Button: "Catat jawaban",
		Done: "mendapat jawaban dari instansi yang dirujuk.", Leaves: true, Do: doAgencyAnswer},
	{Path: "lanjutkan", Action: mtr.ActResume, Title: "Lanjutkan tanpa jawaban", Button: "Lanjutkan",
		Done: "dilanjutkan. Waktunya berjalan lagi.", Do: words((*mtr.Module).Resume)},
	{Path: "tanya", Action: mtr.ActAskInfo, Title: "Tanya pelapor", Button: "Kirim pertanyaan",
		Done: "menunggu jawaban pelapor. Waktunya berhenti sampai dijawab.", Leaves: true, Do: doAskInfo},
	{Path: "rujuk", Action: mtr.ActReferOut, Title: "Rujuk ke instansi lain", Button: "Rujuk ke instansi lain",
		Done: "dirujuk ke instansi lain.", Leaves: true, Do: doRefer},
	{Path: "duplikat", Action: mtr.ActMarkDuplicate, Title: "Tandai duplikat", Button: "Tandai duplikat",
		Done: "ditandai sebagai duplikat. Pelapornya ikut mendapat kabar laporan induk.", Leaves: true, Do: doDuplicate},
	{Path: "bukan-duplikat", Action: mtr.ActUnmark, Title: "Bukan duplikat", Button: "Pisahkan lagi",
		Done: "dipisahkan lagi dan masuk ke antrean pemeriksaan.", Leaves: true, Do: words((*mtr.Module).UnmarkDuplicate)},
	{Path: "kembalikan", Action: mtr.ActBounce, Title: "Bukan tugas unit ini", Button: "Kembalikan ke verifikator", Color: "danger",
		Done: "dikembalikan kepada verifikator.", Leaves: true, Do: words((*mtr.Module).Bounce)},
	{Path: "kategori", Action: mtr.ActRecategorize, Title: "Ubah kategori", Button: "Ubah kategori",
		Done: "pindah kategori.", Do: doRecategorize},
	{Path: "prioritas", Action: mtr.ActPrioritize, Title: "Ubah prioritas", Button: "Ubah prioritas",
		Done: "berubah prioritasnya.", Do: doPrioritize},
	{Path: "tolak", Action: mtr.ActReject, Title: "Tolak laporan", Button: "Tolak laporan", Color: "danger",
		Done: "ditolak. Alasannya dikirim kepada pelapor.", Leaves: true, Do: doReject},
	{Path: "tanggapi", Action: mtr.ActRespond, Title: "Tanggapi pelapor", Button: "Kirim tanggapan",
		Done: "ditanggapi. Tanggapan Anda tampil untuk pelapor dan umum.", Do: words((*mtr.Module).Respond)},
	{Path: "catat", Action: mtr.ActNote, Title: "Catatan untuk petugas", Button: "Simpan catatan",
		Done: "diberi catatan. Hanya petugas yang dapat membacanya.", Do: words((*mtr.Module).Note)},
	{Path: "buka-foto", Action: mtr.ActReleasePhoto, Title: "Buka foto untuk petugas lapangan", Button: "Buka foto",
		Done: "fotonya sekarang dapat dilihat petugas lapangan.", Do: releases((*mtr.Module).ReleasePhotos)},
	{Path: "buka-asli", Action: mtr.ActReleaseOriginal, Title: "Izinkan petugas melihat yang ditutup", Button: "Izinkan",
		Done: "yang ditutup dapat dibuka petugas selama waktu itu.", Do: releases((*mtr.Module).ReleaseOriginals)},
	{Path: "asli", Action: mtr.ActOpenOriginal, Title: "Lihat yang ditutup", Button: "Buka"},
	{Path: "sembunyikan", Action: mtr.ActHide, Title: "Sembunyikan dari umum", Button: "Sembunyikan", Color: "danger",
		Done: "tidak lagi tampil untuk umum.", Do: words((*mtr.Module).Hide)},
	{Path: "tampilkan", Action: mtr.ActUnhide, Title: "Tampilkan lagi", Button: "Tampilkan lagi",
		Done: "tampil lagi untuk umum.", Do: words((*mtr.Module).Unhide)},
	{Path: "sembunyikan-foto", Action: mtr.ActHidePhoto, Title: "Sembunyikan foto", Button: "Sembunyikan foto ini", Color: "danger",
		Done: "satu fotonya disembunyikan.", Do: doHidePhoto},
	{Path: "tutup-kata", Action: mtr.ActRedact, Title: "Tutup kata", Button: "Tutup kata ini", Color: "danger",
		Done: "sebagian katanya ditutup. Kata aslinya tersimpan terkunci.", Do: doRedact},
	{Path: "tutup-foto", Action: mtr.ActRedactPhoto, Title: "Tutup bagian foto", Button: "Tutup bagian ini", Color: "danger",
		Done: "sebagian fotonya ditutup. Foto aslinya tersimpan terkunci."},
	{Path: "identitas", Action: mtr.ActReveal, Title: "Buka identitas pelapor", Button: "Buka identitas"},
}

type releaseCase func(*mtr.Module, context.Context, authz.Actor, mtr.ReleaseInput) error

// releases is the Do of acts that open something to the field for some days.
func releases(use releaseCase) func(context.Context, *mtr.Module, authz.Actor, mtr.Act, *form.Form) error {
	return func(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
		days, _ := strconv.Atoi(f.Value(mtr.ControlDays)) // what is no number is not among the choices
		return use(m, ctx, a, mtr.ReleaseInput{Act: act, Days: days, Reason: f.Text(mtr.ControlReason)})
	}
}

// controlPhotoRef names the photo to hide.
const controlPhotoRef = "berkas"

func doForward(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	in := mtr.ForwardInput{Act: act, UnitID: f.ID(mtr.ControlUnit, "Pilih unit tujuan."), Note: f.Text(mtr.ControlReason)}
	if err := f.Err(); err != nil {
		return err
	}
	return m.Forward(ctx, a, in)
}

func doAssign(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	in := mtr.AssignInput{Act: act, Note: f.Text(mtr.ControlReason)}
	switch to := f.Line(mtr.ControlPosition); to {
	case "":
		f.Fail(mtr.ControlPosition, "Pilih petugas.")
		return f.Err()
	case takeBack:
	default:
		position, person, _ := strings.Cut(to, ":")
		var err error
		if in.PositionID, err = strconv.ParseInt(position, 10, 64); err == nil {
			in.PersonID, err = strconv.ParseInt(person, 10, 64)
		}
		if err != nil || in.PositionID <= 0 || in.PersonID < 0 {
			f.Fail(mtr.ControlPosition, "Petugas ini tidak dikenal. Pilih lagi.")
			return f.Err()
		}
	}
	return m.Assign(ctx, a, in)
}

// takeBack is the choice that ends an assignment.
const takeBack = "0"

func assigneeValue(as mtr.Assignee) string {
	return strconv.FormatInt(as.PositionID, 10) + ":" + strconv.FormatInt(as.PersonID, 10)
}

func doStart(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.Start(ctx, a, mtr.StartInput{Act: act, Note: f.Text(mtr.ControlReason)})
}

func doSchedule(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	in := mtr.ScheduleInput{
		Act: act, Date: f.Date(mtr.ControlDate, "Pilih tanggal pekerjaan."), Reason: f.Text(mtr.ControlReason),
	}
	if err := f.Err(); err != nil {
		return err
	}
	// The promise holds until the end of the working day that was named.
	in.Date = in.Date.Add(16 * time.Hour)
	return m.Schedule(ctx, a, in)
}

func doValidate(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.Validate(ctx, a, mtr.ValidateInput{Act: act, Note: f.Text(mtr.ControlReason)})
}

func doAgencyAnswer(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.RecordAgencyAnswer(ctx, a, mtr.AgencyAnswerInput{
		Act: act, AgencyRef: f.Line(mtr.ControlAgencyRef), Answer: f.Text(mtr.ControlAnswer),
	})
}

func doAskInfo(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.AskInfo(ctx, a, mtr.AskInfoInput{Act: act, Question: f.Text(mtr.ControlReason)})
}

func doRefer(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.ReferOut(ctx, a, mtr.ReferInput{
		Act: act, Agency: f.Line(mtr.ControlAgency), AgencyRef: f.Line(mtr.ControlAgencyRef), Reason: f.Text(mtr.ControlReason),
	})
}

func doDuplicate(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.MarkDuplicate(ctx, a, mtr.DuplicateInput{
		Act: act, ParentNumber: strings.ToUpper(f.Line(mtr.ControlParent)), Note: f.Text(mtr.ControlReason),
	})
}

func doReject(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.Reject(ctx, a, mtr.RejectInput{Act: act, Reason: f.Text(mtr.ControlReason)})
}

func doHidePhoto(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.HidePhoto(ctx, a, mtr.HidePhotoInput{Act: act, Ref: f.Line(controlPhotoRef), Reason: f.Text(mtr.ControlReason)})
}

func doRedact(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.Redact(ctx, a, mtr.RedactInput{Act: act, Passages: f.Text(mtr.ControlPassages), Reason: f.Text(mtr.ControlReason)})
}

func doRecategorize(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	return m.Recategorize(ctx, a, mtr.RecategorizeInput{
		Act: act, CategoryID: f.ID(mtr.ControlCategory, ""), Reason: f.Text(mtr.ControlReason),
	})
}

func doPrioritize(ctx context.Context, m *mtr.Module, a authz.Actor, act mtr.Act, f *form.Form) error {
	in := mtr.PriorityInput{Act: act, Priority: readPriority(f), Reason: f.Text(mtr.ControlReason)}
	return m.Prioritize(ctx, a, in)
}

// readPriority is -1 when none was chosen.
func readPriority(f *form.Form) mtr.Priority {
	n, err := strconv.Atoi(f.Line(mtr.ControlPriority))
	if err != nil {
		return -1
	}
	return mtr.Priority(n)
}

func priorityOptions() []ui.Option {
	var out []ui.Option
	for _, p := range mtr.Priorities {
		out = append(out, ui.Option{Value: strconv.Itoa(int(p)), Label: p.Label()})
	}
	return out
}

// actOf reads on which report and which version of it an act was decided.
func actOf(f *form.Form) (mtr.Act, error) {
	report, err := strconv.ParseInt(f.Value(controlReport), 10, 64)
	if err != nil || report <= 0 {
		return mtr.Act{}, errs.New(errs.BadRequest, "")
	}
	version, err := strconv.Atoi(f.Value(controlVersion))
	if err != nil || version <= 0 {
		return mtr.Act{}, errs.New(errs.BadRequest, "")
	}
	return mtr.Act{ReportID: report, Version: version}, nil
}

// act handles the form of one act.
func (k *desk) act(a deskAct) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := form.Read(r)
		if err != nil {
			return err
		}
		act, err := actOf(f)
		if err != nil {
			return err
		}
		if f.Value(controlStep) == stepTemplate {
			return k.useTemplate(w, r, a, act, f)
		}
		if err := a.Do(r.Context(), k.MTR, web.ActorOf(r.Context()), act, f); err != nil {
			return k.refused(w, r, a, f, err)
		}
		if a.Action == mtr.ActRecategorize { // it may have gone to another unit with it
			_, err := k.MTR.DeskView(r.Context(), web.ActorOf(r.Context()), web.Path(r, "nomor"))
			a.Leaves = errs.KindOf(err) == errs.NotFound
		}
		return done(w, r, a, f)
	}
}

// done says what happened and goes on: to the queue from which the report was
// opened when it has left it, else back to the report.
func done(w http.ResponseWriter, r *http.Request, a deskAct, f *form.Form) error {
	number := web.Path(r, "nomor")
	web.Flash(r, "success", number+" "+a.Done)
	from := mtr.QueueKey(f.Value(paramQueue))
	switch {
	case a.Leaves && from != "":
		return web.Redirect(w, r, queueHref(from))
	case a.Action == mtr.ActBounce, a.Action == mtr.ActRecategorize && a.Leaves: // out of the unit's sight
		return web.Redirect(w, r, deskPath)
	}
	return web.Redirect(w, r, reportHref(number, from))
}

// refused shows the report again with what was typed: 422 beside the controls
// when an answer is wrong; else with the newest state, because somebody was
// faster or the act is not this person's.
func (k *desk) refused(w http.ResponseWriter, r *http.Request, a deskAct, f *form.Form, err error) error {
	status := web.Status(err)
	switch kind := errs.KindOf(err); kind {
	case errs.Unprocessable:
		f.FailWith(err)
	case errs.Conflict, errs.Gone, errs.Forbidden, errs.NotFound:
	default:
		return err
	}
	number := web.Path(r, "nomor")
	v, loadErr := k.load(r, number)
	if errs.KindOf(loadErr) == errs.NotFound {
		// The report has left this desk, or never was on it: the reader learns no
		// more than that, and keeps the words.
		return web.Render(w, r, http.StatusNotFound, lostPage(k.side(r.Context(), web.ActorOf(r.Context()), nil, ""), number, typedWords(a, f)))
	}
	if loadErr != nil {
		return loadErr
	}
	if errs.KindOf(err) == errs.NotFound {
		return err
	}
	v.Queue = mtr.QueueKey(f.Value(paramQueue))
	v.typed(a, f)
	if status != http.StatusUnprocessableEntity {
		v.Conflict = k.conflict(v, a, f, err)
	}
	return web.Render(w, r, status, reportPage(v))
}
