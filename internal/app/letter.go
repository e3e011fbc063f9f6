package app

import (
	"context"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	epemerintahanweb "makassartidakrantasa.com/portal/internal/epemerintahan/web"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
)

// eventOf reads out of an issued letter what it says of the resident event that it
// offers, by the names that the shipped kinds give their fields.
func eventOf(m *letter.Module) func(ctx context.Context, a authz.Actor, letterID int64) (epemerintahanweb.Prefill, error) {
	return func(ctx context.Context, a authz.Actor, letterID int64) (p epemerintahanweb.Prefill, err error) {
		d, err := m.View(ctx, a, letterID)
		if err != nil {
			return p, err
		}
		text := func(field string) string { return d.Values[field].Text }
		day := func(field string) time.Time {
			t, _ := time.ParseInLocation(time.DateOnly, text(field), clock.Makassar) // checked when it was written
			return t
		}
		p.Detail.Letter = d.Number
		switch d.Kind.Effect {
		case letter.OfferDeath:
			p.On, p.Detail.Place = day("tgl_meninggal"), text("tempat_meninggal")
		case letter.OfferMoveOut:
			p.On, p.Detail.Destination = day("tgl_pindah"), destination(text)
		case letter.OfferMoveIn:
			p.On, p.Detail.Origin, p.Detail.Letter = day("tgl_datang"), text("alamat_asal"), text("no_skpwni")
		case letter.OfferBirth:
			p.On, p.Detail.Place = day("tgl_lahir"), text("tempat_dilahirkan")
			p.Person = epemerintahan.Person{
				Name: text("nama_anak"), BirthPlace: text("tempat_lahir"), BirthDate: p.On, Sex: epemerintahan.Male,
				FatherName: firstName(d.Values["ayah"]), MotherName: firstName(d.Values["ibu"]),
			}
			if text("jk_anak") == "Perempuan" {
				p.Person.Sex = epemerintahan.Female
			}
		}
		return p, nil
	}
}

// recorded marks the event that a letter offers as recorded, once one of its kind was
// recorded of whom the letter is about. Another kind or another person leaves it open.
func recorded(m *letter.Module) func(ctx context.Context, a authz.Actor, letterID int64, kind epemerintahan.EventKind, residentID int64) error {
	return func(ctx context.Context, a authz.Actor, letterID int64, kind epemerintahan.EventKind, residentID int64) error {
		d, err := m.View(ctx, a, letterID)
		if err != nil || string(d.Offer) != string(kind) || !slices.Contains(d.Actions, letter.ActOffer) {
			return err
		}
		anew := kind == epemerintahan.Born || kind == epemerintahan.MovedIn // the letter knows nobody of the register
		if !anew && d.SubjectIs.ResidentID != residentID {
			return nil
		}
		return m.Offered(ctx, a, letter.Act{ID: letterID}, residentID)
	}
}

// destination is a whole address of where somebody moves to.
func destination(text func(field string) string) (s string) {
	for _, field := range []string{"alamat_tujuan", "kel_tujuan", "kec_tujuan", "kab_tujuan", "prov_tujuan"} {
		if part := text(field); part != "" {
			if s != "" {
				s += ", "
			}
			s += part
		}
	}
	return s
}

func firstName(v letter.Value) string {
	if len(v.People) == 0 {
		return ""
	}
	return v.People[0].Name
}
