package mtr

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A labelled set as docs/duplicates.md describes it: problems in a crowded part of the city,
// each told by one to four people in their own words.

// sameThing are ways in which people name a problem of a category; every line is one thing.
var sameThing = map[string][][]string{
	"JALAN": {
		{"jalan berlubang", "lubang besar di jalan", "jalanan bolong", "aspal berlubang"},
		{"aspal retak dan turun", "jalan ambles", "badan jalan turun"},
		{"paving jalan lepas", "paving blok terbongkar", "batu paving hilang"},
	},
	"LAMPU": {
		{"lampu jalan mati", "lampu jalanan padam", "pju tidak menyala", "penerangan jalan mati"},
		{"lampu jalan berkedip", "lampu kedap kedip", "pju hidup mati"},
		{"tiang lampu miring", "tiang pju hampir roboh"},
	},
	"SAMPAH": {
		{"sampah menumpuk", "tumpukan sampah", "sampah tidak diangkut", "sampah berserakan"},
		{"bangkai dan sampah bau", "bau busuk dari sampah", "sampah busuk menyengat"},
		{"sampah dibakar warga", "pembakaran sampah", "asap bakar sampah"},
	},
	"DRAINASE": {
		{"got tersumbat", "selokan mampet", "drainase tersumbat", "saluran air buntu"},
		{"penutup got hilang", "tutup selokan tidak ada", "lubang got terbuka"},
		{"dinding drainase roboh", "talud got ambruk"},
	},
	"POHON": {
		{"pohon tumbang", "pohon roboh menutup jalan", "batang pohon jatuh"},
		{"dahan pohon perlu dipangkas", "ranting pohon kena kabel", "pohon rimbun menutup lampu"},
	},
	"TAMAN": {
		{"bangku taman patah", "kursi taman rusak"},
		{"ayunan taman rusak", "ayunan anak putus", "permainan anak di taman rusak"},
	},
}

var landmarks = []string{"Pasar Terong", "Masjid Raya", "SD Inpres", "kantor lurah", "apotek", "jembatan kanal", "lapangan bola", "warung coto", "puskesmas", "gereja", "toko bangunan", "pos ronda"}

var complaints = []string{"Sudah lama dibiarkan.", "Mohon segera diperbaiki.", "Warga mengeluh setiap hari.", "Bahaya untuk anak sekolah.", "Semalam ada yang celaka.", "Tolong petugas datang.", "Makin parah kalau hujan.", ""}

// labelled is a report of the set; reports with the same Problem are duplicates.
type labelled struct {
	Problem, ID int64
	Category    Category
	Lat, Lng    float64
	Title, Body string
	Hash        *int64
	At          time.Time
}

