package app

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/eoffice"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/oversight"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// sources are what the Inspektorat keeps as evidence: read through the modules' own use cases,
// so that an inspector gets what their pages would show.
func (a *App) sources() []oversight.Source {
	return []oversight.Source{
		{Object: "mtr_report", Module: "mtr", Label: "Laporan warga", Key: reportKey, Find: a.findReport, Read: a.readReport},
		{Object: "epemerintahan_letter", Module: "epemerintahan", Label: "Surat kelurahan", Key: idAfter("/meja/surat/"), Find: a.findLetter, Read: a.readLetter},
		{Object: "eoffice_letter", Module: "eoffice", Label: "Naskah dinas", Key: idAfter("/meja/eoffice/naskah/"), Find: a.findNaskah, Read: a.readNaskah},
		{Object: "kuciniki_skp", Module: "kuciniki", Label: "SKP", Key: idAfter("/meja/kuciniki/skp/"), Find: a.findSKP, Read: a.readSKP},
	}
}

var reportNumber = regexp.MustCompile(`(?i)^(?:.*/meja/mtr/)?(MTR-\d{2}-\d{6,})(?:[/?#].*)?$`)

func reportKey(ref string) string {
	if m := reportNumber.FindStringSubmatch(ref); m != nil {
		return strings.ToUpper(m[1])
	}
	return ""
}

// idAfter finds the id in the address of a page, whole or without its host.
func idAfter(prefix string) func(ref string) string {
	return func(ref string) string {
		u, err := url.Parse(ref)
		if err != nil {
			return ""
		}
		id, ok := strings.CutPrefix(u.Path, prefix)
		id, _, _ = strings.Cut(id, "/")
		if _, err := strconv.ParseInt(id, 10, 64); !ok || err != nil {
			return ""
		}
		return id
	}
}

func number(key string) int64 {
	id, _ := strconv.ParseInt(key, 10, 64)
	return id
}

// fields are pairs of a name and a value; those without a value are left out.
func fields(pairs ...string) (out []oversight.Field) {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, oversight.Field{Name: pairs[i], Value: pairs[i+1]})
		}
	}
	return out
}

// nameOf is somebody and their post or unit, as far as they are known.
func nameOf(name, post string) string { return strings.Trim(name+", "+post, ", ") }

// putIf puts what was opened and closes it; what may not be opened is left out.
func putIf(put oversight.Put, name string, r io.ReadCloser, err error) error {
	if k := errs.KindOf(err); err != nil && (k == errs.NotFound || k == errs.Forbidden) {
		return nil
	}
	if err != nil {
		return err
	}
	defer r.Close()
	return put(name, r)
}

// ending is that of a media type's files.
func ending(contentType string) string {
	switch contentType {
	case "image/jpeg":
		return ".jpg"
	case "application/pdf":
		return ".pdf"
	}
	all, err := mime.ExtensionsByType(contentType)
	if err != nil || len(all) == 0 {
		return ".bin"
	}
	return all[0]
}

func (a *App) findReport(ctx context.Context, who authz.Actor, key string) (oversight.Case, error) {
	r, err := a.MTR.DeskView(ctx, who, key)
	return oversight.Case{ID: r.ID, Label: r.Number}, err
}

