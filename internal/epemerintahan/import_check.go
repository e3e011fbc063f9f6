package epemerintahan

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/live"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// States of a family in an import.
const (
	familyWaiting = "belum"
	familyFresh   = "baru"
	familyDoubted = "ragu"
	familyPresent = "ada"
	familyRefused = "ditolak"
	familyWritten = "tertulis"
)

// waitingFamily is a family of a file with its rows.
type waitingFamily struct {
	Key    []byte
	Line   int
	People int

	lines []int
	rows  []*importedRow
	state string
}

// maxMembers of a family. More rows than these under one number are a mistake, and of
// them only the first is looked at: a file must not fill the memory.
const maxMembers = 60

// nextFamilies takes the next batch of families in a state.
func (m *Module) nextFamilies(ctx context.Context, tx pgx.Tx, id int64, state string) ([]*waitingFamily, error) {
	rows, err := tx.Query(ctx, sqlNextFamilies, id, state, familyBatch)
	if err != nil {
		return nil, pg.Classify(err)
	}
	fs, err := pgx.CollectRows(rows, pgx.RowToAddrOfStructByNameLax[waitingFamily])
	if err != nil || len(fs) == 0 {
		return nil, pg.Classify(err)
	}
	type keptRow struct {
		Line        int
		Key, Sealed []byte
	}
	byKey := map[string]*waitingFamily{}
	var keys [][]byte
	var lines []int
	for _, f := range fs {
		byKey[string(f.Key)] = f
		if f.People > maxMembers {
			lines = append(lines, f.Line)
		} else {
			keys = append(keys, f.Key)
		}
	}
	kept, err := pg.Many[keptRow](ctx, tx, sqlFamilyRows, id, keys)
	if err != nil {
		return nil, err
	}
	crowds, err := pg.Many[keptRow](ctx, tx, sqlRowsOnLines, id, lines)
	if err != nil {
		return nil, err
	}
	for _, k := range append(kept, crowds...) {
		r, err := m.openRow(id, k.Line, k.Sealed)
		if err != nil {
			return nil, err
		}
		f := byKey[string(k.Key)]
		f.lines, f.rows = append(f.lines, k.Line), append(f.rows, r)
	}
	return fs, nil
}

// family is what would be recorded.
func (f *waitingFamily) family(reason string) NewFamily {
	out := NewFamily{Home: f.rows[f.head()].Home, KK: f.rows[0].KK, Reason: reason}
	for _, r := range f.rows {
		out.Members = append(out.Members, r.NewResident)
	}
	return out
}

// head is the row whose address counts.
func (f *waitingFamily) head() int {
	return max(0, slices.IndexFunc(f.rows, func(r *importedRow) bool { return r.Relation == RelationHead }))
}

func (f *waitingFamily) remark(row int, name string, doubt bool, format string, args ...any) {
	r := f.rows[row]
	r.Remarks = append(r.Remarks, Remark{importTitle(name), fmt.Sprintf(format, args...), doubt})
}

// remarked tells whether a row has a remark about a column already.
func (f *waitingFamily) remarked(row int, name string) bool {
	title := importTitle(name)
	return slices.ContainsFunc(f.rows[row].Remarks, func(r Remark) bool { return r.Column == title })
}

// settle works the family's state out of its remarks.
func (f *waitingFamily) settle() {
	f.state = familyFresh
	for _, r := range f.rows {
		for _, remark := range r.Remarks {
			if !remark.Doubt {
				f.state = familyRefused
				return
			}
			f.state = familyDoubted
		}
	}
}

