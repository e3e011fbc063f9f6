package oversight

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/bag"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// MaxPack is how many bytes of files a package takes, unpacked; of what does not fit the list says so.
const MaxPack = 256 << 20

// maxTrail is how many entries of the trail or the ledger one file has, the oldest.
const maxTrail = 10_000

// SignedName is the file in a package that its signature is in.
const SignedName = "tanda-tangan.pdf"

// Secret is what a signer is asked for where the city signs by BSrE.
type Secret struct{ NIK, Passphrase string }

// packing is one package in the making.
type packing struct {
	*Module
	a   authz.Actor // with what the assignment opens, and nothing else
	d   Detail
	at  time.Time
	bag *bag.Bag
}

// Pack writes the evidence of an assignment to w as a BagIt bag: each marked case as the actor
// may read it now by this assignment, its steps in the trail and the work ledger, its files, a
// list of all, what was done under the assignment, and the SHA-256 of every file. Beside it
// lies a PDF, signed in the actor's name, whose signature covers the hash of the manifest.
// Names of files hold no personal data. It is for members while the assignment runs, and
// audited. What w got is whole only when there is no error.
func (m *Module) Pack(ctx context.Context, a authz.Actor, id int64, s Secret, w io.Writer) (err error) {
	defer errs.In(&err, "oversight.Pack(%d)", id)
	d, err := m.working(ctx, m.d.DB, a, id)
	if err != nil {
		return err
	}
	if len(d.Evidence) == 0 {
		return errs.New(errs.Conflict, "Tandai dahulu sedikitnya satu bukti.")
	}
	at := m.d.Clock.Now()
	p := &packing{Module: m, a: a.Under(id), d: d, at: at, bag: bag.New(w, at)}
	if err := p.cases(ctx); err != nil {
		return err
	}
	if err := p.acts(ctx, "jejak-surat-tugas.csv", sqlTrailUnder, d.Number, maxTrail); err != nil {
		return err
	}
	manifest := p.bag.Manifest()
	hash := hex.EncodeToString(sign.Hash(manifest))
	pdf, err := p.signed(ctx, a, s, manifest, hash)
	if err != nil {
		return err
	}
	if err := p.bag.Tag(SignedName, pdf); err != nil {
		return err
	}
	if err := p.bag.Close(); err != nil {
		return err
	}
	return pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		now := m.d.Clock.Now()
		if _, err := pg.Scalar[int64](ctx, tx, sqlLockRunning, id, now); err != nil { // revoked while it was packed
			return err
		}
		return audit.Write(ctx, tx, a, now, audit.Entry{Action: "oversight.evidence.pack", Object: object, ObjectID: id, UnitID: d.UnitID,
			Detail: map[string]any{"surat_tugas": []string{d.Number}, "bukti": len(d.Evidence), "berkas": p.bag.Files(), "manifest": hash}})
	})
}

func (p *packing) cases(ctx context.Context) error {
	var list bytes.Buffer
	rows, err := sheet.NewWriter(&list, sheet.CSV, "Daftar bukti", []sheet.Column{{Title: "No"}, {Title: "Jenis"}, {Title: "Nomor"}, {Title: "Map"},
		{Title: "Ditandai oleh"}, {Title: "Ditandai pada"}, {Title: "Catatan"}, {Title: "Keterangan"}})
	if err != nil {
		return err
	}
	for i, e := range p.d.Evidence {
		place := fmt.Sprintf("%03d-%s-%d", i+1, strings.ReplaceAll(e.Object, "_", "-"), e.ObjectID)
		label, note, err := p.one(ctx, e, place)
		if err != nil {
			return err
		}
		if note != "" {
			place = ""
		}
		if err := rows.Row(i+1, label, e.Label, place, e.MarkedBy, indo.DateTime(e.MarkedAt), e.Note, note); err != nil {
			return err
		}
	}
	if err := rows.Close(); err != nil {
		return err
	}
	_, err = p.bag.Add("daftar-bukti.csv", &list)
	return err
}