func (a *App) readReport(ctx context.Context, who authz.Actor, id int64, put oversight.Put) (out oversight.Record, err error) {
	numbers, err := a.MTR.DeskNumbers(ctx, who, []int64{id})
	if err != nil {
		return out, err
	}
	if numbers[id] == "" {
		return out, errs.New(errs.NotFound, "")
	}
	r, err := a.MTR.DeskView(ctx, who, numbers[id])
	if err != nil {
		return out, err
	}
	out.Title = "Laporan " + r.Number
	out.Fields = fields("Judul", r.Title, "Uraian", r.Body, "Patokan", r.Landmark, "Kategori", r.CategoryName, "Status", r.Status.Label(),
		"Kelurahan", r.KelurahanName, "Kecamatan", r.KecamatanName, "Unit", r.UnitName, "Petugas", r.Assignee, "Instansi rujukan", r.Agency)
	if r.ReceivedAt != nil {
		out.Fields = append(out.Fields, oversight.Field{Name: "Diterima", Value: indo.LongDateTime(*r.ReceivedAt)})
	}
	for _, q := range r.Extra {
		out.Fields = append(out.Fields, oversight.Field{Name: q.Text, Value: q.Answer})
	}
	for _, m := range r.Messages {
		out.Fields = append(out.Fields, oversight.Field{Name: "Pelapor menulis, " + indo.LongDateTime(m.At), Value: m.Body})
	}
	for _, e := range r.Timeline {
		out.History = append(out.History, oversight.Happens{At: e.At, Act: string(e.Action), By: nameOf(e.ByName, e.ByUnit), Word: e.Reason})
	}
	viewer := mtr.Viewer{Actor: who}
	for i, p := range slices.Concat(r.Photos, r.ProofPending) {
		f, err := a.MTR.OpenPhoto(ctx, viewer, p.Ref, mtr.Large)
		if err := putIf(put, fmt.Sprintf("foto-%02d.jpg", i+1), f.Body, err); err != nil {
			return out, err
		}
	}
	for i, d := range r.Documents {
		f, err := a.MTR.OpenDocument(ctx, viewer, d.Ref)
		if err := putIf(put, fmt.Sprintf("dokumen-%02d%s", i+1, ending(f.ContentType)), f.Body, err); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (a *App) findLetter(ctx context.Context, who authz.Actor, key string) (oversight.Case, error) {
	all, err := a.Letters.DeskNumbers(ctx, who, []int64{number(key)})
	return found(all, number(key), "Surat", err)
}

// found is the case with an id among those that somebody may open.
func found(all map[int64]string, id int64, name string, err error) (oversight.Case, error) {
	n, ok := all[id]
	if err == nil && !ok {
		err = errs.New(errs.NotFound, "")
	}
	return oversight.Case{ID: id, Label: cmp.Or(n, name+" "+strconv.FormatInt(id, 10))}, err
}

func (a *App) readLetter(ctx context.Context, who authz.Actor, id int64, put oversight.Put) (out oversight.Record, err error) {
	d, err := a.Letters.View(ctx, who, id)
	if err != nil {
		return out, err
	}
	out.Title = "Permohonan " + d.RequestNumber
	out.Fields = fields("Jenis", d.Title, "Nomor surat", d.Number, "Kelurahan", d.KelurahanName, "Status", d.Status.Label(), "Alasan dikembalikan", d.ReturnReason,
		"Alasan dicabut", d.VoidReason, "Menggantikan", d.Replaces, "Digantikan oleh", d.ReplacedBy, "Jawaban RT/RW", d.RTAnswer)
	for _, h := range d.History {
		out.History = append(out.History, oversight.Happens{At: h.At, Act: string(h.Action), By: nameOf(h.By, h.Title), Word: h.Reason})
	}
	for _, which := range []letter.Which{letter.FilePDF, letter.FileScan} {
		if which == letter.FilePDF && !d.HasPDF || which == letter.FileScan && !d.HasScan {
			continue
		}
		r, err := a.Letters.OpenFile(ctx, who, id, which)
		if err := putIf(put, string(which)+".pdf", r, err); err != nil {
			return out, err
		}
	}
	for i, s := range d.Scans {
		if s.Purged {
			continue
		}
		r, s, err := a.Letters.OpenScan(ctx, who, s.Ref)
		if err := putIf(put, fmt.Sprintf("persyaratan-%02d%s", i+1, ending(s.ContentType)), r, err); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (a *App) findNaskah(ctx context.Context, who authz.Actor, key string) (oversight.Case, error) {
	all, err := a.Office.DeskNumbers(ctx, who, []int64{number(key)})
	return found(all, number(key), "Naskah", err)
}

func (a *App) readNaskah(ctx context.Context, who authz.Actor, id int64, put oversight.Put) (out oversight.Record, err error) {
	d, err := a.Office.Open(ctx, who, id)
	if err != nil {
		return out, err
	}
	out.Title = "Naskah " + cmp.Or(d.LetterNumber, d.SenderNumber, strconv.FormatInt(id, 10))
	out.Fields = fields("Jenis", d.Kind.Name, "Kantor", d.UnitName, "Status", d.Status.Label(), "Sifat", d.Secrecy.Label(), "Di meja", d.DeskTitle)
	for _, r := range d.Recipients {
		out.Fields = append(out.Fields, oversight.Field{Name: "Kepada", Value: r.Name})
	}
	if d.See != eoffice.Whole {
		out.Fields = append(out.Fields, oversight.Field{Name: "Isi", Value: "Tidak disertakan: yang boleh dilihat hanya sampulnya."})
		return out, nil
	}
	out.Fields = append(out.Fields, fields("Hal", d.Content.Subject)...)
	for _, e := range d.Events {
		out.History = append(out.History, oversight.Happens{At: e.At, Act: string(e.Action), By: nameOf(e.Name, e.Title), Word: e.Reason})
	}
	for _, p := range d.Papers() {
		r, err := a.Office.OpenPaper(ctx, who, id, p)
		if err := putIf(put, string(p)+".pdf", r, err); err != nil {
			return out, err
		}
	}
	for i, f := range d.Files {
		r, f, err := a.Office.OpenFile(ctx, who, id, f.ID)
		if err := putIf(put, fmt.Sprintf("%s-%02d.%s", f.Purpose, i+1, f.Ending()), r, err); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (a *App) findSKP(ctx context.Context, who authz.Actor, key string) (oversight.Case, error) {
	p, err := a.Kuciniki.Plan(ctx, who, number(key))
	return oversight.Case{ID: p.ID, Label: fmt.Sprintf("SKP %d nomor %d", p.Year, p.ID)}, err
}

func (a *App) readSKP(ctx context.Context, who authz.Actor, id int64, put oversight.Put) (out oversight.Record, err error) {
	p, err := a.Kuciniki.Plan(ctx, who, id)
	if err != nil {
		return out, err
	}
	out.Title = fmt.Sprintf("SKP %d", p.Year)
	out.Fields = fields("Pegawai", p.Person, "Jabatan", p.Title, "Unit", p.Unit, "Pejabat penilai", p.RaterTitle, "Status", p.Status.Label())
	for _, e := range p.Events {
		out.History = append(out.History, oversight.Happens{At: e.At, Act: string(e.Action), By: nameOf(e.Who, e.Title), Word: e.Reason})
	}
	if n := len(p.Versions); n > 0 {
		pdf, err := a.Kuciniki.PlanPaper(ctx, who, id, p.Versions[n-1].Version)
		if err := putIf(put, "skp.pdf", io.NopCloser(bytes.NewReader(pdf)), err); err != nil {
			return out, err
		}
	}
	for month := range 13 { // 0 is the year
		if _, judged := p.Months[month]; !judged {
			continue
		}
		pdf, err := a.Kuciniki.SheetPaper(ctx, who, id, month)
		if err := putIf(put, fmt.Sprintf("penilaian-%02d.pdf", month), io.NopCloser(bytes.NewReader(pdf)), err); err != nil {
			return out, err
		}
	}
	return out, nil
}
