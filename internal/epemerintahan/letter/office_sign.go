package letter

import (
	"context"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Signer is who signs, and in whose name.
type Signer struct {
	Office    Office
	UnitName  string // "Kassi-Kassi", "Rappocini"
	Occupancy string // definitif, plt or plh of the signer's own position
	Head      bool   // holds the office itself; else signs in its name
	Secretary bool   // of the unit; whoever is neither signs for the secretary (u.b.)
	Title     string // of the signer's position, when not Head
}

// SignatureLines are the lines above a signer's name:
//
//	LURAH KASSI-KASSI,        Plt. LURAH KASSI-KASSI,
//	a.n. LURAH KASSI-KASSI    a.n. LURAH KASSI-KASSI
//	SEKRETARIS,               SEKRETARIS
//	                          u.b. KEPALA SEKSI PEMERINTAHAN,
func SignatureLines(s Signer) []string {
	office := strings.ToUpper(string(s.Office) + " " + s.UnitName)
	acting := map[string]string{"plt": "Plt. ", "plh": "Plh. "}[s.Occupancy]
	if s.Head {
		return []string{acting + office + ","}
	}
	title := acting + strings.ToUpper(ownTitle(s.Title, s.UnitName)) + ","
	if s.Secretary {
		return []string{"a.n. " + office, title}
	}
	return []string{"a.n. " + office, "SEKRETARIS", "u.b. " + title}
}

// ownTitle is a position's title without the name of its unit.
func ownTitle(title, unit string) string {
	title = strings.TrimSpace(strings.TrimSuffix(title, unit))
	for _, kind := range []string{" Kelurahan", " Kecamatan"} {
		title = strings.TrimSuffix(title, kind)
	}
	return title
}

// signedBy copies what a letter says of the holder of a position who signs as office
// of unit, or in its name.
func signedBy(ctx context.Context, q pg.Querier, unit org.Unit, office Office, h org.Holder, at time.Time) (s Signed, err error) {
	defer errs.In(&err, "letter.signedBy(%d)", h.PersonID)
	p, err := org.PersonByID(ctx, q, h.PersonID)
	if err != nil {
		return s, err
	}
	s = Signed{
		Office: office, Name: p.Name, Rank: p.Rank, Occupancy: h.Kind, PersonID: h.PersonID, PositionID: h.PositionID, At: at,
		Lines: SignatureLines(Signer{
			Office: office, UnitName: unit.ShortName, Occupancy: h.Kind, Title: h.Title,
			Head: h.PositionKind == org.PositionHead, Secretary: h.PositionKind == org.PositionSecretary,
		}),
	}
	if p.StaffNumber != nil {
		s.NIP = *p.StaffNumber
	}
	return s, nil
}
