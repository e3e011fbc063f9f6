package org

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// errRollBack ends a dry run, and an import with problems, without a trace.
var errRollBack = errors.New("roll back")

// Columns of the unit import, with the headers people write.
var unitColumnsOfSheet = map[string]string{
	"kode": "kode", "kode unit": "kode", "nama": "nama", "nama unit": "nama", "unit": "nama",
	"singkatan": "singkatan", "nama pendek": "singkatan", "jenis": "jenis", "jenis unit": "jenis",
	"induk": "induk", "kode induk": "induk", "unit induk": "induk", "alamat": "alamat",
	"telepon": "telepon", "telp": "telepon", "lintang": "lintang", "lat": "lintang", "latitude": "lintang",
	"bujur": "bujur", "lng": "bujur", "lon": "bujur", "longitude": "bujur",
	"wilayah": "wilayah", "kode wilayah": "wilayah", "kecamatan": "wilayah",
	"ditutup": "ditutup", "tanggal tutup": "ditutup", "penerus": "penerus", "kode penerus": "penerus",
}

// UnitImportColumns names the columns of ImportUnits for those who prepare a
// file; the first four are required.
func UnitImportColumns() []string {
	return []string{"kode", "nama", "jenis", "induk", "singkatan", "alamat", "telepon", "lintang", "bujur", "wilayah", "ditutup", "penerus"}
}

// ImportUnits adds and changes units from an XLSX or CSV: one row a unit, known
// by its code; "induk", "wilayah" and "penerus" are codes too, rows may come in
// any order, and columns that the file does not have stay as they are. A date in
// "ditutup" closes the unit. Everything is tried for real and rolled back when
// apply is false or any row has a problem.
func ImportUnits(ctx context.Context, db pg.Beginner, a authz.Actor, at time.Time, file io.Reader, apply bool) (rep Report, err error) {
	defer errs.In(&err, "org.ImportUnits")
	s, err := readSheet(file, unitColumnsOfSheet, UnitImportColumns()[:4]...)
	if err != nil {
		return Report{}, err
	}
	err = pg.InTx(ctx, db, func(tx pgx.Tx) error {
		im := unitImport{sheet: s, rep: &rep, tx: tx, a: a, at: at}
		rep = Report{Rows: len(s.rows)}
		if err := im.run(ctx); err != nil {
			return err
		}
		if !rep.OK() || !apply {
			return errRollBack
		}
		rep.Applied = true
		return audit.Write(ctx, tx, a, at, audit.Entry{Action: "org.unit.import", Object: "org_unit",
			Detail: map[string]any{"rows": rep.Rows, "added": rep.Added, "changed": rep.Changed}})
	})
	if err != nil && !errors.Is(err, errRollBack) {
		return Report{}, err
	}
	return rep, nil
}

type unitImport struct {
	sheet sheet
	rep   *Report
	tx    pgx.Tx
	a     authz.Actor
	at    time.Time
	codes map[string]Unit // by lower-case code
}

func (im *unitImport) run(ctx context.Context) error {
	all, err := Units(ctx, im.tx, UnitFilter{Closed: true})
	if err != nil {
		return err
	}
	im.codes = map[string]Unit{}
	for _, u := range all {
		if u.ValidTo == nil {
			im.codes[strings.ToLower(u.Code)] = u
		}
	}
	seen, todo := map[string]int{}, []sheetRow{}
	for _, r := range im.sheet.rows {
		code := strings.ToLower(im.sheet.get(r, "kode"))
		if first, twice := seen[code]; twice && code != "" {
			im.rep.fail(r.line, "kode", clip(code), "sudah ada di baris %d", first)
			continue
		}
		seen[code] = r.line
		todo = append(todo, r)
	}
	// A row waits for its parent's; each round places at least one or is the last.
	for len(todo) > 0 {
		var later []sheetRow
		for _, r := range todo {
			parent := strings.ToLower(im.sheet.get(r, "induk"))
			if _, known := im.codes[parent]; !known && parent != "" && seen[parent] != 0 && parent != strings.ToLower(im.sheet.get(r, "kode")) {
				later = append(later, r)
				continue
			}
			if err := im.row(ctx, r); err != nil {
				return err
			}
		}
		if len(later) == len(todo) {
			for _, r := range later {
				im.rep.fail(r.line, "induk", clip(im.sheet.get(r, "induk")), "unit induknya bermasalah atau saling menginduk")
			}
			break
		}
		todo = later
	}
	return im.closings(ctx)
}

