package eoffice

import (
	"context"
	"strings"
	"unicode"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// BlockLines are the lines above a signer's name. Who signs for somebody else names them
// first (a.n.); two levels below, the one between stands there too (u.b.):
//
//	KEPALA DINAS PEKERJAAN UMUM,      Plt. KEPALA DINAS PEKERJAAN UMUM,
//	a.n. WALI KOTA MAKASSAR           a.n. KEPALA DINAS PEKERJAAN UMUM
//	SEKRETARIS DAERAH,                SEKRETARIS
//	                                  u.b. KEPALA SUBBAGIAN UMUM,
func BlockLines(title, seat string, above ...string) []string {
	own := map[string]string{"plt": "Plt. ", "plh": "Plh. "}[seat] + strings.ToUpper(title) + ","
	switch len(above) {
	case 0:
		return []string{own}
	case 1:
		return []string{"a.n. " + strings.ToUpper(above[0]), own}
	}
	return []string{"a.n. " + strings.ToUpper(above[0]), strings.ToUpper(above[1]), "u.b. " + own}
}

const sqlSuperiors = `
WITH RECURSIVE up AS (
	SELECT id, superior_id, title, 0 AS n FROM org_position WHERE id = $1
	UNION ALL SELECT p.id, p.superior_id, p.title, up.n + 1 FROM org_position p JOIN up ON p.id = up.superior_id WHERE up.n < 10)
SELECT id, title FROM up ORDER BY n`

// post is a position with its name.
type post struct {
	ID    int64
	Title string
}

// superiors of a position, itself first.
func superiors(ctx context.Context, q pg.Querier, positionID int64) ([]post, error) {
	return pg.Many[post](ctx, q, sqlSuperiors, positionID)
}

// above are the titles in whose name a desk signs: whom it signs for, and who stands
// between them. At most two levels lie between who signs and for whom.
func above(ctx context.Context, q pg.Querier, l Link) ([]string, error) {
	if l.ForID == 0 {
		return nil, nil
	}
	line, err := superiors(ctx, q, l.PositionID)
	if err != nil {
		return nil, err
	}
	for n, p := range line {
		if p.ID != l.ForID {
			continue
		}
		switch n {
		case 1:
			return []string{p.Title}, nil
		case 2:
			return []string{p.Title, line[1].Title}, nil
		}
	}
	return nil, errs.Invalid(errs.Field{Name: ControlSigner, Message: l.Title + " tidak dapat menandatangani atas nama jabatan itu: paling jauh dua tingkat di bawahnya."})
}

// SignsFor lists the posts in whose name a desk may sign (a.n., u.b.): at most two levels above
// it, the nearest first.
func (m *Module) SignsFor(ctx context.Context, positionID int64) (out []Place, err error) {
	defer errs.In(&err, "eoffice.SignsFor(%d)", positionID)
	line, err := superiors(ctx, m.db, positionID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, p := range line[min(1, len(line)):min(3, len(line))] {
		ids = append(ids, p.ID)
	}
	places, err := m.Places(ctx, ids)
	for _, id := range ids {
		if p, ok := places[id]; ok {
			out = append(out, p)
		}
	}
	return out, err
}

// blocks are whom the paper names: those who sit now where it is to be signed, the actor
// where they do.
func (m *Module) blocks(ctx context.Context, q pg.Querier, c *Case, mo Moment) (out []Block, err error) {
	for _, l := range c.Chain {
		if l.Duty != Sign {
			continue
		}
		lines, err := above(ctx, q, l)
		if err != nil {
			return nil, err
		}
		h, err := holder(ctx, q, l, mo)
		if err != nil {
			return nil, err
		}
		p, err := org.PersonByID(ctx, q, h.PersonID)
		if err != nil {
			return nil, err
		}
		b := Block{
			PositionID: l.PositionID, PersonID: p.ID, Name: p.Name, Rank: p.Rank, Seat: h.Kind, At: mo.Now,
			Lines: BlockLines(l.Title, h.Kind, lines...), Certified: c.Mode == Electronic && m.signer.Certified(),
		}
		if p.StaffNumber != nil {
			b.NIP = *p.StaffNumber
		}
		out = append(out, b)
	}
	return out, nil
}

// holder is who signs at a desk: the actor where they sit there, else who decides there now.
func holder(ctx context.Context, q pg.Querier, l Link, mo Moment) (org.Holder, error) {
	if s, ok := mo.seat(l.PositionID); ok {
		return org.Holder{PersonID: mo.Actor.PersonID, Kind: s.Kind, Title: s.Title}, nil
	}
	hs, err := org.HoldersOf(ctx, q, l.PositionID, mo.Now)
	if err != nil {
		return org.Holder{}, err
	}
	if len(hs) == 0 {
		return org.Holder{}, errs.New(errs.Conflict, l.Title+" sedang tidak ada pemangkunya. Kembalikan kepada konseptor untuk memilih yang lain.")
	}
	for _, h := range hs {
		if h.Kind == org.Plh {
			return h, nil
		}
	}
	return hs[0], nil
}

// title is a signer's post in a sentence: "Plt. Kepala Dinas Pekerjaan Umum".
func (b Block) title() string {
	var out []string
	for _, line := range b.Lines {
		words := strings.Fields(strings.TrimSuffix(line, ","))
		for i, w := range words {
			if r := []rune(w); !strings.HasSuffix(w, ".") && len(r) > 1 && unicode.IsUpper(r[0]) {
				words[i] = string(r[0]) + strings.ToLower(string(r[1:]))
			}
		}
		out = append(out, strings.Join(words, " "))
	}
	return strings.Join(out, ", ")
}

// signature is the block as the paper shows it.
func (b Block) signature(mode Mode) naskah.Signature {
	s := naskah.Signature{Lines: b.Lines, Name: b.Name, Rank: b.Rank, NIP: indo.FormatNIP(b.NIP)}
	if mode == Electronic {
		s.Electronic, s.Note = true, "Ditandatangani secara elektronik\ntidak tersertifikasi BSrE"
		if b.Certified {
			s.Note = "Ditandatangani secara elektronik dengan sertifikat BSrE"
		}
	}
	return s
}
