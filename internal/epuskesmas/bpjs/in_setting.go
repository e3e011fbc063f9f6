package bpjs

import (
	"context"
	"errors"
	"regexp"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Controls of the settings: Field.Name of an errs.Invalid is one of these.
const (
	ControlUser         = "pengguna"
	ControlIn           = "masuk"
	ControlVersion      = "versi_katalog"
	ControlStatus       = "status_http"
	ControlFaskes       = "kode_faskes"
	ControlConsID       = "cons_id"
	ControlSecret       = "secret_key"
	ControlUserKey      = "user_key"
	ControlOut          = "keluar"
	ControlOrganization = "organisasi"
	ControlClientID     = "client_id"
	ControlClientSecret = "client_secret"
	ControlMinistry     = "satusehat"
)

// Setting is a puskesmas with its account, for who manages it; another one is
// errs.NotFound.
func (s *Service) Setting(ctx context.Context, a authz.Actor, slug string) (site epuskesmas.Site, acc Account, err error) {
	defer errs.In(&err, "bpjs.Setting")
	if site, _, err = s.Queue.StaffSite(ctx, a, slug, epuskesmas.PermManage); err != nil {
		return site, acc, err
	}
	acc, err = LoadAccount(ctx, s.DB, s.Box, site.UnitID)
	return site, acc, err
}

var (
	codeForm   = regexp.MustCompile(`^[A-Za-z0-9.-]{0,40}$`)
	secretForm = regexp.MustCompile(`^[\x21-\x7e]{0,200}$`)
)

// Save changes how a puskesmas and BPJS know each other. The secrets of acc are not
// looked at; new ones are in with. Wrong answers are errs.Unprocessable with the Control
// names.
func (s *Service) Save(ctx context.Context, a authz.Actor, slug string, acc Account, with Secrets) (err error) {
	defer errs.In(&err, "bpjs.Save")
	site, now, err := s.Setting(ctx, a, slug)
	if err != nil {
		return err
	}
	if err := checkAccount(acc, now, with); err != nil {
		return err
	}
	acc.UnitID = site.UnitID
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		at := s.Clock.Now()
		if err := SaveAccount(ctx, tx, s.Box, acc, with, at); err != nil {
			return err
		}
		if err := pg.Exec(ctx, tx, sqlTryNow, site.UnitID, at, errs.MessageOf(ErrAccount)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, at, audit.Entry{
			Action: "epuskesmas.bpjs.save", Object: "epuskesmas_site", ObjectID: site.UnitID, UnitID: site.UnitID,
			Detail: map[string]any{
				"masuk": acc.Inbound.Enabled, "keluar": acc.Outbound.Enabled, "satusehat": acc.Ministry.Enabled, "versi": acc.Inbound.Version,
				"status_http": acc.Inbound.FailStatus, "rahasia_baru": with != Secrets{}, "nama_baru": acc.Inbound.User != now.Inbound.User,
			},
		})
	})
	if pg.Violates(err, "epuskesmas_bpjs_user_key") {
		return errs.Invalid(errs.Field{Name: ControlUser, Message: "Nama pengguna ini sudah dipakai puskesmas lain."})
	}
	return err
}