func labelledSet(random *rand.Rand, categories map[string]Category, problems int) (out []labelled) {
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	codes := []string{}
	for code := range sameThing {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	const middleLat, middleLng, metre = -5.1477, 119.4328, 1.0 / 111_195
	for problem := range problems {
		code := codes[random.IntN(len(codes))]
		thing, near := sameThing[code][random.IntN(len(sameThing[code]))], pick(landmarks)
		lat, lng := middleLat+(random.Float64()-0.5)*2100*metre, middleLng+(random.Float64()-0.5)*2100*metre
		scene, begun := int64(random.Uint64()), start.Add(-time.Duration(random.IntN(60*24))*time.Hour)
		for range 1 + random.IntN(4) {
			noise := 30.0
			if random.IntN(10) == 0 {
				noise = 120
			}
			place := pick([]string{" di depan ", " dekat ", " samping ", " sekitar ", " "}) + near
			if random.IntN(4) == 0 {
				place = ""
			}
			r := labelled{
				Problem: int64(problem), Category: categories[code], Lat: lat + random.NormFloat64()*noise*metre, Lng: lng + random.NormFloat64()*noise*metre,
				Title: mistyped(random, pick(thing)+place), Body: pick(thing) + pick([]string{" di sini. ", " sejak kemarin. ", " sudah seminggu. ", ". "}) + pick(complaints),
				At: begun.Add(time.Duration(random.IntN(72)) * time.Hour),
			}
			switch random.IntN(5) {
			case 0, 1: // the same view
				seen := scene
				for range random.IntN(11) {
					seen ^= 1 << random.IntN(64)
				}
				r.Hash = &seen
			case 2: // another view
				other := int64(random.Uint64())
				r.Hash = &other
			}
			out = append(out, r)
		}
	}
	return out
}

// mistyped is s with a letter wrong now and then, as people type on a phone.
func mistyped(random *rand.Rand, s string) string {
	letters := []rune(s)
	if random.IntN(3) == 0 {
		i := random.IntN(len(letters))
		letters = slices.Delete(letters, i, i+1)
	}
	return strings.ToUpper(string(letters[:1])) + string(letters[1:])
}

// quality is how well lists of at most five did.
type quality struct{ hits, shown, wanted int }

func (q quality) precision() float64 { return float64(q.hits) / float64(max(q.shown, 1)) }
func (q quality) recall() float64    { return float64(q.hits) / float64(max(q.wanted, 1)) }

// f1 is the harmonic mean of precision and recall.
func (q quality) f1() float64 { return 2 * float64(q.hits) / float64(q.shown+q.wanted) }

func (q *quality) judge(set []labelled, asked labelled, ids []int64) {
	wanted := 0
	for _, r := range set {
		if r.Problem == asked.Problem && r.ID != asked.ID {
			wanted++
			if slices.Contains(ids, r.ID) {
				q.hits++
			}
		}
	}
	q.shown, q.wanted = q.shown+len(ids), q.wanted+min(wanted, MostAlike)
}

// nearestFive is the rule to beat: the nearest open reports of the same category within 250 m.
func nearestFive(set []labelled, asked labelled) (ids []int64) {
	metres := func(r labelled) float64 {
		return 111_195 * math.Hypot(r.Lat-asked.Lat, (r.Lng-asked.Lng)*math.Cos(asked.Lat*math.Pi/180))
	}
	near := slices.DeleteFunc(slices.Clone(set), func(r labelled) bool {
		return r.ID == asked.ID || r.Category.ID != asked.Category.ID || metres(r) > 250
	})
	slices.SortFunc(near, func(a, b labelled) int { return cmp.Compare(metres(a), metres(b)) })
	for _, r := range near[:min(len(near), MostAlike)] {
		ids = append(ids, r.ID)
	}
	return ids
}

const sqlPlantLabelled = `
WITH r AS (
	INSERT INTO mtr_report (number, code_hash, code_sealed, category_id, class, title, body, lat, lng, place_source, kelurahan_id,
		kecamatan_id, dispatch_unit_id, anonymous, confidential, submitted_at, words_hash, proof, field_check, seq, status,
		received_at, published_at, status_changed_at)
	SELECT $1, $2, '\x00', $3, 'pengaduan', $4, $5, $6, $7, 'pin', k.id, k.parent_id, k.id, false, false, $8, $2, 'foto', true, 1, 'diterima', $8, $8, $8
	FROM org_unit k WHERE k.id = $9
	RETURNING id
), e AS (
	INSERT INTO mtr_event (report_id, seq, action, from_status, to_status, at, actor_kind, role, audience)
	SELECT id, 1, 'submit', '', 'diterima', $8, 'anonim', 'pelapor', 'publik' FROM r
)
SELECT id FROM r`

const sqlPlantPhoto = `
INSERT INTO mtr_photo (ref, report_id, kind, event_seq, width, height, dhash, stored, created_at)
SELECT $1, id, 'sebelum', 1, 1600, 1200, $3, true, received_at FROM mtr_report WHERE number = $2`

// plant puts the reports into the database, all published.
func (c *city) plant(set []labelled) {
	c.t.Helper()
	kelurahan, batch := c.kelurahan(), &pgx.Batch{}
	for i := range set {
		r, number := &set[i], fmt.Sprintf("MTR-26-%06d", 500_000+i)
		hash := sha256.Sum256([]byte(number))
		batch.Queue(sqlPlantLabelled, number, hash[:], r.Category.ID, r.Title, r.Body, r.Lat, r.Lng, r.At, kelurahan).QueryRow(func(row pgx.Row) error {
			return row.Scan(&r.ID)
		})
		if r.Hash != nil {
			batch.Queue(sqlPlantPhoto, fmt.Sprintf("label%017d", i), number, *r.Hash)
		}
	}
	batch.Queue(`ANALYZE mtr_report`)
	if err := c.db.Owner().SendBatch(c.ctx, batch).Close(); err != nil {
		c.t.Fatal(err)
	}
}

// TestAlikeBeatsDistance measures the finder on the labelled set, as docs/duplicates.md tells.
func TestAlikeBeatsDistance(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	categories := map[string]Category{}
	for code := range sameThing {
		category, err := c.Category(c.ctx, c.category(code))
		if err != nil {
			t.Fatal(err)
		}
		categories[code] = category
	}
	set := labelledSet(rand.New(rand.NewPCG(2026, 11)), categories, 150)
	c.plant(set)
	var ours, early, distance quality
	last := int64(-1)
	for i := len(set) - 1; i >= 0; i-- {
		asked := set[i]
		if asked.Problem == last {
			continue // one question for each problem
		}
		last = asked.Problem
		distance.judge(set, asked, nearestFive(set, asked))
		q := question{id: asked.ID, place: &Point{Lat: asked.Lat, Lng: asked.Lng}, category: asked.Category, title: asked.Title, body: asked.Body}
		if asked.Hash != nil {
			q.hashes = []int64{*asked.Hash}
		}
		for _, side := range []*quality{&ours, &early} {
			if side == &early {
				q.title, q.body = "", ""
			}
			w := newWhere(c.now())
			w.and("r.words_public")
			found, err := c.alike(c.ctx, w, q, true)
			if err != nil {
				t.Fatal(err)
			}
			var ids []int64
			for _, a := range found {
				ids = append(ids, a.ID)
			}
			side.judge(set, asked, ids)
		}
	}
	for _, row := range []struct {
		what              string
		q                 quality
		precision, recall float64
	}{{"all", ours, 0.70, 0.80}, {"before words", early, 0.60, 0.55}, {"distance only", distance, 0, 0}} {
		t.Logf("%s: precision %.2f, recall at 5 %.2f (%d right of %d shown, %d wanted)", row.what, row.q.precision(), row.q.recall(), row.q.hits, row.q.shown, row.q.wanted)
		if row.q.precision() < row.precision || row.q.recall() < row.recall {
			t.Errorf("%s: want precision %.2f and recall %.2f", row.what, row.precision, row.recall)
		}
	}
	if ours.f1() < distance.f1()+0.1 || early.f1() < distance.f1() {
		t.Errorf("F1 %.2f, before words %.2f: the finder does not beat the nearest five, %.2f", ours.f1(), early.f1(), distance.f1())
	}
}
