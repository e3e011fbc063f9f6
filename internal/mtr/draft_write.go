package mtr

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Limits of what a citizen writes, in characters.
const (
	MaxTitle    = 120
	MaxBody     = 4000
	MinBody     = 10
	MaxLandmark = 200
	MaxName     = 100
	MaxAnswer   = 200
)

// CreateDraft begins a report; the token goes into the address.
func (m *Module) CreateDraft(ctx context.Context, a authz.Actor) (token string, err error) {
	defer errs.In(&err, "mtr.CreateDraft")
	sealed, err := m.sealAnswers(Answers{})
	if err != nil {
		return "", err
	}
	token = crypt.Token()
	now := m.now()
	return token, pg.Exec(ctx, m.db, sqlInsertDraft, crypt.HashToken(token), sealed, a.AccountID, now, now.Add(DraftLife))
}

// Draft by token; unknown or expired is errs.NotFound. A submitted draft has only
// its Receipt.
func (m *Module) Draft(ctx context.Context, token string) (d Draft, err error) {
	defer errs.In(&err, "mtr.Draft")
	row, a, err := m.findDraft(ctx, m.db, sqlDraft, token)
	if err != nil {
		return Draft{}, err
	}
	d = Draft{Token: token, ExpiresAt: row.ExpiresAt, Answers: a}
	if row.ReportID != 0 {
		r, err := m.receipt(ctx, m.db, row.ReportID)
		d.Receipt = &r
		return d, err
	}
	if d.Photos, err = draftPhotos(ctx, m.db, row.ID); err != nil {
		return Draft{}, err
	}
	if a.CategoryID != 0 {
		c, err := m.Category(ctx, a.CategoryID)
		switch {
		case err == nil && c.Active:
			d.Category = &c
		case err != nil && errs.KindOf(err) != errs.NotFound:
			return Draft{}, err
		}
	}
	if a.KelurahanID != 0 {
		area, err := org.AreaByID(ctx, m.db, a.KelurahanID)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return Draft{}, err
		}
		d.KelurahanName, d.KecamatanName = area.Name, area.KecamatanName
	}
	return d, nil
}

// FinishPhotos leaves the photo step, with or without photos.
func (m *Module) FinishPhotos(ctx context.Context, token string) (err error) {
	defer errs.In(&err, "mtr.FinishPhotos")
	return m.edit(ctx, token, func(_ pgx.Tx, a *Answers) error {
		a.PhotosDone = true
		return nil
	})
}

// Locate finds the kelurahan of a point for the place step.
func (m *Module) Locate(ctx context.Context, p Point) (org.Place, error) {
	return org.Locate(ctx, m.db, p.Lat, p.Lng)
}

// SavePlace keeps the place. Like every Save it keeps what was typed even when it
// answers errs.Invalid, whose fields carry the Control names.
func (m *Module) SavePlace(ctx context.Context, token string, in PlaceInput) (err error) {
	defer errs.In(&err, "mtr.SavePlace")
	return m.edit(ctx, token, func(tx pgx.Tx, a *Answers) error {
		a.Place, a.Source, a.KelurahanID, a.Landmark = in.Place, in.Source, in.KelurahanID, cut(strings.TrimSpace(in.Landmark), MaxLandmark*2)
		a.PlaceDone = true
		kelurahan, fields, err := checkPlace(ctx, tx, *a)
		if err != nil {
			return err
		}
		a.KelurahanID = kelurahan
		if a.Place == nil {
			a.Source = SourceManual
		} else if !has([]PointSource{SourcePin, SourceDevice, SourceEXIF, SourceAddress}, a.Source) {
			a.Source = SourcePin
		}
		return invalid(fields)
	})
}

