package eoffice

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
)

// deedKind is the kind of the letters that record a disposal.
const deedKind = "BA"

// deedWords name what a deed records, by the kind of the case.
var deedWords = map[Proposal]struct{ subject, does string }{
	ToInactive: {"Berita Acara Pemindahan Arsip Inaktif", "telah melaksanakan pemindahan arsip inaktif"},
	ToDestroy:  {"Berita Acara Pemusnahan Arsip", "telah melaksanakan pemusnahan arsip yang habis masa simpannya dan tidak bernilai guna lagi"},
	ToHandOver: {"Berita Acara Serah Terima Arsip Statis", "telah melaksanakan serah terima arsip statis"},
}

// WriteDeed begins the berita acara of a case as a draft on the actor's desk, with its panel
// and the list of folders, the letters attached as a table; it goes through the chain like
// every letter. A second click leads to the same draft, but one that was withdrawn ends with that.
func (m *Module) WriteDeed(ctx context.Context, a authz.Actor, id int64) (letterID int64, err error) {
	defer errs.In(&err, "eoffice.WriteDeed(%d)", id)
	d, err := m.DisposalOf(ctx, a, id)
	if err != nil {
		return 0, err
	}
	mo, err := m.here(ctx, m.db, a)
	if err != nil {
		return 0, err
	}
	if _, err := DecideDisposal(&d.Disposal, mo, ActSetReport, ""); err != nil {
		return 0, err
	}
	if len(mo.Seats) == 0 {
		return 0, errs.New(errs.Conflict, "Anda belum menduduki jabatan, jadi belum dapat menulis berita acara.")
	}
	key := "penyusutan-" + strconv.FormatInt(id, 10)
	if d.ReportStatus == Cancelled {
		key += "-" + strconv.FormatInt(d.ReportID, 10)
	} else if d.ReportID != 0 {
		_, _, err := m.seen(ctx, m.db, a, d.ReportID)
		if err == nil || errs.KindOf(err) != errs.NotFound { // another archivist's draft is not there for this one
			return d.ReportID, err
		}
	}
	letterID, err = m.Begin(ctx, a, deedKind, mo.Seats[0].PositionID, key)
	if err != nil {
		return 0, err
	}
	c, draft, err := m.DraftOf(ctx, a, letterID)
	if err != nil {
		return 0, err
	}
	if c.Saved == 0 {
		draft.Content = m.deedText(&d)
		if draft.Chain, err = m.deedChain(ctx, d.Members, draft.Chain); err != nil {
			return 0, err
		}
		if _, err := m.SaveDraft(ctx, a, letterID, 0, draft); err != nil {
			return 0, err
		}
		list, err := m.deedList(ctx, &d)
		if err != nil {
			return 0, err
		}
		if err := m.AttachFile(ctx, a, letterID, Upload{Name: "Daftar arsip.csv", Upload: bytes.NewReader(list)}); err != nil {
			return 0, err
		}
	}
	return letterID, m.setDeed(ctx, a, id, letterID)
}

func (m *Module) setDeed(ctx context.Context, a authz.Actor, id, letterID int64) error {
	return m.disposalAct(ctx, a, id, ActSetReport, "", map[string]any{"naskah": letterID}, func(_ pgx.Tx, d *Disposal, _ Moment) error {
		d.ReportID = letterID
		return nil
	}, nil)
}

const sqlFindDeed = `
SELECT id FROM eoffice_letter WHERE kind_code = 'BA' AND unit_id = $1 AND letter_number = $2 AND status IN ('ditandatangani', 'terkirim', 'diarsipkan') ORDER BY id DESC LIMIT 1`

// LinkDeed names a berita acara of the office that is signed already, by its number.
func (m *Module) LinkDeed(ctx context.Context, a authz.Actor, id int64, number string) (err error) {
	defer errs.In(&err, "eoffice.LinkDeed(%d)", id)
	d, err := m.DisposalOf(ctx, a, id)
	if err != nil {
		return err
	}
	letterID, err := pg.Scalar[int64](ctx, m.db, sqlFindDeed, d.UnitID, squash(number))
	if errs.KindOf(err) == errs.NotFound && err != nil {
		return errs.Invalid(errs.Field{Name: ControlDeed, Message: "Tidak ada berita acara kantor ini yang sudah ditandatangani dengan nomor itu."})
	}
	if err != nil {
		return err
	}
	return m.setDeed(ctx, a, id, letterID)
}

