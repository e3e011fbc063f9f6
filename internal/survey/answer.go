package survey

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Control names. The questions are u1 to u9.
const (
	ControlSex       = "kelamin"
	ControlAge       = "usia"
	ControlEducation = "pendidikan"
	ControlJob       = "pekerjaan"
	ControlWords     = "saran"
)

// ControlOf is the control of a question, counted from 0.
func ControlOf(element int) string { return "u" + strconv.Itoa(element+1) }

// MaxWords is how long a remark may be, in characters.
const MaxWords = 1000

// What may be said of oneself, or not.
var (
	Sexes      = []string{"Perempuan", "Laki-laki"}
	Ages       = []string{"Di bawah 20", "20–29", "30–39", "40–49", "50–59", "60 ke atas"}
	Educations = []string{"SD atau kurang", "SMP", "SMA/SMK", "Diploma/S1", "S2 ke atas"}
	Jobs       = []string{"ASN, TNI, Polri", "Karyawan", "Usaha sendiri", "Pelajar/mahasiswa", "Mengurus rumah", "Lainnya"}
)

// Answer is what somebody says of a case. What is said of oneself may be "".
type Answer struct {
	Scores                   Scores
	Sex, Age, Education, Job string
	Words                    string
}

const (
	sqlInsertAnswer = `
INSERT INTO survey_answer (service, unit_id, case_hash, month, scores, sex, age, education, job, words_sealed)
VALUES ($1, $2, $3, $4::date, $5::smallint[], $6, $7, $8, $9, $10)
ON CONFLICT ON CONSTRAINT survey_answer_case_key DO NOTHING`

	sqlAddToSum = `
INSERT INTO survey_sum AS s (service, unit_id, month, n, scores) VALUES ($1, $2, $3::date, 1, $4::int[])
ON CONFLICT ON CONSTRAINT survey_sum_pkey DO UPDATE SET n = s.n + 1,
	scores = (SELECT array_agg(a + b ORDER BY i) FROM unnest(s.scores, excluded.scores) WITH ORDINALITY AS x (a, b, i))`

	sqlAnswered = `SELECT EXISTS (SELECT FROM survey_answer WHERE case_hash = $1)`
)

// Answer records what is said of the case of a token, once: who answers again changes
// nothing and is told so by first. Nothing is kept that leads to who it was.
func (m *Module) Answer(ctx context.Context, token string, in Answer) (first bool, err error) {
	defer errs.In(&err, "survey.Answer")
	c, err := m.Find(token)
	if err != nil {
		return false, err
	}
	if err := in.check(); err != nil {
		return false, err
	}
	var words []byte
	if in.Words != "" {
		words = m.d.Box.Seal(in.Words, contextWords)
	}
	now := m.d.Clock.Now().In(clock.Makassar)
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	err = pg.InTx(ctx, m.d.DB, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, sqlInsertAnswer, c.Service, c.UnitID, m.hashOf(c), month, in.Scores[:], in.Sex, in.Age, in.Education, in.Job, words)
		if first = err == nil && tag.RowsAffected() == 1; !first {
			return err
		}
		return pg.Exec(ctx, tx, sqlAddToSum, c.Service, c.UnitID, month, in.Scores[:])
	})
	return first, err
}

// Answered says whether the case has answered.
func (m *Module) Answered(ctx context.Context, c Case) (bool, error) {
	return pg.Scalar[bool](ctx, m.d.DB, sqlAnswered, m.hashOf(c))
}

func (in Answer) check() error {
	var wrong []errs.Field
	for i, s := range in.Scores {
		if s < 1 || s > 4 {
			wrong = append(wrong, errs.Field{Name: ControlOf(i), Message: fmt.Sprintf("Pilih satu jawaban untuk pertanyaan %d.", i+1)})
		}
	}
	for _, c := range []struct {
		name, value string
		of          []string
	}{{ControlSex, in.Sex, Sexes}, {ControlAge, in.Age, Ages}, {ControlEducation, in.Education, Educations}, {ControlJob, in.Job, Jobs}} {
		if c.value != "" && !slices.Contains(c.of, c.value) {
			wrong = append(wrong, errs.Field{Name: c.name, Message: "Pilih dari daftar, atau kosongkan."})
		}
	}
	if utf8.RuneCountInString(in.Words) > MaxWords {
		wrong = append(wrong, errs.Field{Name: ControlWords, Message: "Ringkas menjadi paling banyak 1.000 huruf."})
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return nil
}