// checkPlace finds the kelurahan that the answers mean and what is wrong with them.
// An empty place is right: whether one is needed depends on the category.
func checkPlace(ctx context.Context, q pg.Querier, a Answers) (kelurahan int64, wrong []errs.Field, err error) {
	kelurahan = a.KelurahanID
	if kelurahan != 0 {
		_, err := org.AreaByID(ctx, q, kelurahan)
		if errs.KindOf(err) == errs.NotFound {
			return 0, []errs.Field{{Name: ControlKelurahan, Message: "Pilih kelurahan dari daftar."}}, nil
		}
		if err != nil {
			return kelurahan, nil, err
		}
	}
	if a.Place != nil {
		at, err := org.Locate(ctx, q, a.Place.Lat, a.Place.Lng)
		switch {
		case errs.KindOf(err) == errs.Unprocessable:
			return kelurahan, []errs.Field{{Name: ControlKelurahan, Message: errs.FieldsOf(err)[0].Message}}, nil
		case err != nil:
			return kelurahan, nil, err
		case at.Certainty == org.Outside:
			return kelurahan, []errs.Field{{Name: ControlKelurahan, Message: "Titik ini di luar Kota Makassar. " +
				"Geser titiknya, atau laporkan ke pemerintah daerah setempat lewat lapor.go.id."}}, nil
		case at.Certainty == org.Exact:
			kelurahan = at.Kelurahan.ID
		case kelurahan == 0:
			return 0, []errs.Field{{Name: ControlKelurahan, Message: "Pastikan kelurahannya: pilih dari daftar."}}, nil
		}
	}
	switch n := utf8.RuneCountInString(a.Landmark); {
	case n > MaxLandmark:
		wrong = append(wrong, errs.Field{Name: ControlLandmark, Message: "Ringkas patokan menjadi paling banyak 200 huruf."})
	case kelurahan != 0 && a.Place == nil && n < 3:
		wrong = append(wrong, errs.Field{Name: ControlLandmark, Message: "Tulis patokan, misalnya nama jalan atau bangunan terdekat."})
	case kelurahan == 0 && n > 0:
		wrong = append(wrong, errs.Field{Name: ControlKelurahan, Message: "Pilih kelurahan dari daftar."})
	}
	return kelurahan, wrong, nil
}

// SaveDraftCategory keeps the category and the class.
func (m *Module) SaveDraftCategory(ctx context.Context, token string, in CategoryInput) (err error) {
	defer errs.In(&err, "mtr.SaveDraftCategory(%d)", in.CategoryID)
	c, err := m.Category(ctx, in.CategoryID)
	if errs.KindOf(err) == errs.NotFound || err == nil && !c.Active {
		return errs.Invalid(errs.Field{Name: ControlCategory, Message: "Pilih salah satu kategori."})
	}
	if err != nil {
		return err
	}
	return m.edit(ctx, token, func(_ pgx.Tx, a *Answers) error {
		if a.CategoryID != c.ID {
			a.Extra, a.ExtraDone = nil, false
		}
		a.CategoryID, a.Class = c.ID, in.Class
		if a.Class == "" {
			a.Class = c.Class
		}
		if !has(Classes, a.Class) {
			a.Class = c.Class
			return errs.Invalid(errs.Field{Name: ControlClass, Message: "Pilih jenis laporan."})
		}
		return nil
	})
}

// SaveExtra keeps the answers to the category's questions, by question code.
func (m *Module) SaveExtra(ctx context.Context, token string, answers map[string]string) (err error) {
	defer errs.In(&err, "mtr.SaveExtra")
	// Before the transaction: within it a second connection might not be had.
	categories, err := m.allCategories(ctx)
	if err != nil {
		return err
	}
	return m.edit(ctx, token, func(_ pgx.Tx, a *Answers) error {
		i := slices.IndexFunc(categories, func(c Category) bool { return c.ID == a.CategoryID })
		if i < 0 {
			return errs.Invalid(errs.Field{Name: ControlCategory, Message: "Pilih kategori lebih dahulu."})
		}
		c := categories[i]
		a.Extra, a.ExtraDone = map[string]string{}, true
		for _, q := range c.Questions {
			if v := strings.TrimSpace(answers[q.Code]); v != "" {
				a.Extra[q.Code] = cut(v, MaxAnswer*2)
			}
		}
		return invalid(checkAnswers(c, a.Extra))
	})
}

// SaveWords keeps title and text.
func (m *Module) SaveWords(ctx context.Context, token string, in WordsInput) (err error) {
	defer errs.In(&err, "mtr.SaveWords")
	return m.edit(ctx, token, func(_ pgx.Tx, a *Answers) error {
		a.Title = cut(strings.Join(strings.Fields(in.Title), " "), MaxTitle*2)
		a.Body = cut(strings.TrimSpace(strings.ReplaceAll(in.Body, "\r\n", "\n")), MaxBody*2)
		return invalid(checkWords(*a))
	})
}