// deedChain has the panel sign that the deed names, then who signs the archivist's letters where
// somebody does. A panel for which there is no room is added by hand.
func (m *Module) deedChain(ctx context.Context, panel []PanelMember, usual []Link) ([]Link, error) {
	if len(panel) == 0 || len(panel)+len(usual) > maxChain {
		return usual, nil
	}
	ids := make([]int64, len(usual))
	for i, l := range usual {
		ids[i] = l.PositionID
	}
	empty, err := m.vacantDesks(ctx, m.db, ids, m.now())
	if err != nil {
		return nil, err
	}
	usual = slices.DeleteFunc(usual, func(l Link) bool {
		return slices.ContainsFunc(empty, func(e vacantDesk) bool { return e.ID == l.PositionID }) ||
			slices.ContainsFunc(panel, func(p PanelMember) bool { return p.PositionID == l.PositionID })
	})
	signs := slices.IndexFunc(usual, func(l Link) bool { return l.Duty == Sign })
	if signs < 0 {
		signs = len(usual)
	}
	var all []Link
	for _, p := range panel {
		all = append(all, Link{PositionID: p.PositionID, Title: p.Title, Duty: Sign})
	}
	return slices.Insert(usual, signs, all...), nil
}

// deedText is the berita acara to begin with.
func (m *Module) deedText(d *DisposalDetail) Content {
	w, b, now := deedWords[d.Kind], &strings.Builder{}, m.now()
	esc := html.EscapeString
	fmt.Fprintf(b, "<p>Pada hari ini %s, kami masing-masing:</p><ol>", esc(indo.LongDate(now)))
	if len(d.Members) == 0 {
		b.WriteString("<li>[…]</li>")
	}
	for _, p := range d.Members {
		fmt.Fprintf(b, "<li>%s, %s</li>", esc(p.Holder), esc(p.Title))
	}
	fmt.Fprintf(b, "</ol><p>%s milik %s", esc(w.does), esc(d.UnitName))
	if d.KeeperName != "" {
		fmt.Fprintf(b, " kepada %s", esc(d.KeeperName))
	}
	fmt.Fprintf(b, ", sebanyak %d berkas berisi %d naskah sebagaimana daftar berikut dan lampiran:</p>", d.Folders, d.Letters)
	b.WriteString("<table><tbody><tr><th>No.</th><th>Berkas</th><th>Judul</th><th>Naskah</th><th>Masa simpan</th></tr>")
	for i, f := range d.List {
		fmt.Fprintf(b, "<tr><td>%d.</td><td>%s</td><td>%s</td><td>%d</td><td>%d tahun</td></tr>", i+1, esc(f.Code()), esc(f.Title), f.Letters, f.Years())
	}
	b.WriteString("</tbody></table>")
	if d.ANRINote != "" {
		fmt.Fprintf(b, "<p>Persetujuan ANRI: %s.</p>", esc(d.ANRINote))
	}
	b.WriteString("<p>Demikian berita acara ini dibuat dengan sesungguhnya.</p>")
	return Content{Subject: w.subject, Body: b.String()}
}

// deedList is the list of all letters of a case: of what is confidential not what it is about.
func (m *Module) deedList(ctx context.Context, d *DisposalDetail) ([]byte, error) {
	var out bytes.Buffer
	w, err := sheet.NewWriter(&out, sheet.CSV, "Daftar arsip", listColumns)
	if err != nil {
		return nil, err
	}
	for _, f := range d.List {
		if err := m.eachLetter(ctx, f.ID, func(l FolderLetter) error { return w.Row(listRow(f, l)...) }); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// listColumns are those of a list of archives.
var listColumns = []sheet.Column{{Title: "Berkas"}, {Title: "Nomor"}, {Title: "Tanggal"}, {Title: "Jenis"}, {Title: "Hal"}, {Title: "Dari"}, {Title: "Sifat"}, {Title: "Klasifikasi"}}

func listRow(f Folder, l FolderLetter) []any {
	subject := l.Subject
	if l.Secrecy.Confidential() {
		subject = HiddenSubject
	}
	return []any{f.Code(), l.Number, indo.Date(l.Day), l.KindCode, subject, l.From, l.Secrecy.Label(), f.KKA}
}

// eachLetter goes through all letters of a folder.
func (m *Module) eachLetter(ctx context.Context, folderID int64, do func(FolderLetter) error) error {
	for after := int64(0); ; {
		rows, err := pg.Many[FolderLetter](ctx, m.db, sqlFolderLetters, folderID, after, 500)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, l := range rows {
			if err := do(l); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].LetterID
	}
}
