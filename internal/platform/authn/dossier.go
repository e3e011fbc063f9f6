package authn

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/dossier"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// mostInbox entries are told; older ones are in the inbox itself.
const mostInbox = 500

// Dossier tells what the account says of its owner, where it is signed in, and what came
// into its inbox.
func (s *Service) Dossier(ctx context.Context, accountID int64) (p dossier.Part, err error) {
	defer errs.In(&err, "authn.Dossier(%d)", accountID)
	p = dossier.Part{
		Code: "akun", Title: "Akun dan kotak masuk", Href: "/akun",
		Why:  "Supaya Anda bisa masuk dan mendapat kabar. Dasarnya persetujuan Anda saat mendaftar.",
		Kept: "Sampai akun ditutup; pesan paling lama setahun.",
		Goes: "Nama, kontak, sandi, perangkat, dan kotak masuk. Akun ditutup.",
	}
	a, err := s.Account(ctx, accountID)
	if err != nil {
		return p, err
	}
	p.Records = append(p.Records, dossier.Record{Title: "Akun", At: a.CreatedAt, Fields: dossier.Fields(
		"Nama", a.Name, "Email", a.Email, "Nomor HP", a.Phone, "Nomor akun", a.LoginNumber, "Verifikasi dua langkah", dossier.YesNo(a.HasTOTP))})
	sessions, err := s.Sessions(ctx, authz.Actor{AccountID: accountID})
	if err != nil {
		return p, err
	}
	for _, one := range sessions {
		p.Records = append(p.Records, dossier.Record{Title: "Perangkat: " + one.Device, At: one.SeenAt})
	}
	inbox, err := notify.Inbox(ctx, s.Pool, accountID, 0, mostInbox)
	for _, m := range inbox {
		p.Records = append(p.Records, dossier.Record{Title: "Pesan: " + m.Title, At: m.CreatedAt, Fields: dossier.Fields("Isi", m.Body)})
	}
	return p, err
}

// Forget closes the account. Whoever asks for it tells its owner before.
func (s *Service) Forget(ctx context.Context, tx pgx.Tx, by authz.Actor, accountID int64, _ time.Time) (n int64, err error) {
	defer errs.In(&err, "authn.Forget(%d)", accountID)
	row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, accountID)
	if err != nil || row.Status == "closed" {
		return 0, err
	}
	return 1, s.close(ctx, tx, by, accountID)
}

// Reach sends a text to the owner's proved contact, also when the account is closed in the
// same transaction; without one it goes into the inbox.
func (s *Service) Reach(ctx context.Context, tx pgx.Tx, accountID int64, subject, text string) (err error) {
	defer errs.In(&err, "authn.Reach(%d)", accountID)
	row, err := pg.One[accountRow](ctx, tx, sqlAccountLocked, accountID)
	if err != nil {
		return err
	}
	a, err := s.account(row)
	switch {
	case err != nil:
		return err
	case a.Email != "" && a.EmailVerified:
		return s.sendText(ctx, tx, Contact{Email: a.Email}, subject, text, time.Time{})
	case a.Phone != "" && a.PhoneVerified:
		return s.sendText(ctx, tx, Contact{Phone: a.Phone}, subject, text, time.Time{})
	}
	return s.tell(ctx, tx, accountID, subject, text)
}
