package apptest

import (
	"context"
	"testing"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// Letter is a letter of Kelurahan Kassi-Kassi about Hj. Sitti Rahmawati, as its
// reader meets it: without the way that led to it. Zero fields mean one issued
// electronically on 20 November 2026 that holds for ever.
type Letter struct {
	Status     letter.Status
	Mode       letter.Mode
	ValidUntil string // 2006-01-02
	Certified  bool
	PDF        []byte // the file as issued
}

// Letter puts a letter into the register and returns the token of its QR code.
func (s *Server) Letter(t testing.TB, l Letter) (token string) {
	t.Helper()
	if l.Status == "" {
		l.Status = letter.Issued
	}
	if l.Mode == "" {
		l.Mode = letter.Electronic
	}
	token = crypt.Token()
	for _, q := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO epemerintahan_kind (code, no) VALUES ('UJI', 901) ON CONFLICT DO NOTHING`, nil},
		{`INSERT INTO epemerintahan_kind_version (code, version, definition, created_at) VALUES ('UJI', 1, '{"title": "Surat Uji"}', now()) ON CONFLICT DO NOTHING`, nil},
		{`INSERT INTO epemerintahan_letter (ref, request_number, kind_version_id, kind_code, title, kelurahan_id, subject_name, subject_fold,
				subject_sealed, values_sealed, mode, status, status_at, letter_year, letter_no, letter_number, issued_on, valid_until,
				token_sealed, token_hash, signed, pdf_hash, void_reason, created_at)
			SELECT $1, $1, (SELECT max(id) FROM epemerintahan_kind_version WHERE code = 'UJI'), 'UJI', 'Surat Keterangan Domisili',
				u.id, 'Hj. Sitti Rahmawati', '', '', '', $2, $3, now(), 2025, n, '400.12.2.1/' || n || '/KSK/XI/2026', '2026-11-20', NULLIF($4, '')::date,
				'x', $5, jsonb_build_array(jsonb_build_object('nama', 'Andi Zulkifli, S.Sos.', 'nip', '198001012005011001', 'bsre', $6::bool,
					'baris', jsonb_build_array('LURAH KASSI-KASSI,'))), $7, CASE WHEN $3 = 'dicabut' THEN 'Nama keliru' ELSE '' END, now()
			FROM org_unit u, (SELECT count(*) + 1 AS n FROM epemerintahan_letter) c
			WHERE u.code = '73.71.13.1002' AND u.valid_to IS NULL`,
			[]any{token, l.Mode, l.Status, l.ValidUntil, crypt.HashToken(token), l.Certified, sign.Hash(l.PDF)}},
	} {
		if _, err := s.Pool.Exec(context.Background(), q.sql, q.args...); err != nil {
			t.Fatal(err)
		}
	}
	return token
}
