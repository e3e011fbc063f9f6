package letter

import (
	"context"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/audit"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// KindForm changes a kind in a unit.
type KindForm struct {
	UnitID int64 // 0: the city
	Code   string
	Definition
	Reason string // 10 to 500 letters
	// BaseID is the version that the form showed; another one that holds now is
	// errs.Conflict.
	BaseID int64
}

var kindCode = regexp.MustCompile(`^[A-Z0-9]{2,8}$`)

// AllKinds lists the kinds as they hold in a unit (0: the city), closed ones too. Needs PermConfigure there.
func (m *Module) AllKinds(ctx context.Context, a authz.Actor, unitID int64) (ks []Kind, err error) {
	defer errs.In(&err, "letter.AllKinds(%d)", unitID)
	if _, err := m.configurable(ctx, m.db, a, unitID); err != nil {
		return nil, err
	}
	return kinds(ctx, m.db, sqlKinds, unitID, "")
}

// KindToEdit is a kind as it holds in a unit, closed or not. Needs PermConfigure there.
func (m *Module) KindToEdit(ctx context.Context, a authz.Actor, unitID int64, code string) (_ Kind, err error) {
	defer errs.In(&err, "letter.KindToEdit(%d, %q)", unitID, code)
	if _, err := m.configurable(ctx, m.db, a, unitID); err != nil {
		return Kind{}, err
	}
	return holds(ctx, m.db, unitID, code)
}

func holds(ctx context.Context, q pg.Querier, unitID int64, code string) (Kind, error) {
	if code == "" {
		return Kind{}, errNoKind
	}
	ks, err := kinds(ctx, q, sqlKinds, unitID, code)
	if err == nil && len(ks) == 0 {
		err = errNoKind
	}
	if err != nil {
		return Kind{}, err
	}
	return ks[0], nil
}

// SaveKind adds a version to a kind, which from now on holds in the unit; letters that
// were begun keep theirs. Needs PermConfigure there.
func (m *Module) SaveKind(ctx context.Context, a authz.Actor, in KindForm) (err error) {
	defer errs.In(&err, "letter.SaveKind(%q)", in.Code)
	if _, err := m.configurable(ctx, m.db, a, in.UnitID); err != nil {
		return err
	}
	var wrong []errs.Field
	if in.Definition, err = CheckDefinition(in.Definition); err != nil {
		wrong = errs.FieldsOf(err)
	}
	if wrong = append(wrong, checkReason(&in.Reason)...); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return m.addVersion(ctx, a, in, &in.Definition)
}

// FollowCity lets a kelurahan that had a version of its own use the city's again.
func (m *Module) FollowCity(ctx context.Context, a authz.Actor, in KindForm) (err error) {
	defer errs.In(&err, "letter.FollowCity(%q)", in.Code)
	if _, err := m.configurable(ctx, m.db, a, in.UnitID); err != nil {
		return err
	}
	if wrong := checkReason(&in.Reason); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	if in.UnitID == 0 {
		return errs.New(errs.Unprocessable, "Versi kota tidak punya induk untuk diikuti.")
	}
	return m.addVersion(ctx, a, in, nil)
}

func checkReason(reason *string) []errs.Field {
	*reason = indo.CleanName(*reason)
	if n := utf8.RuneCountInString(*reason); n < 10 || n > 500 {
		return []errs.Field{{Name: ControlReason, Message: "Tulis alasan perubahan, 10 sampai 500 huruf."}}
	}
	return nil
}

// addVersion makes d hold in a unit; nil: what the city says.
func (m *Module) addVersion(ctx context.Context, a authz.Actor, in KindForm, d *Definition) error {
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlKindsLock); err != nil {
			return err
		}
		now, err := holds(ctx, tx, in.UnitID, in.Code)
		switch {
		case err != nil:
			return err
		case in.BaseID != now.VersionID:
			return errConfigured
		case d == nil && now.UnitID == nil:
			return errs.New(errs.Conflict, "Jenis surat ini sudah mengikuti versi kota.")
		}
		return m.insertVersion(ctx, tx, a, in, d)
	})
}

