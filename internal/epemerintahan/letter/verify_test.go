package letter

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

func TestVerifyTellsWhatALetterIsWorth(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	now := clock.NewFake(time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar))
	m := New(Deps{DB: db.Pool, Clock: now})
	exec := func(sql string, args ...any) {
		t.Helper()
		if _, err := db.Owner().Exec(t.Context(), sql, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO epemerintahan_kind (code, no) VALUES ('UJI', 901)`)
	exec(`INSERT INTO epemerintahan_kind_version (code, version, definition, created_at) VALUES ('UJI', 1, '{}', now())`)
	n := 0
	issue := func(status Status, mode Mode, validUntil any, certified bool) (token string) {
		t.Helper()
		n++
		token = crypt.Token()
		exec(`INSERT INTO epemerintahan_letter (ref, request_number, kind_version_id, kind_code, title, kelurahan_id, subject_name, subject_fold,
				subject_sealed, values_sealed, mode, status, status_at, letter_year, letter_no, letter_number, issued_on, valid_until,
				token_sealed, token_hash, signed, pdf_hash, void_reason, created_at)
			SELECT $1, $1, (SELECT max(id) FROM epemerintahan_kind_version WHERE code = 'UJI'), 'UJI', 'Surat Keterangan Domisili',
				id, 'Hj. Sitti Rahmawati', '', '', '', $2, $3, now(), 2026, $4::int, '400/' || $4::int, '2026-11-20', $5::date, 'x', $6,
				jsonb_build_array(jsonb_build_object('nama', 'Andi Zulkifli', 'baris', jsonb_build_array('LURAH KASSI-KASSI'), 'nip', '198001012005011001', 'bsre', $7::bool)),
				'\x0102', CASE WHEN $3 = 'dicabut' THEN 'Nama keliru' ELSE '' END, now()
			FROM org_unit WHERE code = '73.71.13.1002' AND valid_to IS NULL`,
			fmt.Sprint("U-", n), mode, status, n, validUntil, crypt.HashToken(token), certified)
		return token
	}
	for _, c := range []struct {
		name, token, state string
		certified          bool
	}{
		{"valid", issue(Issued, Electronic, "2026-12-20", false), StateValid, false},
		{"certified", issue(Issued, Electronic, nil, true), StateValid, true},
		{"last day", issue(Issued, Electronic, "2026-11-24", false), StateValid, false},
		{"expired", issue(Issued, Electronic, "2026-11-23", false), StateExpired, false},
		{"voided", issue(Voided, Electronic, "2026-11-23", false), StateVoided, false},
		{"on paper, not back", issue(Printed, Wet, "2026-12-20", false), StateUnfinished, false},
	} {
		v, err := m.Verify(t.Context(), c.token)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if v.State != c.state || v.Certified != c.certified || v.Kind != "Surat Keterangan Domisili" || v.KelurahanName != "Kelurahan Kassi-Kassi" ||
			!strings.HasPrefix(v.Number, "400/") || v.IssuedOn.Format(time.DateOnly) != "2026-11-20" || len(v.Signed) != 1 || v.Signed[0].Name != "Andi Zulkifli" ||
			!slices.Equal(v.Signed[0].Lines, []string{"LURAH KASSI-KASSI"}) {
			t.Errorf("%s: %+v", c.name, v)
		}
		if v.MaskedName != "H**** S**** R****" {
			t.Errorf("%s: name %q", c.name, v.MaskedName)
		}
		if got := bytes.Equal(v.Hash, []byte{1, 2}); got != (c.state != StateUnfinished) {
			t.Errorf("%s: hash %x", c.name, v.Hash)
		}
	}
	// The day ends in Makassar, not in Greenwich.
	late := issue(Issued, Electronic, "2026-11-24", false)
	now.Set(time.Date(2026, 11, 25, 0, 1, 0, 0, clock.Makassar))
	if v, err := m.Verify(t.Context(), late); err != nil || v.State != StateExpired {
		t.Errorf("a minute after its last day: %+v, %v", v.State, err)
	}
	for name, token := range map[string]string{
		"unknown": crypt.Token(), "empty": "", "short": "abc", "long": strings.Repeat("a", 9000), "bytes": "\x00\xff", "not signed": issue(Signing, Electronic, nil, false),
		"waits for the camat": issue(AwaitingCamat, Electronic, nil, false),
	} {
		if _, err := m.Verify(t.Context(), token); errs.KindOf(err) != errs.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMaskedNamesTellInitialsOnly(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Sitti Rahmawati, S.Sos.": "S**** R**** S****", "A": "A****", "": "", "  (alm.) ’Abd. Karim": "A**** A**** K****", "123 -": "", "élan": "É****",
	} {
		if got := maskName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