func checkAccount(acc, now Account, with Secrets) error {
	var wrong []errs.Field
	bad := func(control, message string) { wrong = append(wrong, errs.Field{Name: control, Message: message}) }
	if acc.Inbound.User != "" && !userForm.MatchString(acc.Inbound.User) {
		bad(ControlUser, "Pakai 3 sampai 60 huruf, angka, titik, garis atau garis bawah, tanpa spasi.")
	}
	switch {
	case acc.Inbound.Enabled && acc.Inbound.User == "":
		bad(ControlUser, "Isi nama pengguna dulu.")
	case acc.Inbound.Enabled && !now.Inbound.HasPassword:
		bad(ControlIn, "Simpan nama pengguna dan buat sandinya dulu, baru dinyalakan.")
	}
	if acc.Inbound.Version != 1 && acc.Inbound.Version != 2 {
		bad(ControlVersion, "Pilih versinya.")
	}
	if acc.Inbound.FailStatus != 200 && acc.Inbound.FailStatus != 201 {
		bad(ControlStatus, "Pilih status HTTP-nya.")
	}
	if !codeForm.MatchString(acc.Faskes) {
		bad(ControlFaskes, "Pakai huruf dan angka saja, paling banyak 40.")
	}
	if !codeForm.MatchString(acc.Ministry.OrganizationID) {
		bad(ControlOrganization, "Pakai huruf dan angka saja, paling banyak 40.")
	}
	for _, v := range []struct {
		control, fresh, kept string
		needed               bool
	}{
		{ControlConsID, with.ConsID, now.Outbound.ConsID, acc.Outbound.Enabled}, {ControlSecret, with.Secret, now.Outbound.Secret, acc.Outbound.Enabled},
		{ControlUserKey, with.UserKey, now.Outbound.UserKey, acc.Outbound.Enabled}, {ControlClientID, with.ClientID, now.Ministry.ClientID, acc.Ministry.Enabled},
		{ControlClientSecret, with.ClientSecret, now.Ministry.ClientSecret, acc.Ministry.Enabled},
	} {
		switch {
		case !secretForm.MatchString(v.fresh):
			bad(v.control, "Tempel persis seperti yang diberikan: tanpa spasi, paling banyak 200 karakter.")
		case v.needed && v.fresh == "" && v.kept == "":
			bad(v.control, "Isi dulu, baru pengirimannya bisa dinyalakan.")
		}
	}
	if acc.Ministry.Enabled && acc.Ministry.OrganizationID == "" {
		bad(ControlOrganization, "Isi dulu, baru pengirimannya bisa dinyalakan.")
	}
	if len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return nil
}

const sqlNewPassword = `UPDATE epuskesmas_bpjs SET in_hash = $2, version = version + 1, updated_at = $3 WHERE unit_id = $1 AND in_user IS NOT NULL`

// NewPassword makes the password with which Mobile JKN signs in, and says it this once.
// All tokens end. There must be a user name (errs.Unprocessable).
func (s *Service) NewPassword(ctx context.Context, a authz.Actor, slug string) (password string, err error) {
	defer errs.In(&err, "bpjs.NewPassword")
	site, _, err := s.Setting(ctx, a, slug)
	if err != nil {
		return "", err
	}
	password = crypt.Token()
	hash, err := s.Auth.HashMachine(ctx, password)
	if err != nil {
		return "", err
	}
	err = pg.InTx(ctx, s.DB, func(tx pgx.Tx) error {
		at := s.Clock.Now()
		if err := pg.Changed(tx.Exec(ctx, sqlNewPassword, site.UnitID, hash, at)); err != nil {
			return err
		}
		return audit.Write(ctx, tx, a, at, audit.Entry{Action: "epuskesmas.bpjs.password", Object: "epuskesmas_site", ObjectID: site.UnitID, UnitID: site.UnitID})
	})
	if errs.KindOf(err) == errs.Conflict {
		return "", errs.Invalid(errs.Field{Name: ControlUser, Message: "Isi dan simpan nama pengguna dulu, baru sandinya bisa dibuat."})
	}
	return password, err
}

const sqlSetDemo = `
UPDATE epuskesmas_bpjs b SET in_user = $2, in_hash = $3, in_enabled = true, version = b.version + 1, updated_at = $4
FROM epuskesmas_site g WHERE g.unit_id = b.unit_id AND g.slug = $1`

const sqlMakeDemo = `INSERT INTO epuskesmas_bpjs (unit_id, updated_at) SELECT unit_id, $2 FROM epuskesmas_site WHERE slug = $1 ON CONFLICT DO NOTHING`

// ErrDemo says what a user name and password of the demo must be like.
var ErrDemo = errors.New("must be user:password, the user name of 3 to 60 letters, digits, dots, dashes or underscores, the password of at least 8 characters")

// CheckDemo says whether a user name and password will do for the demo.
func CheckDemo(user, password string) error {
	if !userForm.MatchString(user) || len(password) < 8 || len(password) > 200 {
		return ErrDemo
	}
	return nil
}

// SetDemo gives a puskesmas of the demo a user name and a password.
func (s *Service) SetDemo(ctx context.Context, slug, user, password string) (err error) {
	defer errs.In(&err, "bpjs.SetDemo")
	if err := CheckDemo(user, password); err != nil {
		return err
	}
	hash, err := s.Auth.HashMachine(ctx, password)
	if err != nil {
		return err
	}
	at := s.Clock.Now()
	if err := pg.Exec(ctx, s.DB, sqlMakeDemo, slug, at); err != nil {
		return err
	}
	return pg.Exec(ctx, s.DB, sqlSetDemo, slug, user, hash, at)
}
