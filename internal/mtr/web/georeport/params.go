package georeport

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// params are the arguments of a request; an empty one is an absent one.
type params struct{ url.Values }

// asked reads the arguments in the address and checks format and jurisdiction.
func asked(r *http.Request) (params, error) {
	if f := web.Path(r, "format"); f != "xml" && f != "json" {
		return params{}, errs.New(errs.NotFound, "Format ini tidak ada. Akhiri alamat dengan .xml atau .json.")
	}
	v, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return params{}, bad("Parameter tidak dapat dibaca: penulisan persen (%) di alamat rusak.")
	}
	p := params{v}
	return p, p.check()
}

// check refuses what is no text, and the jurisdiction of another city.
func (p params) check() error {
	for name, vs := range p.Values {
		for _, v := range append(vs, name) {
			if !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return bad("Parameter harus berupa teks UTF-8.")
			}
		}
	}
	if j := p.one("jurisdiction_id"); j != "" && j != Jurisdiction {
		return errs.New(errs.NotFound, "jurisdiction_id tidak dikenal. Layanan ini hanya untuk "+Jurisdiction+".")
	}
	return nil
}

// one is an argument as a cleaned text; "" when it is absent.
func (p params) one(name string) string { return form.Clean(p.Get(name)) }

// many are the values of an argument that may be repeated and may list several.
func (p params) many(name string) (out []string) {
	for _, v := range p.Values[name] {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" && !slices.Contains(out, part) {
				out = append(out, part)
			}
		}
	}
	return out
}

// yes reads a switch: true or absent.
func (p params) yes(name string) (bool, error) {
	switch v := p.one(name); v {
	case "", "false", "0":
		return false, nil
	case "true", "1":
		return true, nil
	default:
		return false, bad(name + " harus true atau false.")
	}
}

// whole reads a whole number between low and high; absent is missing.
func (p params) whole(name string, low, high, missing int) (int, error) {
	v := p.one(name)
	if v == "" {
		return missing, nil
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < low || n > high {
		return 0, bad(name + " harus bilangan bulat dari " + strconv.Itoa(low) + " sampai " + strconv.Itoa(high) + ".")
	}
	return n, nil
}

// w3c are the precisions of W3C-NOTE-datetime that have a time; the offset is mandatory.
var (
	w3c     = []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00"}
	offset  = regexp.MustCompile(`(Z|[+-]\d\d:\d\d)$`)
	swapped = regexp.MustCompile(`T[\d:.]+ \d\d:\d\d$`) // a plus sign that the address turned into a space
)

// when reads a time; ok is false when it is absent.
func (p params) when(name string) (t time.Time, ok bool, err error) {
	v := p.one(name)
	if v == "" {
		return t, false, nil
	}
	if swapped.MatchString(v) {
		v = strings.Replace(v, " ", "+", 1)
	}
	if offset.MatchString(v) {
		for _, layout := range w3c {
			if t, err = time.Parse(layout, v); err == nil && t.Year() > 0 {
				return t, true, nil
			}
		}
	}
	return t, false, bad(name + " harus waktu W3C dengan zona, misalnya 2026-11-24T09:00:00+08:00.")
}

// longest is the longest stretch of time that may be asked for at once.
const longest = 90 * 24 * time.Hour

// stretch reads start_date and end_date. One alone reaches 90 days; none is the last 90.
func (p params) stretch(now time.Time) (from, to time.Time, err error) {
	from, begun, err := p.when("start_date")
	if err != nil {
		return from, to, err
	}
	to, ended, err := p.when("end_date")
	switch {
	case err != nil:
		return from, to, err
	case begun && !ended:
		to = from.Add(longest)
	case ended && !begun:
		from = to.Add(-longest)
	case !begun && !ended:
		from, to = now.Add(-longest), now
	}
	switch {
	case to.Before(from):
		return from, to, bad("end_date lebih awal daripada start_date.")
	case to.Sub(from) > longest:
		return from, to, bad("start_date dan end_date paling jauh berjarak 90 hari.")
	}
	return from, to, nil
}