// checkFamilies checks the next families of a file.
func (m *Module) checkFamilies(ctx context.Context, id int64) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		w, err := lockImport(ctx, tx, id, ImportChecking)
		if err != nil {
			return err
		}
		fs, err := m.nextFamilies(ctx, tx, id, familyWaiting)
		if err != nil {
			return err
		}
		if len(fs) == 0 {
			if err := pg.Exec(ctx, tx, sqlImportState, id, ImportReady, m.now()); err != nil {
				return err
			}
			return live.Notify(ctx, tx, LiveImport(id))
		}
		if err := m.markPresent(ctx, tx, w, fs); err != nil {
			return err
		}
		if err := m.compare(ctx, tx, w, fs); err != nil {
			return err
		}
		var fresh, freshPeople, doubted, doubtedPeople, present, refused int
		for _, f := range fs {
			switch f.state {
			case familyFresh:
				fresh, freshPeople = fresh+1, freshPeople+f.People
			case familyDoubted:
				doubted, doubtedPeople = doubted+1, doubtedPeople+f.People
			case familyPresent:
				present++
			case familyRefused:
				refused++
			}
		}
		remarks, err := m.saveFamilies(ctx, tx, id, fs)
		if err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlChecked, id, len(fs), fresh, freshPeople, doubted, doubtedPeople, present, refused, remarks, m.now()); err != nil {
			return err
		}
		return live.Notify(ctx, tx, LiveImport(id))
	})
}

// compare finds what speaks against families that are not recorded yet: in their rows,
// between them, and in the register.
func (m *Module) compare(ctx context.Context, tx pgx.Tx, w importWork, fs []*waitingFamily) error {
	areas, err := pg.Many[struct{ RW, RT string }](ctx, tx, sqlKnownAreas, w.KelurahanID)
	if err != nil {
		return err
	}
	known := map[[2]string]bool{}
	for _, a := range areas {
		known[[2]string{a.RW, a.RT}] = true
	}
	twice, err := m.twice(ctx, tx, w.ID, fs)
	if err != nil {
		return err
	}
	var open []*waitingFamily
	var families []NewFamily
	for _, f := range fs {
		if f.state == familyPresent {
			continue
		}
		if f.People > maxMembers {
			f.remark(0, ControlKK, false, "%s baris memakai nomor KK atau kode keluarga ini. Satu keluarga paling banyak %d orang.", indo.Int(f.People), maxMembers)
			f.settle()
			continue
		}
		f.together(w, known)
		for i, r := range f.rows {
			if lines := twice[r.NIK]; len(lines) > 0 && !f.remarked(i, ControlNIK) {
				f.remark(i, ControlNIK, false, "NIK ini tertulis lebih dari sekali di berkas: baris %s.", lineWords(lines))
			}
		}
		open, families = append(open, f), append(families, f.family(""))
	}
	results, err := m.CheckFamilies(ctx, tx, w.Actor, families)
	if err != nil {
		return err
	}
	for i, f := range open {
		f.take(results[i].Problems)
		f.settle()
	}
	return nil
}

// together holds the rows of a family against each other.
func (f *waitingFamily) together(w importWork, known map[[2]string]bool) {
	head := f.head()
	home := f.rows[head].Home
	for i, r := range f.rows {
		if w.MonthFirst > 0 && r.Either && !f.remarked(i, ControlBirthDate) {
			f.remark(i, ControlBirthDate, false, "Tanggal ini bisa dibaca dengan dua cara, sebab baris %d menulis bulan lebih dulu. Samakan cara menulis tanggal di seluruh berkas.", w.MonthFirst)
		}
		if (r.RW != home.RW || r.RT != home.RT) && !f.remarked(i, ControlRT) && !f.remarked(i, ControlRW) && !f.remarked(head, ControlRT) && !f.remarked(head, ControlRW) {
			f.remark(i, ControlRT, false, "RT %s RW %s tidak sama dengan baris %d, padahal satu keluarga.", r.RT, r.RW, f.lines[head])
		}
	}
	if len(known) > 0 && home.RW != "" && home.RT != "" && !known[[2]string{home.RW, home.RT}] {
		f.remark(head, ControlRT, true, "Belum ada warga di RT %s RW %s menurut register. Periksa nomornya.", home.RT, home.RW)
	}
}

// take adds the problems that the register has with a family to its rows, except about
// what could not be read anyway.
func (f *waitingFamily) take(problems []Problem) {
	for _, p := range problems {
		row := p.Member
		switch {
		case row < 0 && p.Control == ControlRelation:
			unread := func(r *importedRow) bool {
				i := slices.Index(f.rows, r)
				return f.remarked(i, ControlRelation) || f.remarked(i, ControlKK)
			}
			if slices.ContainsFunc(f.rows, unread) {
				continue
			}
			row = 0
		case row < 0:
			row = f.head()
		}
		if !f.remarked(row, p.Control) || p.Doubt {
			f.remark(row, p.Control, p.Doubt, "%s", p.Message)
		}
	}
}