func (m *Module) insertVersion(ctx context.Context, tx pgx.Tx, a authz.Actor, in KindForm, d *Definition) error {
	var written any = nullDefinition
	if d != nil {
		written = *d
	}
	id, err := pg.Scalar[int64](ctx, tx, sqlAddVersion, in.Code, in.UnitID, written, in.Reason, m.now(), a.AccountID)
	if err != nil {
		return err
	}
	return audit.Write(ctx, tx, a, m.now(), audit.Entry{
		Action: "epemerintahan.kind.save", Object: "epemerintahan_kind_version", ObjectID: id, UnitID: in.UnitID,
		Detail: map[string]any{"kode": in.Code, "alasan": in.Reason, "ikut_kota": d == nil},
	})
}

// NewKind adds a kind to the city's. Needs PermConfigure in the whole city.
func (m *Module) NewKind(ctx context.Context, a authz.Actor, in KindForm) (err error) {
	defer errs.In(&err, "letter.NewKind(%q)", in.Code)
	in.UnitID = 0
	if _, err := m.configurable(ctx, m.db, a, 0); err != nil {
		return err
	}
	var wrong []errs.Field
	if !kindCode.MatchString(in.Code) {
		wrong = append(wrong, errs.Field{Name: ControlKindCode, Message: "Kode 2 sampai 8 huruf besar atau angka, contoh: PTK."})
	}
	if in.Definition, err = CheckDefinition(in.Definition); err != nil {
		wrong = append(wrong, errs.FieldsOf(err)...)
	}
	if wrong = append(wrong, checkReason(&in.Reason)...); len(wrong) > 0 {
		return errs.Invalid(wrong...)
	}
	return pg.InTx(ctx, m.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlKindsLock); err != nil {
			return err
		}
		no, err := pg.Scalar[int](ctx, tx, sqlNextKindNo)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, sqlInsertKind, in.Code, no)
		switch {
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return errs.Invalid(errs.Field{Name: ControlKindCode, Message: "Kode ini sudah dipakai jenis surat lain."})
		}
		return m.insertVersion(ctx, tx, a, in, &in.Definition)
	})
}

// KindVersion is one version in a kind's history.
type KindVersion struct {
	ID      int64
	UnitID  *int64 // nil: the city's
	Version int
	Shipped bool
	Reason  string
	At      time.Time
	By      string
	// Definition is nil where the unit went back to the city's.
	Definition *Definition
	Holds      bool `db:"-"`
}

// KindHistory lists a kind's versions of a unit and of the city, newest first. Needs PermConfigure there.
func (m *Module) KindHistory(ctx context.Context, a authz.Actor, unitID int64, code string) (vs []KindVersion, err error) {
	defer errs.In(&err, "letter.KindHistory(%d, %q)", unitID, code)
	now, err := m.KindToEdit(ctx, a, unitID, code)
	if err != nil {
		return nil, err
	}
	vs, err = pg.Many[KindVersion](ctx, m.db, sqlKindHistory, code, unitID)
	if i := slices.IndexFunc(vs, func(v KindVersion) bool { return v.ID == now.VersionID }); i >= 0 {
		vs[i].Holds = true
	}
	return vs, err
}

// ConfiguresCity tells whether the actor may change what holds in the whole city.
func (m *Module) ConfiguresCity(ctx context.Context, a authz.Actor) (bool, error) {
	if !a.Has(PermConfigure) {
		return false, nil
	}
	_, err := m.configurable(ctx, m.db, a, 0)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		return false, nil
	}
	return err == nil, err
}

// PreviewKind is the PDF of a made-up letter by a definition, as it would be in a unit (0:
// in a kelurahan of the city). A wrong definition is errs.Invalid. Needs PermConfigure there.
func (m *Module) PreviewKind(ctx context.Context, a authz.Actor, in KindForm) (pdf []byte, err error) {
	defer errs.In(&err, "letter.PreviewKind(%q)", in.Code)
	if _, err := m.configurable(ctx, m.db, a, in.UnitID); err != nil {
		return nil, err
	}
	if in.Definition, err = CheckDefinition(in.Definition); err != nil {
		return nil, err
	}
	office := OfficeSettings{Kelurahan: "Contoh", Kecamatan: "Contoh", Address: "Jl. Contoh No. 1", Code: "CTH", NumberPattern: DefaultPattern}
	if in.UnitID != 0 {
		if office, err = officeOf(ctx, m.db, in.UnitID); err != nil {
			return nil, err
		}
	}
	k := Kind{Code: in.Code, Definition: in.Definition}
	doc, err := Compose(k, Sample(k, office, m.now()))
	if err != nil {
		return nil, err
	}
	return m.set(doc)
}
