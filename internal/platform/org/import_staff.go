package org

import (
	"context"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Columns of the staff import, with the headers people write.
var staffColumnsOfSheet = map[string]string{
	"nip": "nip", "nomor pegawai": "nip", "nip nomor pegawai": "nip", "no pegawai": "nip", "nip nrp": "nip",
	"nama": "nama", "nama lengkap": "nama", "nama pegawai": "nama",
	"status": "status", "kepegawaian": "status", "status kepegawaian": "status", "jenis pegawai": "status",
	"pangkat": "pangkat", "pangkat golongan": "pangkat", "golongan": "pangkat", "pangkat gol ruang": "pangkat",
	"jabatan": "jabatan", "nama jabatan": "jabatan", "jenis jabatan": "jenis jabatan",
	"unit": "unit", "kode unit": "unit", "unit kerja": "unit", "opd": "unit", "skpd": "unit",
	"atasan": "atasan", "jabatan atasan": "atasan", "nip atasan": "atasan", "atasan langsung": "atasan",
	"tmt": "tmt", "tmt jabatan": "tmt", "tanggal mulai": "tmt",
	"nomor sk": "nomor sk", "no sk": "nomor sk", "sk": "nomor sk",
	"surel": "surel", "email": "surel", "e mail": "surel",
	"keluar": "keluar", "tanggal keluar": "keluar", "berhenti": "keluar", "tanggal berhenti": "keluar",
}

// StaffImportColumns names the columns of ImportStaff for those who prepare a
// file; the first six are required.
func StaffImportColumns() []string {
	return []string{"nip", "nama", "status", "jabatan", "unit", "tmt", "pangkat", "atasan", "jenis jabatan", "nomor sk", "surel", "keluar"}
}

// ImportStaff brings people and who sits where to what an XLSX or CSV says: one
// row a person, known by NIP or staff number. Positions that a unit lacks are
// made; "unit" is a code or a name, "atasan" a staff number or a title: of the
// same unit, of one above, or of one post in the whole city. Somebody with another post moves on the TMT, so rows
// of one date are a mass change in which people may swap seats; a Plt ends where
// a definitive holder comes. A date in "keluar" is the first day without the
// person. Work stays with positions. Columns that the file does not have stay
// as they are; people it does not name too. A row that is true already changes
// nothing.
//
// All or nothing: with a problem in any row, or apply false, nothing is written.
func ImportStaff(ctx context.Context, db pg.Beginner, a authz.Actor, at time.Time, file io.Reader, sessions SessionEnder, apply bool) (rep Report, err error) {
	defer errs.In(&err, "org.ImportStaff")
	s, err := readSheet(file, staffColumnsOfSheet, StaffImportColumns()[:6]...)
	if err != nil {
		return Report{}, err
	}
	err = pg.InTx(ctx, db, func(tx pgx.Tx) error {
		rep = Report{Rows: len(s.rows)}
		im := &staffImport{sheet: s, rep: &rep, tx: tx, a: a, at: at, sessions: sessions}
		if err := im.run(ctx); err != nil {
			return err
		}
		if !rep.OK() || !apply {
			return errRollBack
		}
		rep.Applied = true
		return audit.Write(ctx, tx, a, at, audit.Entry{Action: "org.staff.import", Object: "org_person", Detail: map[string]any{
			"rows": rep.Rows, "added": rep.Added, "changed": rep.Changed, "moved": rep.Moved, "left": rep.Left}})
	})
	if err != nil && !errors.Is(err, errRollBack) {
		return Report{}, err
	}
	slices.SortStableFunc(rep.Problems, func(a, b Problem) int { return a.Row - b.Row })
	return rep, nil
}

// staffImport decides everything in memory, under a lock that keeps the
// directory still, and then writes in a few statements: thousands of rows take
// seconds.
type staffImport struct {
	sheet    sheet
	rep      *Report
	tx       pgx.Tx
	a        authz.Actor
	at       time.Time
	sessions SessionEnder

	units    map[string]Unit // by folded code, and by folded name where one unit bears it
	unitByID map[int64]Unit
	people   map[string]*staffPerson
	posts    map[postKey]*staffPost
	postByID map[int64]*staffPost
	moves    []staffMove
}

type postKey struct {
	unit  int64
	title string // lower case
}

type staffPerson struct {
	ID          int64
	AccountID   *int64
	Name        string
	StaffNumber string
	Rank        string
	Employment  string
	Email       string
	LeftOn      *time.Time

	row                        int // of the file, 0: not in it
	sits                       []*staffSeat
	changed, moved, reassigned bool // data, seat, superior
	leaves                     *time.Time
	unitID                     int64 // for the trail
}

type staffPost struct {
	ID         int64
	UnitID     int64
	Title      string
	Kind       string
	SuperiorID *int64
	Seats      int

	seats                         []*staffSeat
	superior                      *staffPost
	newSuperior, moreSeats, fresh bool
}

// staffSeat is a definitive or Plt occupancy, stored or to come.
type staffSeat struct {
	ID       int64
	Seat     int
	Kind     string
	StartsAt time.Time
	EndsAt   *time.Time

	post              *staffPost
	holder            *staffPerson
	ended, gone, made bool
	basis             string
}

// staffMove is a seat that a row asks for.
type staffMove struct {
	line   int
	person *staffPerson
	post   *staffPost
	from   time.Time
	basis  string
}

func (o *staffSeat) meets(from time.Time) bool {
	return !o.gone && (o.EndsAt == nil || o.EndsAt.After(from))
}

func (im *staffImport) run(ctx context.Context) error {
	if err := im.load(ctx); err != nil {
		return err
	}
	rows := im.readRows()
	for _, r := range rows {
		im.leave(r)
	}
	for _, r := range rows {
		im.place(r)
	}
	for _, r := range rows {
		im.superior(r)
	}
	for _, m := range im.moves {
		im.seat(m)
	}
	if !im.rep.OK() {
		return nil
	}
	for _, r := range rows {
		p := r.person
		switch {
		case p.leaves != nil:
			im.rep.Left++
		case p.ID == 0:
			im.rep.Added++
		case p.moved:
			im.rep.Moved++
		case p.changed, p.reassigned:
			im.rep.Changed++
		default:
			im.rep.Same++
		}
	}
	return im.write(ctx)
}

// staffRow is a row whose cells could be read.
type staffRow struct {
	sheetRow
	person *staffPerson
	unit   Unit
	post   *staffPost
	from   time.Time
}

var lostDigits = regexp.MustCompile(`^\d([.,]\d+)?[Ee]\+?\d+$`)

func (im *staffImport) readRows() (rows []*staffRow) {
	seen := map[string]int{}
	for _, r := range im.sheet.rows {
		row, ok := im.readRow(r)
		if !ok {
			continue
		}
		number := row.person.StaffNumber
		if first, twice := seen[number]; twice {
			im.rep.fail(r.line, "nip", clip(number), "sudah ada di baris %d", first)
			continue
		}
		seen[number] = r.line
		rows = append(rows, row)
	}
	return rows
}

// readRow reads a row on top of what is known about the person.
func (im *staffImport) readRow(r sheetRow) (*staffRow, bool) {
	s, before := im.sheet, len(im.rep.Problems)
	fail := func(column, format string, args ...any) {
		im.rep.fail(r.line, column, clip(s.get(r, column)), format, args...)
	}
	in := PersonInput{Name: s.get(r, "nama"), Rank: s.get(r, "pangkat"), Email: s.get(r, "surel"),
		StaffNumber: staffNumber(s.get(r, "nip")), Employment: employmentOf(s.get(r, "status"))}
	switch {
	case in.StaffNumber == "":
		fail("nip", "isi NIP, atau nomor pegawai bagi non-ASN; dari nomor ini orangnya dikenali")
		return nil, false
	case lostDigits.MatchString(in.StaffNumber):
		fail("nip", "kolom ini berformat angka sehingga digitnya hilang; jadikan Teks, lalu tulis ulang nomornya")
		return nil, false
	}
	known := im.people[in.StaffNumber]
	if text := s.get(r, "keluar"); text != "" {
		day, ok := parseDay(text)
		switch {
		case !ok:
			fail("keluar", "bukan tanggal seperti 31-12-2026")
		case known == nil:
			fail("nip", "orang ini belum terdaftar, jadi tidak dapat keluar")
		default:
			day = dayOf(day)
			known.row, known.leaves = r.line, &day
			return &staffRow{sheetRow: r, person: known}, true
		}
		return nil, false
	}
	if known != nil && !s.has("pangkat") {
		in.Rank = known.Rank
	}
	if known != nil && !s.has("surel") {
		in.Email = known.Email
	}
	for _, f := range errs.FieldsOf(in.tidy()) {
		column := map[string]string{"kepegawaian": "status", "email": "surel"}[f.Name]
		if column == "" {
			column = f.Name
		}
		fail(column, "%s", f.Message)
	}
	row := &staffRow{sheetRow: r}
	var ok bool
	if row.unit, ok = im.units[indo.Fold(s.get(r, "unit"))]; !ok {
		fail("unit", "tidak ada satu unit dengan kode atau nama ini")
	}
	if row.from, ok = parseDay(s.get(r, "tmt")); !ok {
		fail("tmt", "bukan tanggal seperti 31-12-2026")
	} else if row.from.Year() < 1960 || row.from.After(im.at.AddDate(2, 0, 0)) {
		fail("tmt", "terlalu jauh dari hari ini")
	}
	if n := len([]rune(indo.CleanName(s.get(r, "jabatan")))); n < 1 || n > 200 {
		fail("jabatan", "tulis nama jabatan, paling banyak 200 huruf")
	}
	if kind := s.get(r, "jenis jabatan"); kind != "" && positionKindOf(kind) == "" {
		fail("jenis jabatan", "pakai kepala, sekretaris, struktural, fungsional, atau pelaksana")
	}
	if len([]rune(s.get(r, "nomor sk"))) > 120 {
		fail("nomor sk", "paling banyak 120 huruf")
	}
	if known != nil && known.LeftOn != nil {
		fail("nip", "orang ini tercatat keluar per %s; terima kembali dahulu di halaman pegawai", indo.Date(*known.LeftOn))
	}
	if len(im.rep.Problems) > before {
		return nil, false
	}
	row.person = im.remember(known, in, r.line)
	row.person.unitID = row.unit.ID
	return row, true
}

// remember brings a person in memory to what the row says.
func (im *staffImport) remember(p *staffPerson, in PersonInput, line int) *staffPerson {
	if p == nil {
		p = &staffPerson{StaffNumber: in.StaffNumber}
		im.people[in.StaffNumber] = p
	}
	if p.row != 0 { // twice in the file; the caller says so
		return p
	}
	p.row = line
	p.changed = p.Name != in.Name || p.Rank != in.Rank || p.Employment != in.Employment || p.Email != in.Email
	p.Name, p.Rank, p.Employment, p.Email = in.Name, in.Rank, in.Employment, in.Email
	return p
}

// staffNumber writes a number as it is stored: a NIP without spaces, everything
// else as it stands, leading zeros too. Spreadsheets mark text with an apostrophe.
func staffNumber(cell string) string {
	cell = strings.TrimPrefix(cell, "'")
	if nip, ok := indo.NIP(cell); ok {
		return nip
	}
	return strings.TrimSpace(cell)
}

func employmentOf(s string) string {
	for _, k := range Employments() {
		if f := indo.Squeeze(s); f == indo.Squeeze(k.Value) || f == indo.Squeeze(k.Label) {
			return k.Value
		}
	}
	return s
}

func positionKindOf(s string) string {
	for _, k := range PositionKinds() {
		if f := indo.Fold(s); f == indo.Fold(k.Value) || f == indo.Fold(k.Label) {
			return k.Value
		}
	}
	return ""
}

// leave frees the seats of somebody who goes.
func (im *staffImport) leave(r *staffRow) {
	p := r.person
	if p.leaves == nil {
		return
	}
	if p.LeftOn != nil && p.LeftOn.Equal(*p.leaves) {
		p.leaves = nil // known already
		return
	}
	last := midnight(*p.leaves)
	for _, o := range p.sits {
		if !o.meets(last) {
			continue
		}
		if o.StartsAt.Before(last) {
			o.EndsAt = &last
		} else {
			o.gone = true
		}
	}
}

// place finds or makes the post of a row and frees the one the person leaves.
func (im *staffImport) place(r *staffRow) {
	p := r.person
	if r.unit.ID == 0 {
		return
	}
	r.post = im.post(r.unit, indo.CleanName(im.sheet.get(r.sheetRow, "jabatan")), positionKindOf(im.sheet.get(r.sheetRow, "jenis jabatan")))
	besides := besidePost(r.unit)
	var leaving []*staffSeat
	for _, o := range p.sits {
		switch {
		case o.Kind != Definitive || !o.meets(r.from):
		case o.post == r.post && (o.StartsAt.Equal(r.from) || !o.StartsAt.After(im.at)):
			return
		case o.post == r.post: // to come, but on another day
			o.gone = true
			p.until(o.StartsAt, r.from)
		case besidePost(im.unitByID[o.post.UnitID]) == besides:
			leaving = append(leaving, o)
		}
	}
	for _, o := range leaving {
		switch {
		case o.StartsAt.Before(r.from):
			o.EndsAt, o.ended = &r.from, true
		case o.StartsAt.After(im.at):
			o.gone = true
		default:
			im.rep.fail(r.line, "tmt", clip(im.sheet.get(r.sheetRow, "tmt")), "tidak setelah %s, hari ia mulai sebagai %s",
				indo.Date(o.StartsAt), o.post.Title)
			return
		}
	}
	p.moved = true
	im.moves = append(im.moves, staffMove{r.line, p, r.post, r.from, im.sheet.get(r.sheetRow, "nomor sk")})
}

// until moves the end of what a person leaves on a day to another day.
func (p *staffPerson) until(old, day time.Time) {
	for _, o := range p.sits {
		if o.EndsAt != nil && o.EndsAt.Equal(old) && o.StartsAt.Before(day) {
			o.EndsAt, o.ended = &day, true
		}
	}
}

// besidePost tells whether posts of a unit are held beside another one, not
// instead of it.
func besidePost(u Unit) bool { return u.Kind == KindRW || u.Kind == KindRT }

// post returns the position that a row means. "Lurah" and "Kepala Dinas" mean
// the head of the unit, whatever its full title.
func (im *staffImport) post(u Unit, title, kind string) *staffPost {
	key := postKey{u.ID, strings.ToLower(title)}
	if p := im.posts[key]; p != nil {
		return p
	}
	head := im.headOf(u.ID)
	if head != nil && (kind == PositionHead || strings.HasPrefix(indo.Fold(head.Title), indo.Fold(title)+" ")) {
		im.posts[key] = head
		return head
	}
	if kind == "" {
		kind = guessKind(title, head != nil)
	}
	p := &staffPost{UnitID: u.ID, Title: title, Kind: kind, Seats: 1, fresh: true}
	im.posts[key] = p
	if kind == PositionHead {
		im.posts[headKey(u.ID)] = p
	}
	return p
}

func (im *staffImport) headOf(unitID int64) *staffPost {
	return im.posts[headKey(unitID)]
}

// headKey is the head's second entry; no title has a NUL.
func headKey(unitID int64) postKey { return postKey{unitID, "\x00kepala"} }

func guessKind(title string, hasHead bool) string {
	first, _, _ := strings.Cut(indo.Fold(title), " ")
	switch {
	case first == "sekretaris":
		return PositionSecretary
	case slices.Contains([]string{"kepala", "lurah", "camat", "direktur", "ketua"}, first) && !hasHead:
		return PositionHead
	case first == "kepala":
		return PositionStructural
	}
	return PositionClerk
}

// superior reads whom a row's post answers to.
func (im *staffImport) superior(r *staffRow) {
	text := im.sheet.get(r.sheetRow, "atasan")
	if r.post == nil || text == "" {
		return
	}
	fail := func(format string, args ...any) { im.rep.fail(r.line, "atasan", clip(text), format, args...) }
	s := im.superiorOf(r, text)
	switch {
	case s == nil:
		fail("tidak ada pegawai bernomor ini, dan tidak ada satu jabatan bernama ini")
	case s == r.post:
		fail("jabatan ini sendiri")
	case r.post.newSuperior && r.post.superior != s:
		fail("baris lain memberi jabatan ini atasan “%s”", r.post.superior.Title)
	case r.post.superior != s:
		r.post.superior, r.post.newSuperior, r.person.reassigned = s, true, true
		for up, steps := s, 0; up != nil && steps < 100; up, steps = up.superior, steps+1 {
			if up == r.post {
				fail("berputar: jabatan ini sendiri berada di atasnya")
				return
			}
		}
	}
}

func (im *staffImport) superiorOf(r *staffRow, text string) *staffPost {
	if p := im.people[staffNumber(text)]; p != nil {
		for _, m := range im.moves {
			if m.person == p {
				return m.post
			}
		}
		for _, o := range p.sits {
			if o.Kind == Definitive && o.meets(im.at) {
				return o.post
			}
		}
		return nil
	}
	title := indo.CleanName(text)
	for i := len(r.unit.Ancestors) - 1; i >= 0; i-- {
		id := r.unit.Ancestors[i]
		if p := im.posts[postKey{id, strings.ToLower(title)}]; p != nil {
			return p
		}
		if head := im.headOf(id); head != nil && strings.HasPrefix(indo.Fold(head.Title), indo.Fold(title)+" ") {
			return head
		}
	}
	var only *staffPost
	for key, p := range im.posts { // such as the Sekretaris Daerah of all OPD
		if key.title == strings.ToLower(title) {
			if only != nil {
				return nil
			}
			only = p
		}
	}
	return only
}

// seat finds the lowest seat that is free from the day on; clerks and
// specialists get a new one where all are taken.
func (im *staffImport) seat(m staffMove) {
	taken := map[int]*staffSeat{}
	for _, o := range m.post.seats {
		if !o.meets(m.from) {
			continue
		}
		if o.Kind == Plt && o.StartsAt.Before(m.from) {
			o.EndsAt, o.ended = &m.from, true
			im.rep.warn(m.line, "jabatan", m.post.Title, "Plt jabatan ini berakhir pada %s", indo.Date(m.from))
			continue
		}
		taken[o.Seat] = o
	}
	seat := 1
	for taken[seat] != nil {
		seat++
	}
	if seat > m.post.Seats {
		if m.post.Kind != PositionFunctional && m.post.Kind != PositionClerk {
			im.rep.fail(m.line, "jabatan", clip(m.post.Title), "masih dipegang %s pada tanggal itu", taken[1].holder.Name)
			return
		}
		m.post.Seats, m.post.moreSeats = seat, true
	}
	o := &staffSeat{Seat: seat, Kind: Definitive, StartsAt: m.from, post: m.post, holder: m.person, made: true, basis: m.basis}
	m.post.seats = append(m.post.seats, o)
	m.person.sits = append(m.person.sits, o)
}
