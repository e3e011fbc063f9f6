package epuskesmas

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Known is a patient of a puskesmas as the desk sees them.
type Known struct {
	ID        int64
	RecordNo  int // 0: never came yet
	Name      string
	BirthDate time.Time
	NIK       string // the last four digits
	BPJS      string // the last four digits
	Faskes    string
	Payer     Payer // of the last visit; "" without one
	LastDay   *time.Time
	Version   int
	Was       int      // the number by which they were found, of when they were entered twice; 0: none
	Today     []Ticket // numbers of today that are not over
}

type knownRow struct {
	ID         int64
	RecordNo   int
	Name       string
	BirthDate  time.Time
	NikSealed  []byte
	BpjsSealed []byte
	Faskes     string
	Payer      string
	LastDay    *time.Time
	Version    int
	Was        int
}

func (m *Module) known(r knownRow) Known {
	k := Known{ID: r.ID, RecordNo: r.RecordNo, Name: r.Name, BirthDate: r.BirthDate, Faskes: r.Faskes, Payer: Payer(r.Payer), LastDay: r.LastDay, Version: r.Version, Was: r.Was}
	k.NIK, k.BPJS = m.lastFour(r.NikSealed, contextNIK), m.lastFour(r.BpjsSealed, contextBPJS)
	return k
}

// lastFour shows the end of a sealed number; "" when there is none or it cannot be read.
func (m *Module) lastFour(sealed []byte, sealContext string) string {
	if len(sealed) == 0 {
		return ""
	}
	plain, err := m.box.Open(sealed, sealContext)
	if err != nil || len(plain) < 4 {
		return ""
	}
	return plain[len(plain)-4:]
}

// MaxFound is how many patients one search shows.
const MaxFound = 12

// FindPatients finds patients of a puskesmas by BPJS card, NIK, medical-record number
// (all its digits), the code of their ticket as a scanner reads it, a number of today or
// the beginnings of their names. Who asks works at its desk.
func (m *Module) FindPatients(ctx context.Context, a authz.Actor, unitID int64, text string) (found []Known, err error) {
	defer errs.In(&err, "epuskesmas.FindPatients(%d)", unitID)
	if err := m.may(ctx, m.db, a, unitID, PermDesk, PermPatient); err != nil {
		return nil, err
	}
	text = strings.Join(strings.Fields(text), " ")
	if text == "" || len(text) > 200 {
		return nil, nil
	}
	var rows []knownRow
	token, scanned := ticketToken(text)
	code := todaysNumber.FindStringSubmatch(strings.ToUpper(text))
	switch digits := digitsOnly(text); {
	case scanned:
		rows, err = pg.Many[knownRow](ctx, m.db, sqlKnownByTicket, unitID, crypt.HashToken(token))
	case code != nil:
		n, _ := strconv.Atoi(code[2]) // digits, as it matched
		rows, err = pg.Many[knownRow](ctx, m.db, sqlKnownByNumber, unitID, m.today(), code[1], n)
	case len(digits) == 13 && !hasLetter(text):
		rows, err = pg.Many[knownRow](ctx, m.db, sqlKnownByBPJS, unitID, m.box.Hash(contextBPJS, digits))
	case len(digits) == 16 && !hasLetter(text):
		rows, err = pg.Many[knownRow](ctx, m.db, sqlKnownByNIK, unitID, m.box.Hash(contextNIK, digits))
	case digits != "" && len(digits) <= 8 && !hasLetter(text):
		n, _ := strconv.Atoi(digits)
		rows, err = pg.Many[knownRow](ctx, m.db, sqlKnownByRecord, unitID, n)
	case digits != "" && !hasLetter(text):
		return nil, nil
	default:
		fold := indo.FoldPerson(text)
		if fold == "" {
			return nil, nil
		}
		rows, err = pg.Many[knownRow](ctx, m.db, sqlKnownByName, unitID, likeWords(fold), fold, MaxFound, "%"+longest(fold)+"%")
	}
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	for _, r := range rows {
		found = append(found, m.known(r))
	}
	found = once(found)
	return found, m.addToday(ctx, m.db, found)
}

// once leaves everybody in once: who was entered twice is found twice.
func once(list []Known) (out []Known) {
	for _, k := range list {
		if !slices.ContainsFunc(out, func(o Known) bool { return o.ID == k.ID }) {
			out = append(out, k)
		}
	}
	return out
}

// Patient is one of them; of one who was merged into another, that one.
func (m *Module) Patient(ctx context.Context, a authz.Actor, unitID, id int64) (k Known, err error) {
	defer errs.In(&err, "epuskesmas.Patient(%d)", id)
	if err := m.may(ctx, m.db, a, unitID, PermDesk, PermPatient); err != nil {
		return k, err
	}
	r, err := pg.One[knownRow](ctx, m.db, sqlKnownByID, unitID, id)
	if err != nil {
		return k, err
	}
	one := []Known{m.known(r)}
	err = m.addToday(ctx, m.db, one)
	return one[0], err
}

