package eoffice

import (
	"context"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// City writes the letters.
const City = "Makassar"

// Office is how a unit writes.
type Office struct {
	UnitID   int64
	Kind     string // of the unit
	Name     string // "Dinas Pekerjaan Umum"
	Parent   string // name of the unit above: of a kelurahan its kecamatan
	Address  string
	Phone    string
	Code     string // as it stands in numbers
	Paper    string // A4 or F4
	AutoSend bool   // what is signed and open goes to the city's offices by itself
	// AnswerDays are working days after which a report that nobody answers counts as accepted.
	AnswerDays int
	ScreenerID int64 // desk that screens what comes for the head, 0: none does
	Version    int   // 0: nothing was set yet
}

const sqlOffice = `
SELECT u.id AS unit_id, u.kind, u.name, COALESCE(p.name, '') AS parent, u.address, u.phone, COALESCE(o.code, upper(regexp_replace(u.code, '^PKM-', ''))) AS code,
	COALESCE(o.paper, 'F4') AS paper, COALESCE(o.auto_send, true) AS auto_send, COALESCE(o.answer_days, 3) AS answer_days,
	COALESCE(o.screener_id, 0) AS screener_id,
	COALESCE(o.version, 0) AS version
FROM org_unit u LEFT JOIN org_unit p ON p.id = u.parent_id LEFT JOIN eoffice_office o ON o.unit_id = u.id
WHERE u.id = $1`

// OfficeOf is how a unit writes; what was not set yet is made from the unit.
func (m *Module) OfficeOf(ctx context.Context, unitID int64) (Office, error) {
	return officeOf(ctx, m.db, unitID)
}

func officeOf(ctx context.Context, q pg.Querier, unitID int64) (o Office, err error) {
	defer errs.In(&err, "eoffice.OfficeOf(%d)", unitID)
	return pg.One[Office](ctx, q, sqlOffice, unitID)
}

func (o Office) paper() naskah.Paper {
	if o.Paper == "A4" {
		return naskah.A4
	}
	return naskah.F4
}

// head is the kop: the city, for a kelurahan its kecamatan, and the office.
func (o Office) head() naskah.Head {
	h := naskah.Head{Lines: []string{"PEMERINTAH KOTA " + strings.ToUpper(City)}, Emblem: true}
	switch o.Kind {
	case org.KindCity:
		h.Lines = []string{"WALI KOTA " + strings.ToUpper(City)}
	case org.KindKelurahan, org.KindPuskesmas, org.KindTechnicalUnit:
		h.Lines = append(h.Lines, strings.ToUpper(o.Parent))
	}
	if o.Kind != org.KindCity {
		h.Lines = append(h.Lines, strings.ToUpper(o.Name))
	}
	var parts []string
	if o.Address != "" {
		parts = append(parts, o.Address)
	}
	if o.Phone != "" {
		parts = append(parts, "Telp. "+o.Phone)
	}
	h.Address = strings.Join(parts, " · ")
	return h
}
