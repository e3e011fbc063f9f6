package kucinikiweb

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/kuciniki"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	attendancePath  = deskPath + "/kehadiran"
	payPath         = deskPath + "/tpp"
	controlNIK      = "nik"
	controlPassword = "sandi"
)

// attendanceView is taking in machines' files and letters.
type attendanceView struct {
	Desk   *ui.Desk
	Form   *form.Form
	Open   string // which form was refused
	Import *kuciniki.Import
	Leaves []kuciniki.NotedLeave
}

func (v attendanceView) typed(open string, c ui.Control) ui.Control {
	if v.Open == open {
		return c.Kept(v.Form)
	}
	return c
}

func (v attendanceView) file() ui.Control {
	c := ui.Control{Name: kuciniki.ControlFile, Label: "Berkas XLSX atau CSV", Accept: ".xlsx,.csv", Hint: "Kolom: NIP, Tanggal, Masuk, Pulang. Baris pertama adalah judul kolom."}
	if v.Open == "impor" {
		c.Error = v.Form.Errors().Get(c.Name)
	}
	return c
}

func (v attendanceView) leaveKind() ui.Control {
	c := ui.Control{Name: kuciniki.ControlKind, Label: "Jenis", Options: []ui.Option{{Value: "", Label: "Pilih jenis"}}}
	for _, k := range kuciniki.Leaves {
		c.Options = append(c.Options, ui.Option{Value: k[0], Label: k[1]})
	}
	return v.typed("surat", c)
}

func (v attendanceView) field(name, label, kind string) ui.Control {
	return v.typed("surat", ui.Control{Name: name, Label: label, Type: kind})
}

func (v attendanceView) letter() ui.Control {
	return v.typed("surat", ui.Control{Name: kuciniki.ControlLetter, Label: "Nomor surat", Hint: "Persis seperti di e-Office. Surat dari luar, misalnya dari rumah sakit, dicatat dahulu sebagai surat masuk."})
}

func (k *desk) attendance(w http.ResponseWriter, r *http.Request) error {
	return k.showAttendance(w, r, http.StatusOK, attendanceView{})
}

func (k *desk) showAttendance(w http.ResponseWriter, r *http.Request, status int, v attendanceView) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if v.Leaves, err = k.Kuciniki.NotedLeaves(ctx, a); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, attendancePath); err != nil {
		return err
	}
	return web.Render(w, r, status, attendancePage(v))
}

func (k *desk) importAttendance(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	apply := f.Value(controlDo) == doApply
	var im kuciniki.Import
	err = oneFile(f, func(file io.ReaderAt, size int64) (err error) {
		im, err = k.Kuciniki.ImportAttendance(r.Context(), web.ActorOf(r.Context()), file, size, apply)
		return err
	})
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showAttendance(w, r, web.Status(err), attendanceView{Form: f, Open: "impor"})
	}
	if apply && im.Wrong == 0 {
		web.Flash(r, "success", strconv.Itoa(im.Rows)+" baris kehadiran disimpan.")
		return web.Redirect(w, r, attendancePath)
	}
	return k.showAttendance(w, r, http.StatusOK, attendanceView{Import: &im})
}

func (k *desk) addLeave(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	l := kuciniki.Leave{StaffNumber: f.Line(kuciniki.ControlNumber, form.Max(40)), First: f.Date(kuciniki.ControlFirst, "Pilih tanggal mulai."), Last: f.Date(kuciniki.ControlLast, "Pilih tanggal akhir."),
		Kind: f.Line(kuciniki.ControlKind), Number: f.Line(kuciniki.ControlLetter)}
	if err = f.Err(); err == nil {
		err = k.Kuciniki.AddLeave(r.Context(), web.ActorOf(r.Context()), l)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showAttendance(w, r, web.Status(err), attendanceView{Form: f, Open: "surat"})
	}
	web.Flash(r, "success", "Surat dicatat. Hari-hari itu dihitung seperti hadir.")
	return web.Redirect(w, r, attendancePath)
}

func (k *desk) withdrawLeave(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return err
	}
	if err := k.Kuciniki.WithdrawLeave(r.Context(), web.ActorOf(r.Context()), id); err != nil {
		return err
	}
	web.Flash(r, "success", "Surat ditarik. Angka disesuaikan dalam beberapa detik.")
	return web.Redirect(w, r, attendancePath)
}

