package letter

import (
	"fmt"
	"slices"
	"strings"
)

// Difference is one thing that two definitions say differently; "" is nothing.
type Difference struct{ What, Before, After string }

// Differences lists what after says differently from before. Of wordings only the
// lines from the first to the last that differ are shown.
func Differences(before, after Definition) (out []Difference) {
	b, a := described(before), described(after)
	for _, d := range b {
		if now := find(a, d.What); now != d.Before {
			out = append(out, Difference{d.What, d.Before, now})
		}
	}
	for _, d := range a {
		if !slices.ContainsFunc(b, func(x Difference) bool { return x.What == d.What }) {
			out = append(out, Difference{d.What, "", d.Before})
		}
	}
	if before.Body != after.Body {
		x, y := changedLines(strings.Split(before.Body, "\n"), strings.Split(after.Body, "\n"))
		out = append(out, Difference{"Isi surat", strings.Join(x, "\n"), strings.Join(y, "\n")})
	}
	return out
}

func find(all []Difference, what string) string {
	if i := slices.IndexFunc(all, func(d Difference) bool { return d.What == what }); i >= 0 {
		return all[i].Before
	}
	return ""
}

// described is a definition as named texts, in Before.
func described(d Definition) (out []Difference) {
	put := func(what, text string) { out = append(out, Difference{What: what, Before: text}) }
	put("Judul", d.Title)
	put("Kelompok", d.Category)
	put("Pemberitahuan", d.Notice)
	put("Sebutan orang yang diterangkan", d.Subject)
	put("Cara menandatangani", string(d.Mode))
	put("Selalu tanda tangan basah", yesNo(d.AlwaysWet))
	put("Camat ikut menandatangani", d.CamatSigns)
	put("Pihak yang menandatangani", strings.Join(d.PartiesSign, ", "))
	put("Bermeterai", strings.Join(d.StampOn, ", "))
	put("Masa berlaku (hari)", fmt.Sprint(d.ValidDays))
	put("Klasifikasi arsip", d.Classification)
	put("Pola nomor", d.NumberPattern)
	put("Janji layanan (menit kerja)", fmt.Sprint(d.ServiceMinutes))
	put("Peristiwa yang ditawarkan", string(d.Effect))
	put("Dasar hukum", strings.Join(d.LegalBasis, "\n"))
	put("Tidak dilayani", yesNo(d.Closed))
	for _, f := range d.Fields {
		put("Isian "+f.Name, strings.Join(filled(f.Label, f.Hint, string(f.Type), mark(f.Required, "wajib"), strings.Join(f.Options, ", "), strings.Join(f.Ask, ", ")), " · "))
	}
	put("Urutan isian", strings.Join(names(d.Fields), ", "))
	for _, r := range d.Requirements {
		put("Syarat "+r.Name, strings.Join(filled(mark(r.Scan, "dipindai"), mark(!r.Scan, "diperlihatkan"), mark(r.Optional, "bila ada"), mark(r.Proved, "dibuktikan data penduduk")), " · "))
	}
	for _, r := range d.Rules {
		put("Aturan "+strings.Join(append([]string{r.Name}, r.Args...), " "), r.Message)
	}
	return out
}

func names(fs []Field) (out []string) {
	for _, f := range fs {
		out = append(out, f.Name)
	}
	return out
}

func filled(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

func mark(b bool, word string) string {
	if b {
		return word
	}
	return ""
}

func yesNo(b bool) string {
	if b {
		return "ya"
	}
	return "tidak"
}

// changedLines drops the lines that both begin and end with.
func changedLines(a, b []string) ([]string, []string) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}
