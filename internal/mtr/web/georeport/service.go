package georeport

import (
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// services lists what may be reported: the active categories.
func (s *server) services(w http.ResponseWriter, r *http.Request) error {
	if _, err := asked(r); err != nil {
		return err
	}
	categories, err := s.MTR.Categories(r.Context())
	if err != nil {
		return err
	}
	out := list{name: "services"}
	for _, c := range categories {
		out.items = append(out.items, element{"service", []field{
			{"service_code", c.Code}, {"service_name", plain(c.Name)}, {"description", text(describe(c))},
			{"metadata", len(c.Questions) > 0}, {"type", "realtime"}, {"keywords", text(strings.Join(c.Synonyms, ","))}, {"group", text(c.GroupName)},
		}})
	}
	w.Header().Set("Cache-Control", "public, max-age=60")
	return write(w, r, http.StatusOK, out)
}

// describe says what a sender should know before reporting.
func describe(c mtr.Category) string {
	var say []string
	switch c.Place {
	case mtr.PlaceAllowed:
		say = append(say, "Lokasi boleh dikosongkan.")
	case mtr.PlaceNone:
		say = append(say, "Tidak memerlukan lokasi.")
	}
	if c.Emergency != "" {
		say = append(say, "Telepon 112 lebih dahulu bila: "+c.Emergency)
	}
	if c.Sensitive {
		say = append(say, "Laporan ini dirahasiakan: tidak tampil untuk umum, juga tidak di GET requests.")
	}
	return strings.Join(say, " ")
}

func (s *server) definition(w http.ResponseWriter, r *http.Request) error {
	if _, err := asked(r); err != nil {
		return err
	}
	c, err := s.category(r, web.Path(r, "code"))
	if err != nil {
		return err
	}
	attributes := list{name: "attributes"}
	for i, q := range c.Questions {
		attributes.items = append(attributes.items, attribute(q, i+1))
	}
	w.Header().Set("Cache-Control", "public, max-age=60")
	return write(w, r, http.StatusOK, element{"service_definition", []field{{"service_code", c.Code}, {"attributes", attributes}}})
}

func attribute(q mtr.CategoryQuestion, order int) element {
	kind, hint := "string", "Teks, paling banyak 200 huruf."
	values := list{name: "values"}
	switch q.Kind {
	case mtr.QuestionNumber:
		kind, hint = "number", "Angka."
	case mtr.QuestionChoice:
		kind, hint = "singlevaluelist", "Satu dari pilihan yang ada."
		for _, o := range q.Options {
			values.items = append(values.items, element{"value", []field{{"key", plain(o.Value)}, {"name", plain(o.Label)}}})
		}
	}
	description := q.Text
	if q.Hint != "" {
		description += " " + q.Hint
	}
	return element{"attribute", []field{
		{"variable", true}, {"code", q.Code}, {"datatype", kind}, {"required", q.Required}, {"datatype_description", hint},
		{"order", order}, {"description", plain(description)}, {"values", values},
	}}
}

// category by service_code; unknown or out of use is 404.
func (s *server) category(r *http.Request, code string) (mtr.Category, error) {
	categories, err := s.MTR.Categories(r.Context())
	if err != nil {
		return mtr.Category{}, err
	}
	for _, c := range categories {
		if c.Code == code {
			return c, nil
		}
	}
	return mtr.Category{}, errs.New(errs.NotFound, "service_code tidak ada. Lihat daftarnya di services.")
}