func (m *Module) addToday(ctx context.Context, q pg.Querier, found []Known) error {
	ids := make([]int64, len(found))
	for i, k := range found {
		ids[i] = k.ID
	}
	list, err := pg.Many[struct {
		Ticket
		PatientID int64
	}](ctx, q, sqlTodayOf, ids, m.today())
	for _, t := range list {
		for i := range found {
			if found[i].ID == t.PatientID {
				found[i].Today = append(found[i].Today, t.Ticket)
			}
		}
	}
	return err
}

// todaysNumber is a number as it stands on a ticket, A-017, or as somebody in a hurry types
// it: a17.
var todaysNumber = regexp.MustCompile(`^([A-Z]{1,2}) ?-? ?([0-9]{1,4})$`)

// ticketToken is the secret in the address of a ticket, which its QR code holds.
func ticketToken(text string) (token string, ok bool) {
	if _, token, ok = strings.Cut(text, "/antrean/"); ok {
		token, _, _ = strings.Cut(token, "?")
		token = strings.TrimSuffix(token, "/")
	}
	return token, ok
}

func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }

// likeWords matches names in which every word begins a word, in this order or another.
func likeWords(fold string) []string {
	var out []string
	for _, w := range strings.Fields(fold) {
		out = append(out, "% "+w+"%")
	}
	return out
}

// longest is the word that few other names have.
func longest(fold string) string {
	return slices.MaxFunc(strings.Fields(fold), func(a, b string) int { return len(a) - len(b) })
}

const (
	// f is who was found, p whom they were merged into, themselves mostly.
	knownColumns = `SELECT p.id, COALESCE(p.record_number, 0) AS record_no, p.name, p.birth_date, p.nik_sealed, p.bpjs_sealed, p.faskes,
	COALESCE(v.payer, '') AS payer, v.day AS last_day, p.version,
	CASE WHEN f.id <> p.id THEN COALESCE(f.record_number, 0) ELSE 0 END AS was
FROM epuskesmas_patient f JOIN epuskesmas_patient p ON p.id = COALESCE(f.merged_into, f.id) LEFT JOIN LATERAL (SELECT (array_agg(payer ORDER BY day DESC))[1] AS payer, max(day) FILTER (WHERE came) AS day
	FROM (SELECT v.payer, v.day, EXISTS (SELECT FROM epuskesmas_ticket t WHERE t.visit_id = v.id AND t.here_at IS NOT NULL) AS came
		FROM epuskesmas_visit v WHERE v.patient_id = p.id) v) v ON true `

	sqlKnownByBPJS   = knownColumns + `WHERE f.unit_id = $1 AND f.bpjs_hash = $2 ORDER BY f.id LIMIT 12`
	sqlKnownByNIK    = knownColumns + `WHERE f.unit_id = $1 AND f.nik_hash = $2`
	sqlKnownByRecord = knownColumns + `WHERE f.unit_id = $1 AND f.record_number = $2`
	sqlKnownByTicket = knownColumns + `WHERE f.unit_id = $1 AND f.id = (SELECT patient_id FROM epuskesmas_visit WHERE token_hash = $2)`
	sqlKnownByNumber = knownColumns + `WHERE f.unit_id = $1 AND f.id IN (SELECT t.patient_id FROM epuskesmas_ticket t JOIN epuskesmas_session s ON s.id = t.session_id
	JOIN epuskesmas_poli o ON o.id = s.poli_id WHERE t.unit_id = $1 AND t.day = $2::date AND o.letter = $3 AND t.number = $4) ORDER BY f.id LIMIT 12`
	sqlKnownByID = knownColumns + `WHERE f.unit_id = $1 AND f.id = $2`
	// $2 are the words as patterns, $3 the whole: who is named so comes first. $5, the
	// longest word, is for the index.
	sqlKnownByName = knownColumns + `WHERE f.unit_id = $1 AND f.name_fold LIKE $5 AND ' ' || f.name_fold LIKE ALL ($2::text[])
ORDER BY f.name_fold LIKE $3 || '%' DESC, f.name_fold, f.id LIMIT $4`

	sqlTodayOf = `SELECT ` + ticketColumns + `, t.patient_id FROM ` + ticketTables + `
WHERE t.patient_id = ANY ($1::bigint[]) AND t.day = $2::date AND t.status IN ('dipesan', 'menunggu', 'dipanggil', 'dilayani') ORDER BY t.id`
)
