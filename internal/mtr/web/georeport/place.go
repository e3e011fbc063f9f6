package georeport

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

// where reads the place: lat and long, or address_id (the code of a kelurahan), or an
// address_string that names a kelurahan. An address beside a point is its landmark.
func (s *server) where(ctx context.Context, p params, c mtr.Category, a *mtr.Answers) error {
	if c.Place == mtr.PlaceNone {
		return nil
	}
	lat, long, id, address := p.one("lat"), p.one("long"), p.one("address_id"), p.one("address_string")
	if lat == "" && long == "" && id == "" && address == "" {
		if c.Place == mtr.PlaceAllowed {
			return nil
		}
		return bad("Lokasi belum ada: kirim lat dan long, atau address_id, atau address_string.")
	}
	a.Landmark = short(strings.Join(strings.Fields(address), " "), mtr.MaxLandmark)
	all, err := org.Areas(ctx, s.DB)
	if err != nil {
		return err
	}
	a.Source = mtr.SourceManual
	if i := slices.IndexFunc(all, func(k org.Area) bool { return k.Code == id }); i >= 0 {
		a.KelurahanID = all[i].ID
	} else if id != "" {
		return bad("address_id tidak dikenal. Isi dengan kode kelurahan, misalnya 73.71.09.1001.")
	}
	if lat != "" || long != "" {
		return s.point(ctx, lat, long, a)
	}
	if id != "" {
		if a.Landmark == "" {
			return bad("address_string belum ada: sebutkan patokan di kelurahan itu.")
		}
		return nil
	}
	a.Source = mtr.SourceAddress
	if a.KelurahanID = named(all, address); a.KelurahanID == 0 {
		return bad("address_string tidak menyebut tepat satu kelurahan di Makassar. Tambahkan nama kelurahan dan kecamatannya, atau kirim lat dan long.")
	}
	return nil
}

func (s *server) point(ctx context.Context, lat, long string, a *mtr.Answers) error {
	y, errY := strconv.ParseFloat(lat, 64)
	x, errX := strconv.ParseFloat(long, 64)
	if errY != nil || errX != nil || !(y >= -90 && y <= 90) || !(x >= -180 && x <= 180) {
		return bad("lat dan long harus dua-duanya ada, berupa derajat desimal WGS84, misalnya lat=-5.1357 dan long=119.4131.")
	}
	a.Place, a.Source = &mtr.Point{Lat: y, Lng: x}, mtr.SourcePin
	at, err := s.MTR.Locate(ctx, *a.Place)
	if errs.KindOf(err) == errs.Unprocessable {
		return bad("lat dan long bukan titik di bumi.")
	}
	if err != nil {
		return err
	}
	switch { // a border is no reason to refuse: the likeliest kelurahan, unless address_id says another
	case a.KelurahanID != 0 || at.Certainty == org.Outside:
	case at.Kelurahan.ID != 0:
		a.KelurahanID = at.Kelurahan.ID
	case at.Certainty == org.ChooseIsland:
		a.KelurahanID = at.Candidates[0].ID
	default:
		return bad("lat dan long tidak jelas di kelurahan mana. Tambahkan address_id, kode kelurahannya.")
	}
	return nil
}

// named is the kelurahan that the words of an address name, with its kecamatan where
// namesakes differ by it; 0 when it is none or not clear which.
func named(all []org.Area, address string) int64 {
	words := " " + indo.Fold(address) + " "
	has := func(name string) bool { return strings.Contains(words, " "+indo.Fold(name)+" ") }
	var found, sure []org.Area
	for _, k := range all {
		if has(k.Name) {
			found = append(found, k)
			if has(k.KecamatanName) {
				sure = append(sure, k)
			}
		}
	}
	if len(sure) > 0 {
		found = longestNames(sure)
	} else {
		found = longestNames(found)
	}
	if len(found) != 1 {
		return 0
	}
	return found[0].ID
}

// longestNames leaves out what is only a part of another name that was found.
func longestNames(found []org.Area) (out []org.Area) {
	for _, k := range found {
		part := false
		for _, other := range found {
			part = part || len(other.Name) > len(k.Name) && strings.Contains(" "+indo.Fold(other.Name)+" ", " "+indo.Fold(k.Name)+" ")
		}
		if !part {
			out = append(out, k)
		}
	}
	return out
}