// row adds or changes one unit behind a savepoint; what is wrong with it goes
// into the report, only failures of the database come back.
func (im *unitImport) row(ctx context.Context, r sheetRow) error {
	code := im.sheet.get(r, "kode")
	old, exists := im.codes[strings.ToLower(code)]
	in, ok := im.input(r, old)
	if !ok {
		return nil
	}
	if exists && len(changedUnit(old, in)) == 0 && old.Address == in.Address && old.Phone == in.Phone {
		im.rep.Same++
		return nil
	}
	var id int64
	err := pgx.BeginFunc(ctx, im.tx, func(tx pgx.Tx) (err error) {
		if exists {
			id = old.ID
			return UpdateUnit(ctx, tx, im.a, im.at, old.ID, in)
		}
		id, err = AddUnit(ctx, tx, im.a, im.at, in)
		return err
	})
	if fields := errs.FieldsOf(err); len(fields) > 0 {
		for _, f := range fields {
			im.rep.fail(r.line, f.Name, clip(im.sheet.get(r, sheetColumn(f.Name))), "%s", f.Message)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if exists {
		im.rep.Changed++
	} else {
		im.rep.Added++
	}
	u, err := UnitByID(ctx, im.tx, id)
	im.codes[strings.ToLower(u.Code)] = u
	return err
}

// sheetColumn translates a form field's name into the column's.
func sheetColumn(field string) string {
	if field == "lat" {
		return "lintang"
	}
	return field
}

// input reads a row on top of what is known; false when a cell cannot be read.
func (im *unitImport) input(r sheetRow, old Unit) (UnitInput, bool) {
	s, ok := im.sheet, true
	in := UnitInput{ShortName: old.ShortName, Address: old.Address, Phone: old.Phone, Lat: old.Lat, Lng: old.Lng,
		ByNameOnly: old.ByNameOnly, ParentID: deref(old.ParentID), AreaID: deref(old.AreaID)}
	in.Code, in.Name, in.Kind = s.get(r, "kode"), s.get(r, "nama"), kindOf(s.get(r, "jenis"))
	unit := func(column string, into *int64) {
		v := s.get(r, column)
		if !s.has(column) || v == "" && column == "wilayah" {
			return
		}
		u, known := im.codes[strings.ToLower(v)]
		switch {
		case v == "" && in.Kind == KindCity:
		case !known:
			im.rep.fail(r.line, column, clip(v), "tidak ada unit dengan kode ini")
			ok = false
		default:
			*into = u.ID
		}
	}
	unit("induk", &in.ParentID)
	unit("wilayah", &in.AreaID)
	if s.has("singkatan") {
		in.ShortName = s.get(r, "singkatan")
	} else if in.ShortName == "" {
		in.ShortName = in.Name
	}
	if s.has("alamat") {
		in.Address = s.get(r, "alamat")
	}
	if s.has("telepon") {
		in.Phone = s.get(r, "telepon")
	}
	degrees := func(column string, into **float64) {
		v := s.get(r, column)
		if !s.has(column) {
			return
		}
		if v == "" {
			*into = nil
			return
		}
		f, err := strconv.ParseFloat(strings.ReplaceAll(v, ",", "."), 64)
		if err != nil {
			im.rep.fail(r.line, column, clip(v), "bukan angka derajat seperti -5,17071")
			ok = false
			return
		}
		*into = &f
	}
	degrees("lintang", &in.Lat)
	degrees("bujur", &in.Lng)
	// Compared with what is stored, so as the store writes it.
	in.Name, in.ShortName = indo.CleanName(in.Name), indo.CleanName(in.ShortName)
	if normal, valid := indo.Phone(in.Phone); valid {
		in.Phone = normal
	}
	return in, ok
}

// kindOf accepts a kind by its value or its name, whatever the capitals.
func kindOf(s string) string {
	for _, k := range Kinds() {
		if f := indo.Fold(s); f == indo.Fold(k.Value) || f == indo.Fold(k.Label) {
			return k.Value
		}
	}
	return s
}

// closings closes what the file says is closed, the lowest units first.
func (im *unitImport) closings(ctx context.Context) error {
	var rows []sheetRow
	for _, r := range im.sheet.rows {
		if im.sheet.get(r, "ditutup") != "" {
			rows = append(rows, r)
		}
	}
	for depth := 12; depth >= 0 && len(rows) > 0; depth-- {
		for _, r := range rows {
			u, ok := im.codes[strings.ToLower(im.sheet.get(r, "kode"))]
			if !ok || u.Depth() != depth {
				continue
			}
			if err := im.closing(ctx, r, u); err != nil {
				return err
			}
		}
	}
	return nil
}

func (im *unitImport) closing(ctx context.Context, r sheetRow, u Unit) error {
	day, ok := parseDay(im.sheet.get(r, "ditutup"))
	if !ok {
		im.rep.fail(r.line, "ditutup", clip(im.sheet.get(r, "ditutup")), "bukan tanggal seperti 31-12-2026")
		return nil
	}
	var successor int64
	if code := im.sheet.get(r, "penerus"); code != "" {
		s, known := im.codes[strings.ToLower(code)]
		if !known {
			im.rep.fail(r.line, "penerus", clip(code), "tidak ada unit dengan kode ini")
			return nil
		}
		successor = s.ID
	}
	err := pgx.BeginFunc(ctx, im.tx, func(tx pgx.Tx) error {
		return CloseUnit(ctx, tx, im.a, im.at, u.ID, dayOf(day), successor)
	})
	if k := errs.KindOf(err); k == errs.Unprocessable || k == errs.Conflict {
		message := errs.MessageOf(err)
		if fs := errs.FieldsOf(err); len(fs) > 0 {
			message = fs[0].Message
		}
		im.rep.fail(r.line, "ditutup", clip(im.sheet.get(r, "ditutup")), "%s", message)
		return nil
	}
	return err
}