// twice finds the lines of each NIK that stands more than once in the file.
func (m *Module) twice(ctx context.Context, tx pgx.Tx, id int64, fs []*waitingFamily) (map[string][]int, error) {
	var hashes [][]byte
	niks := map[string]string{}
	for _, f := range fs {
		for _, r := range f.rows {
			if r.NIK != "" {
				hash := m.box.Hash(sealNIK, r.NIK)
				hashes, niks[string(hash)] = append(hashes, hash), r.NIK
			}
		}
	}
	found, err := pg.Many[struct {
		NIKHash []byte
		Lines   []int
	}](ctx, tx, sqlTwiceInFile, id, hashes)
	twice := map[string][]int{}
	for _, t := range found {
		twice[niks[string(t.NIKHash)]] = t.Lines
	}
	return twice, err
}

func lineWords(lines []int) string {
	var words []string
	for _, l := range lines[:min(len(lines), 5)] {
		words = append(words, indo.Int(l))
	}
	if len(lines) > 5 {
		words = append(words, "dan lainnya")
	}
	return strings.Join(words, ", ")
}

// markPresent finds the families that are recorded already: all their members in the
// family with that KK.
func (m *Module) markPresent(ctx context.Context, tx pgx.Tx, w importWork, fs []*waitingFamily) error {
	var kks [][]byte
	for _, f := range fs {
		if f.rows[0].KK != "" {
			kks = append(kks, m.box.Hash(sealKK, f.rows[0].KK))
		}
	}
	members, err := pg.Many[struct {
		KKHash, NIKHash []byte
		NameFold        string
		BirthDate       time.Time
	}](ctx, tx, sqlKnownMembers, w.KelurahanID, kks)
	if err != nil {
		return err
	}
	type bare struct{ kk, name, born string }
	numbers, bares := map[[2]string]bool{}, map[bare]bool{}
	for _, p := range members {
		if p.NIKHash != nil {
			numbers[[2]string{string(p.KKHash), string(p.NIKHash)}] = true
		} else {
			bares[bare{string(p.KKHash), p.NameFold, p.BirthDate.Format(time.DateOnly)}] = true
		}
	}
	for _, f := range fs {
		if f.People > maxMembers {
			continue
		}
		kk := string(m.box.Hash(sealKK, f.rows[0].KK))
		there := func(r *importedRow) bool {
			switch {
			case len(r.Remarks) > 0:
				return false
			case r.NIK != "":
				return numbers[[2]string{kk, string(m.box.Hash(sealNIK, r.NIK))}]
			}
			return bares[bare{kk, indo.FoldPerson(r.Name), r.BirthDate.Format(time.DateOnly)}]
		}
		if f.rows[0].KK != "" && !slices.ContainsFunc(f.rows, func(r *importedRow) bool { return !there(r) }) {
			f.state = familyPresent
		}
	}
	return nil
}

// saveFamilies keeps the states of families and the remarks on their rows, and counts
// the remarks.
func (m *Module) saveFamilies(ctx context.Context, tx pgx.Tx, id int64, fs []*waitingFamily) (remarks int, err error) {
	var keys, sealed [][]byte
	var states []string
	var lines, counts []int
	for _, f := range fs {
		keys, states = append(keys, f.Key), append(states, f.state)
		for i, r := range f.rows {
			if len(r.Remarks) == 0 || f.state == familyPresent || f.state == familyWritten {
				continue
			}
			s, err := m.sealRow(id, f.lines[i], r)
			if err != nil {
				return 0, err
			}
			lines, sealed, counts = append(lines, f.lines[i]), append(sealed, s), append(counts, len(r.Remarks))
			remarks += len(r.Remarks)
		}
	}
	if err := pg.Exec(ctx, tx, sqlSetFamilies, id, keys, states); err != nil {
		return 0, err
	}
	return remarks, pg.Exec(ctx, tx, sqlSetRows, id, lines, sealed, counts)
}