// one packs a case; the note says why it is not there.
func (p *packing) one(ctx context.Context, e Evidence, place string) (label, note string, err error) {
	i := slices.IndexFunc(p.Module.d.Sources, func(s Source) bool { return s.Object == e.Object })
	if i < 0 {
		return e.Object, "tidak disertakan: bagian ini tidak ada lagi", nil
	}
	s := p.Module.d.Sources[i]
	if p.bag.Size() > MaxPack {
		return s.Label, "tidak disertakan: paket sudah penuh", nil
	}
	left := ""
	record, err := s.Read(ctx, p.a, e.ObjectID, func(name string, r io.Reader) error {
		if p.bag.Size() > MaxPack {
			left += name + " "
			return nil
		}
		_, err := p.bag.Add(place+"/"+name, r)
		return err
	})
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return s.Label, "tidak disertakan: tidak dapat dibuka lagi dengan surat tugas ini", nil
	}
	if err != nil {
		return s.Label, "", err
	}
	if left != "" {
		record.Fields = append(record.Fields, Field{"Berkas yang tidak disertakan, paket sudah penuh", strings.TrimSpace(left)})
	}
	b, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return s.Label, "", err
	}
	if _, err := p.bag.Add(place+"/perkara.json", bytes.NewReader(b)); err != nil {
		return s.Label, "", err
	}
	if err := p.acts(ctx, place+"/jejak.csv", sqlTrailOf, e.Object, e.ObjectID, maxTrail); err != nil {
		return s.Label, "", err
	}
	return s.Label, "", p.ledger(ctx, s.Module, e, place+"/kerja.csv")
}

// Citizens stay without a name: who reported is opened with a reason, on another page.
const trailColumns = `
SELECT e.id, e.at, CASE WHEN a.kind = 'pegawai' THEN a.name WHEN a.kind IS NOT NULL THEN 'Warga' WHEN e.actor LIKE 'sistem%' THEN 'Sistem' ELSE 'Pengunjung' END AS by,
	e.action, e.object, COALESCE(e.object_id, 0) AS object_id, COALESCE(u.name, '') AS unit, e.detail::text AS detail
FROM audit_entry e LEFT JOIN authn_account a ON a.id = e.account_id LEFT JOIN org_unit u ON u.id = e.unit_id `

const (
	sqlTrailOf    = trailColumns + `WHERE e.object = $1 AND e.object_id = $2 ORDER BY e.id LIMIT $3`
	sqlTrailUnder = trailColumns + `WHERE e.detail ? 'surat_tugas' AND e.detail -> 'surat_tugas' ? $1 ORDER BY e.id LIMIT $2`
)

// acts adds entries of the audit trail as a CSV.
func (p *packing) acts(ctx context.Context, name, sql string, args ...any) error {
	all, err := pg.Many[struct {
		ID           int64
		At           time.Time
		By           string
		Action       string
		Object       string
		ObjectID     int64
		Unit, Detail string
	}](ctx, p.Module.d.DB, sql, args...)
	if err != nil {
		return err
	}
	columns := []sheet.Column{{Title: "Nomor jejak"}, {Title: "Waktu"}, {Title: "Oleh"}, {Title: "Tindakan"}, {Title: "Objek"}, {Title: "Nomor objek"}, {Title: "Unit"}, {Title: "Rincian"}}
	return p.table(name, columns, func(row func(...any) error) error {
		for _, e := range all {
			if err := row(strconv.FormatInt(e.ID, 10), e.At.Format(time.RFC3339), e.By, e.Action, e.Object, strconv.FormatInt(e.ObjectID, 10), e.Unit, e.Detail); err != nil {
				return err
			}
		}
		return nil
	})
}

