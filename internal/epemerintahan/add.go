package epemerintahan

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// CheckFamilies says what would become of families without writing any: the problems
// of each, also with each other and with what is recorded.
func (m *Module) CheckFamilies(ctx context.Context, q pg.Querier, a authz.Actor, fs []NewFamily) (_ []AddedFamily, err error) {
	defer errs.In(&err, "epemerintahan.CheckFamilies(%d)", len(fs))
	add, err := m.adding(ctx, q, a, fs)
	if err != nil {
		return nil, err
	}
	if err := add.known(ctx, q); err != nil {
		return nil, err
	}
	return add.results, nil
}

// AddFamilies records families in one go, each as a whole or, with its problems
// returned, not at all. It is meant for some hundreds at once; the caller's transaction
// decides over all of them. Needs PermEdit in every kelurahan named.
func (m *Module) AddFamilies(ctx context.Context, tx pgx.Tx, a authz.Actor, fs []NewFamily) (_ []AddedFamily, err error) {
	defer errs.In(&err, "epemerintahan.AddFamilies(%d)", len(fs))
	add, err := m.adding(ctx, tx, a, fs)
	if err != nil {
		return nil, err
	}
	// Somebody who records one of the numbers at the same time is known in the next try.
	for try := 1; ; try++ {
		if err := add.known(ctx, tx); err != nil {
			return nil, err
		}
		err = taken(pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error { return add.write(ctx, tx) }))
		if errs.KindOf(err) != errs.Unprocessable || try == 3 {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	return add.results, add.trace(ctx, tx)
}

// adding is a number of families on their way into the register.
type adding struct {
	m        *Module
	actor    authz.Actor
	families []NewFamily // tidied
	checks   [][]Problem // what each family has wrong by itself
	nik      [][]kept    // by family and member
	kk       []kept
	results  []AddedFamily
}

const sqlPlaces = `SELECT id, ancestors FROM org_unit WHERE kind = 'kelurahan' AND id = ANY ($1::bigint[])`

// adding tidies and checks families one by one.
func (m *Module) adding(ctx context.Context, q pg.Querier, a authz.Actor, fs []NewFamily) (*adding, error) {
	type place struct {
		ID        int64
		Ancestors []int64
	}
	ids := []int64{}
	for _, f := range fs {
		if !slices.Contains(ids, f.KelurahanID) {
			ids = append(ids, f.KelurahanID)
		}
	}
	places, err := pg.Many[place](ctx, q, sqlPlaces, ids)
	if err != nil {
		return nil, err
	}
	may := map[int64]May{}
	for _, p := range places {
		if a.HasIn(PermView, p.Ancestors) && a.HasIn(PermEdit, p.Ancestors) {
			may[p.ID] = mayIn(a, p.Ancestors)
		}
	}
	add := &adding{m: m, actor: a, families: slices.Clone(fs), results: make([]AddedFamily, len(fs))}
	today := m.today()
	for i := range add.families {
		f := &add.families[i]
		f.Members = slices.Clone(f.Members)
		add.one(f, may[f.KelurahanID], today)
	}
	return add, nil
}

// one tidies and checks a family, and keeps its numbers.
func (add *adding) one(f *NewFamily, may May, today time.Time) {
	c := check{member: -1}
	if !may.Edit {
		c.fail(ControlKelurahan, "Pilih kelurahan tempat Anda bekerja.")
	}
	c.home(&f.RW, &f.RT, &f.Address)
	c.kk(&f.KK)
	c.reason(&f.Reason, "")
	niks, heads := make([]kept, len(f.Members)), 0
	for i := range f.Members {
		r := &f.Members[i]
		c.member = i
		c.person(&r.Person, today)
		c.nik(&r.NIK, &r.NIKStatus, r.Person)
		c.entry(r, today)
		if r.Relation == RelationHead {
			if heads++; heads == 2 {
				c.fail(ControlRelation, wordsSomeHeads)
			}
		}
		niks[i] = add.m.keep(r.NIK, sealNIK)
	}
	c.member = -1
	if heads == 0 {
		c.fail(ControlRelation, wordsNoHead)
	}
	if may.Override && f.Reason != "" {
		c.problems = slices.DeleteFunc(c.problems, func(p Problem) bool { return p.Doubt })
	}
	add.checks = append(add.checks, c.problems)
	add.nik, add.kk = append(add.nik, niks), append(add.kk, add.m.keep(f.KK, sealKK))
}

const (
	sqlKnownNIK = `SELECT nik_hash, status = 'pindah' AS moved FROM epemerintahan_resident WHERE nik_hash = ANY ($1::bytea[]) AND deleted_at IS NULL`
	sqlKnownKK  = `SELECT f.kelurahan_id, f.kk_hash FROM unnest($1::bigint[], $2::bytea[]) n (kelurahan_id, kk_hash)
JOIN epemerintahan_family f ON f.kelurahan_id = n.kelurahan_id AND f.kk_hash = n.kk_hash`
)

type placedKK struct {
	kelurahan int64
	hash      string
}

// known finds the numbers that are recorded already or come twice. The first family
// with a number has it.
func (add *adding) known(ctx context.Context, q pg.Querier) error {
	var niks, kks [][]byte
	var places []int64
	for i, members := range add.nik {
		for _, n := range members {
			if n.hash != nil {
				niks = append(niks, n.hash)
			}
		}
		if add.kk[i].hash != nil {
			kks, places = append(kks, add.kk[i].hash), append(places, add.families[i].KelurahanID)
		}
	}
	people, err := pg.Many[struct {
		NIKHash []byte
		Moved   bool
	}](ctx, q, sqlKnownNIK, niks)
	if err != nil {
		return err
	}
	cards, err := pg.Many[struct {
		KelurahanID int64
		KKHash      []byte
	}](ctx, q, sqlKnownKK, places, kks)
	if err != nil {
		return err
	}
	wordsOf, usedKK := map[string]string{}, map[placedKK]string{}
	for _, p := range people {
		wordsOf[string(p.NIKHash)] = wordsNIKTaken
		if p.Moved {
			wordsOf[string(p.NIKHash)] = wordsNIKMoved
		}
	}
	for _, k := range cards {
		usedKK[placedKK{k.KelurahanID, string(k.KKHash)}] = wordsKKTaken
	}
	for i, f := range add.families {
		c := check{member: -1, problems: slices.Clone(add.checks[i])}
		card := placedKK{f.KelurahanID, string(add.kk[i].hash)}
		if words := usedKK[card]; words != "" && card.hash != "" {
			c.fail(ControlKK, "%s", words)
		}
		for j, n := range add.nik[i] {
			if words := wordsOf[string(n.hash)]; words != "" && n.hash != nil {
				c.member = j
				c.fail(ControlNIK, "%s", words)
			}
			for _, other := range add.nik[i][:j] {
				if n.hash != nil && string(other.hash) == string(n.hash) {
					c.member = j
					c.fail(ControlNIK, "NIK ini tertulis dua kali dalam keluarga yang sama.")
				}
			}
		}
		if add.results[i].Problems = c.problems; len(c.problems) > 0 {
			continue
		}
		usedKK[card] = "Nomor KK ini sudah dipakai keluarga lain di daftar yang sama."
		for _, n := range add.nik[i] {
			wordsOf[string(n.hash)] = "NIK ini sudah tertulis di keluarga lain di daftar yang sama."
		}
	}
	return nil
}

const (
	sqlFamilyIDs   = `SELECT nextval(pg_get_serial_sequence('epemerintahan_family', 'id')) FROM generate_series(1, $1::integer)`
	sqlResidentIDs = `SELECT nextval(pg_get_serial_sequence('epemerintahan_resident', 'id')) FROM generate_series(1, $1::integer)`
)

// write copies the families without problems.
func (add *adding) write(ctx context.Context, tx pgx.Tx) error {
	m, now := add.m, add.m.now()
	families, people := 0, 0
	for i, r := range add.results {
		if len(r.Problems) == 0 {
			families, people = families+1, people+len(add.families[i].Members)
		}
	}
	if families == 0 {
		return nil
	}
	familyIDs, err := pg.Scalars[int64](ctx, tx, sqlFamilyIDs, families)
	if err != nil {
		return err
	}
	ids, err := pg.Scalars[int64](ctx, tx, sqlResidentIDs, people)
	if err != nil {
		return err
	}
	in := rows{now: now, by: add.actor.AccountID}
	for i := range add.results {
		r, f := &add.results[i], add.families[i]
		if len(r.Problems) > 0 {
			continue
		}
		r.FamilyID, familyIDs = familyIDs[0], familyIDs[1:]
		r.Residents, ids = ids[:len(f.Members)], ids[len(f.Members):]
		in.family(r.FamilyID, f.Home, add.kk[i], explained(CheckKK(f.KK))(f.Reason))
		for j, member := range f.Members {
			reason := explained(CheckNIK(member.NIK, member.BirthDate, member.Sex))(f.Reason)
			in.resident(r.Residents[j], r.FamilyID, f.Home, member, add.nik[i][j], reason)
		}
	}
	return m.copy(ctx, tx, in)
}

// explained keeps a reason only beside a number that needs one.
func explained(number string, found []Finding) func(reason string) string {
	return func(reason string) string {
		if number == "" || len(found) == 0 {
			return ""
		}
		return reason
	}
}

// trace notes the act once for each kelurahan.
func (add *adding) trace(ctx context.Context, tx pgx.Tx) error {
	type count struct{ families, people int }
	counts, order := map[int64]count{}, []int64{}
	for i, r := range add.results {
		if len(r.Problems) > 0 {
			continue
		}
		unit := add.families[i].KelurahanID
		n, seen := counts[unit]
		if !seen {
			order = append(order, unit)
		}
		counts[unit] = count{n.families + 1, n.people + len(r.Residents)}
	}
	for _, unit := range order {
		err := add.m.worked(ctx, tx, add.actor, "add_many", subject{objectFamily, 0, unit}, "tercatat",
			map[string]any{"keluarga": counts[unit].families, "penduduk": counts[unit].people})
		if err != nil {
			return err
		}
	}
	return nil
}

// rows are new rows of the register, ready to be copied.
type rows struct {
	now                              time.Time
	by                               int64
	families, kks, residents, events [][]any
}

var (
	familyColumns = []string{"id", "kelurahan_id", "rw", "rt", "address", "address_fold", "kk_sealed", "kk_hash", "created_at", "updated_at"}
	kkColumns     = []string{"family_id", "kk_sealed", "kk_hash", "since", "reason"}
	newResident   = []string{"id", "family_id", "kelurahan_id", "rw", "rt", "relation", "nik_sealed", "nik_hash", "nik_status", "nik_reason", "nik_reason_by",
		"name", "name_fold", "sex", "birth_place", "birth_date", "religion", "education", "job", "marital", "citizenship", "permanence",
		"father_name", "mother_name", "birth_deed", "marriage_deed", "divorce_deed", "status", "status_on", "seq", "created_at", "updated_at"}
	eventColumns = []string{"resident_id", "seq", "kind", "happened_on", "recorded_at", "kelurahan_id", "detail", "actor_id"}
)

func (in *rows) family(id int64, h Home, kk kept, reason string) {
	in.families = append(in.families, []any{id, h.KelurahanID, h.RW, h.RT, h.Address, FoldAddress(h.Address), kk.sealed, kk.hash, in.now, in.now})
	if kk.hash != nil {
		in.kks = append(in.kks, []any{id, kk.sealed, kk.hash, in.now, reason})
	}
}

func (in *rows) resident(id, family int64, h Home, r NewResident, nik kept, reason string) {
	var by *int64
	if reason != "" {
		by = &in.by
	}
	in.residents = append(in.residents, []any{id, family, h.KelurahanID, h.RW, h.RT, r.Relation, nik.sealed, nik.hash, r.NIKStatus, reason, by,
		r.Name, indo.FoldPerson(r.Name), r.Sex, r.BirthPlace, r.BirthDate, r.Religion, r.Education, r.Job, r.Marital, r.Citizenship, r.Permanence,
		r.FatherName, r.MotherName, r.BirthDeed, r.MarriageDeed, r.DivorceDeed, Living, r.EntryOn, 1, in.now, in.now})
	var actor *int64
	if in.by != 0 {
		actor = &in.by
	}
	in.events = append(in.events, []any{id, 1, r.Entry, r.EntryOn, in.now, h.KelurahanID, r.Detail, actor})
}

func (m *Module) copy(ctx context.Context, tx pgx.Tx, in rows) error {
	for _, t := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"epemerintahan_family", familyColumns, in.families},
		{"epemerintahan_kk", kkColumns, in.kks},
		{"epemerintahan_resident", newResident, in.residents},
		{"epemerintahan_event", eventColumns, in.events},
	} {
		if len(t.rows) == 0 {
			continue
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.table}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
			return err
		}
	}
	return nil
}