// leaveName names a kind of leave.
func leaveName(kind string) string {
	for _, k := range kuciniki.Leaves {
		if k[0] == kind {
			return k[1]
		}
	}
	return kind
}

// payView is the file for TPP and how it is reckoned.
type payView struct {
	Desk       *ui.Desk
	Rule       kuciniki.TPPRule
	Units      []kuciniki.UnitYear
	Year       int
	Passphrase bool
	Form       *form.Form
	Open       string
}

func (v payView) typed(open string, c ui.Control) ui.Control {
	if v.Open == open {
		return c.Kept(v.Form)
	}
	return c
}

func (v payView) percent(name, label string, value int) ui.Control {
	return v.typed("aturan", ui.Control{Name: name, Label: label, Value: strconv.Itoa(value), InputMode: "numeric", Width: "short", Suffix: "%"})
}

func (v payView) unit() ui.Control {
	c := ui.Control{Name: paramUnit, Label: "Unit", Options: []ui.Option{{Value: "", Label: "Pilih unit"}}}
	for _, u := range v.Units {
		c.Options = append(c.Options, ui.Option{Value: idText(u.UnitID), Label: u.Unit})
	}
	return v.typed("berkas", c)
}

func (v payView) year() ui.Control {
	return v.typed("berkas", yearControl(v.Year, v.Year))
}

func (v payView) month() ui.Control {
	c := ui.Control{Name: kuciniki.ControlMonth, Label: "Bulan", Width: "medium", Options: []ui.Option{{Value: "", Label: "Pilih bulan"}}}
	for m := 1; m <= 12; m++ {
		c.Options = append(c.Options, ui.Option{Value: strconv.Itoa(m), Label: monthName(m)})
	}
	return v.typed("berkas", c)
}

func (k *desk) pay(w http.ResponseWriter, r *http.Request) error {
	return k.showPay(w, r, http.StatusOK, payView{})
}

func (k *desk) showPay(w http.ResponseWriter, r *http.Request, status int, v payView) (err error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	if !a.Has(kuciniki.PermPersonnel) {
		return errs.New(errs.NotFound, "Halaman ini milik BKPSDM.")
	}
	v.Year, v.Passphrase = k.Kuciniki.Year(), k.Kuciniki.NeedsPassphrase()
	if v.Rule, err = k.Kuciniki.TPP(ctx); err != nil {
		return err
	}
	if v.Units, err = k.Kuciniki.UnitYears(ctx, a, v.Year); err != nil {
		return err
	}
	if v.Desk, err = k.side(ctx, a, payPath); err != nil {
		return err
	}
	return web.Render(w, r, status, payPage(v))
}

func (k *desk) saveRule(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	percent := func(name string) int { return f.Int(name, 0, 100, "Isi 0 sampai 100.") }
	rule := kuciniki.TPPRule{Attendance: percent(kuciniki.ControlAttendance), SangatBaik: percent(string(kuciniki.VeryGood)), Baik: percent(string(kuciniki.Good)),
		ButuhPerbaikan: percent(string(kuciniki.ToMend)), Kurang: percent(string(kuciniki.Poor)), SangatKurang: percent(string(kuciniki.VeryPoor))}
	if err = f.Err(); err == nil {
		err = k.Kuciniki.SaveTPP(r.Context(), web.ActorOf(r.Context()), rule)
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showPay(w, r, web.Status(err), payView{Form: f, Open: "aturan"})
	}
	web.Flash(r, "success", "Aturan TPP disimpan dan dipakai untuk berkas berikutnya.")
	return web.Redirect(w, r, payPath)
}

func (k *desk) payFile(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	year, month, unit := k.yearOf(f), f.Int(kuciniki.ControlMonth, 1, 12, "Pilih bulan."), f.ID(paramUnit, "Pilih unit.")
	var pdf []byte
	if err = f.Err(); err == nil {
		pdf, err = k.Kuciniki.PayFile(r.Context(), web.ActorOf(r.Context()), year, month, unit, f.Line(controlNIK), f.Value(controlPassword))
	}
	if err != nil {
		if !f.Refuse(err) {
			return err
		}
		return k.showPay(w, r, web.Status(err), payView{Form: f, Open: "berkas"})
	}
	return web.ServeDownload(w, r, io.NopCloser(bytes.NewReader(pdf)), "application/pdf", "tpp-"+idText(unit)+"-"+strconv.Itoa(year)+"-"+strconv.Itoa(month)+".pdf")
}