const sqlLedgerOf = `
SELECT e.id, e.at, e.kind, e.outcome, COALESCE(p.title, '') AS title, COALESCE(u.name, '') AS unit, e.started_at, e.due_at, COALESCE(e.working_minutes, 0) AS minutes
FROM work_event e LEFT JOIN org_position p ON p.id = e.position_id LEFT JOIN org_unit u ON u.id = e.unit_id
WHERE e.module = $1 AND e.object = $2 AND e.object_id = $3 ORDER BY e.id LIMIT $4`

// ledger adds what the work ledger says of a case.
func (p *packing) ledger(ctx context.Context, module string, e Evidence, name string) error {
	all, err := pg.Many[struct {
		ID                         int64
		At                         time.Time
		Kind, Outcome, Title, Unit string
		StartedAt, DueAt           *time.Time
		Minutes                    int
	}](ctx, p.Module.d.DB, sqlLedgerOf, module, e.Object, e.ObjectID, maxTrail)
	if err != nil || len(all) == 0 {
		return err
	}
	when := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	columns := []sheet.Column{{Title: "Nomor"}, {Title: "Waktu"}, {Title: "Langkah"}, {Title: "Hasil"}, {Title: "Jabatan"}, {Title: "Unit"}, {Title: "Sejak"}, {Title: "Tenggat"}, {Title: "Menit kerja"}}
	return p.table(name, columns, func(row func(...any) error) error {
		for _, x := range all {
			if err := row(strconv.FormatInt(x.ID, 10), x.At.Format(time.RFC3339), x.Kind, x.Outcome, x.Title, x.Unit, when(x.StartedAt), when(x.DueAt), x.Minutes); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *packing) table(name string, columns []sheet.Column, fill func(row func(...any) error) error) error {
	var b bytes.Buffer
	w, err := sheet.NewWriter(&b, sheet.CSV, name, columns)
	if err != nil {
		return err
	}
	if err := fill(w.Row); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_, err = p.bag.Add(name, &b)
	return err
}

// signed is the list of the files as a signed PDF. The reason of the signature, which the
// signature covers, holds the hash of the manifest.
func (p *packing) signed(ctx context.Context, a authz.Actor, s Secret, manifest []byte, hash string) ([]byte, error) {
	doc := naskah.Document{
		Paper: naskah.F4, Head: naskah.Head{Lines: []string{"PEMERINTAH KOTA MAKASSAR", "INSPEKTORAT DAERAH"}, Emblem: true, EmblemPNG: p.Module.d.Emblem},
		Title: "DAFTAR BERKAS BUKTI", Unnumbered: true, Subject: "Daftar berkas bukti", Created: p.at, Place: "Makassar", Date: p.at,
		Foot: []string{"SHA-256 " + bag.ManifestName + ": " + hash},
	}
	files := naskah.Table{Head: []string{"Berkas", "SHA-256"}, Widths: []float64{4, 6}, Numbered: true}
	for _, line := range strings.Split(strings.TrimSpace(string(manifest)), "\n") {
		sum, name, _ := strings.Cut(line, "  ")
		files.Rows = append(files.Rows, []string{name, sum[:32] + "\n" + sum[32:]})
	}
	doc.Blocks = []naskah.Block{
		naskah.Fields{{Label: "Surat tugas", Value: p.d.Number + ", " + indo.LongDate(p.d.IssuedOn)}, {Label: "Perihal", Value: p.d.Subject},
			{Label: "Berlaku", Value: indo.DateRange(p.d.StartsAt, p.d.LastDay())}, {Label: "Dibuat", Value: indo.LongDateTime(p.at)},
			{Label: "SHA-256 daftar", Value: hash}},
		files,
	}
	pdf, err := naskah.Render(doc)
	if err != nil {
		return nil, err
	}
	post := a.MainPosition()
	return p.Module.d.Signer.Sign(ctx, sign.Request{PDF: pdf, Name: a.Name, Title: post.Title, Unit: post.UnitName, PersonID: a.PersonID,
		NIK: s.NIK, Passphrase: s.Passphrase, Reason: bag.ManifestName + " SHA-256 " + hash, Place: "Makassar", At: p.at})
}
