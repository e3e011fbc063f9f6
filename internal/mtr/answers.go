package mtr

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// missingAnswers lists the required questions of c that extra leaves open.
func missingAnswers(c Category, extra map[string]string) []CategoryQuestion {
	var out []CategoryQuestion
	for _, q := range c.Questions {
		if q.Required && extra[q.Code] == "" {
			out = append(out, q)
		}
	}
	return out
}

// checkAnswers says what is wrong with the answers to c's questions.
func checkAnswers(c Category, extra map[string]string) (wrong []errs.Field) {
	for _, q := range c.Questions {
		v := extra[q.Code]
		fail := func(msg string) { wrong = append(wrong, errs.Field{Name: ControlQuestion + q.Code, Message: msg}) }
		switch {
		case v == "" && q.Required:
			fail("Jawab pertanyaan ini: " + q.Text)
		case v == "":
		case q.Kind == QuestionChoice && q.label(v) == "":
			fail("Pilih salah satu jawaban.")
		case q.Kind == QuestionNumber && !isNumber(v):
			fail("Tulis angka, misalnya 3 atau 1,5.")
		case utf8.RuneCountInString(v) > MaxAnswer:
			fail("Ringkas jawaban menjadi paling banyak 200 huruf.")
		}
	}
	return wrong
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", "."), 64)
	return err == nil && len(s) <= 20
}

// label of an option; "" when there is none.
func (q CategoryQuestion) label(value string) string {
	for _, o := range q.Options {
		if o.Value == value {
			return o.Label
		}
	}
	return ""
}

// Answered puts the answers into words, in the order of the questions. Answers to
// questions that are gone keep their code.
func Answered(c Category, extra map[string]string) []AnsweredQuestion {
	var out []AnsweredQuestion
	for _, q := range c.Questions {
		v := extra[q.Code]
		if v == "" {
			continue
		}
		if l := q.label(v); l != "" {
			v = l
		}
		out = append(out, AnsweredQuestion{Code: q.Code, Text: q.Text, Answer: v})
	}
	for code, v := range extra {
		if _, known := c.Question(code); !known {
			out = append(out, AnsweredQuestion{Code: code, Text: code, Answer: v})
		}
	}
	return out
}

// EmergencyAnswers reports whether one of the answers says that somebody is in danger:
// the form then shows the way to 112.
func EmergencyAnswers(c Category, extra map[string]string) bool {
	for _, q := range c.Questions {
		for _, o := range q.Options {
			if o.Emergency && o.Value == extra[q.Code] {
				return true
			}
		}
	}
	return false
}

var urgent = regexp.MustCompile(`(?i)\b(kebakaran|terbakar|api besar|tenggelam|hanyut|terjebak|tertimpa|tersetrum|kesetrum|` +
	`kecelakaan|tabrakan|pingsan|sekarat|berdarah|perampokan|dibegal|pembegalan|penikaman|ditikam|bunuh diri|melahirkan)\b`)

// LooksUrgent reports whether words speak of an emergency: the form then asks whether
// to call 112 first. It never stops a report.
func LooksUrgent(words string) bool { return urgent.MatchString(words) }