func checkWords(a Answers) (wrong []errs.Field) {
	switch n := utf8.RuneCountInString(a.Title); {
	case n < 5:
		wrong = append(wrong, errs.Field{Name: ControlTitle, Message: "Tulis judul, misalnya: Lampu jalan mati di depan pasar."})
	case n > MaxTitle:
		wrong = append(wrong, errs.Field{Name: ControlTitle, Message: "Ringkas judul menjadi paling banyak 120 huruf."})
	}
	switch n := utf8.RuneCountInString(a.Body); {
	case n < MinBody:
		wrong = append(wrong, errs.Field{Name: ControlBody, Message: "Ceritakan masalahnya dalam satu dua kalimat."})
	case n > MaxBody:
		wrong = append(wrong, errs.Field{Name: ControlBody, Message: "Ringkas uraian menjadi paling banyak 4.000 huruf."})
	}
	return wrong
}

// SaveWho keeps who reports and how they want to appear.
func (m *Module) SaveWho(ctx context.Context, token string, in WhoInput) (err error) {
	defer errs.In(&err, "mtr.SaveWho")
	return m.edit(ctx, token, func(_ pgx.Tx, a *Answers) error {
		a.Anonymous, a.Confidential = in.Anonymous, in.Confidential
		a.Name, a.BehalfName = cut(indo.CleanName(in.Name), MaxName*2), cut(indo.CleanName(in.BehalfName), MaxName*2)
		a.Email, a.Phone = cut(strings.TrimSpace(in.Email), 300), cut(strings.TrimSpace(in.Phone), 60)
		a.Behalf, a.Consent, a.WhoDone = in.Behalf, in.Consent, true
		return invalid(checkWho(*a))
	})
}

func checkWho(a Answers) (wrong []errs.Field) {
	if utf8.RuneCountInString(a.Name) > MaxName {
		wrong = append(wrong, errs.Field{Name: ControlName, Message: "Ringkas nama menjadi paling banyak 100 huruf."})
	}
	wrong = append(wrong, checkContact(a.Email, a.Phone)...)
	if a.Behalf == BehalfSelf {
		return wrong
	}
	if !has(Behalves, a.Behalf) {
		wrong = append(wrong, errs.Field{Name: ControlBehalf, Message: "Pilih atas nama siapa Anda melapor."})
	}
	if utf8.RuneCountInString(a.BehalfName) > MaxName {
		wrong = append(wrong, errs.Field{Name: ControlBehalfName, Message: "Ringkas nama menjadi paling banyak 100 huruf."})
	}
	if !a.Consent {
		wrong = append(wrong, errs.Field{Name: ControlConsent, Message: "Centang bahwa orang yang Anda wakili sudah setuju."})
	}
	return wrong
}

// checkContact accepts missing contacts.
func checkContact(email, phone string) (wrong []errs.Field) {
	if email != "" {
		if _, ok := cleanEmail(email); !ok {
			wrong = append(wrong, errs.Field{Name: ControlEmail, Message: "Periksa alamat email, contoh: nama@contoh.id."})
		}
	}
	if phone != "" {
		if n, ok := indo.Phone(phone); !ok || !indo.IsMobile(n) {
			wrong = append(wrong, errs.Field{Name: ControlPhone, Message: "Periksa nomor HP, contoh: 0812 3456 7890."})
		}
	}
	return wrong
}

// cleanEmail is the address alone, its domain in lower case.
func cleanEmail(s string) (string, bool) {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 {
		return "", false
	}
	at := strings.LastIndexByte(s, '@')
	domain := strings.ToLower(s[at+1:])
	if !strings.Contains(domain, ".") || strings.ContainsAny(s, " \"\r\n") {
		return "", false
	}
	return s[:at] + "@" + domain, true
}

// DiscardDraft erases the draft and its photos now. A submitted draft only loses the
// way back to its receipt.
func (m *Module) DiscardDraft(ctx context.Context, token string) (err error) {
	defer errs.In(&err, "mtr.DiscardDraft")
	row, _, err := m.findDraft(ctx, m.db, sqlDraft, token)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return m.dropDraft(ctx, row.ID)
}

func invalid(fields []errs.Field) error {
	if len(fields) == 0 {
		return nil
	}
	return errs.Invalid(fields...)
}

// cut keeps the first n characters: what is typed is kept, but not megabytes of it.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	i := 0
	for at := range s {
		if i == n {
			return s[:at]
		}
		i++
	}
	return s
}
