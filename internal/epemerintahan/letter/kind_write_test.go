package letter

import (
	"strings"
	"sync"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

// admin holds PermConfigure in one unit.
func (p *place) admin(unit int64) authz.Actor {
	p.Helper()
	var id int64
	err := p.db.Owner().QueryRow(p.Context(), `INSERT INTO authn_account (kind, name, login_number, created_at) VALUES ('pegawai', 'Adi Admin', gen_random_uuid(), now()) RETURNING id`).Scan(&id)
	p.must(err)
	return authz.Actor{AccountID: id, Name: "Adi Admin", Grants: []authz.Grant{{UnitID: unit, Permission: PermConfigure}}}
}

func (p *place) refused(err error, kind errs.Kind, controls ...string) {
	p.Helper()
	var got []string
	for _, f := range errs.FieldsOf(err) {
		got = append(got, f.Name)
	}
	if err == nil || errs.KindOf(err) != kind || strings.Join(got, " ") != strings.Join(controls, " ") {
		p.Errorf("got %v with %v, want %v with %v", err, got, kind, controls)
	}
}

const because = "Perwali baru tentang surat kelurahan"

func TestKindsAreEditedInVersions(t *testing.T) {
	p := newPlace(t)
	p.must(p.m.EnsureKinds(t.Context()))
	root, err := org.Root(t.Context(), p.db.Pool)
	p.must(err)
	here := p.kelurahan.ID
	city, lurah := p.admin(root.ID), p.admin(here)
	ctx := t.Context()

	_, err = p.m.AllKinds(ctx, lurah, 0)
	p.refused(err, errs.NotFound)
	_, err = p.m.AllKinds(ctx, lurah, here+1)
	p.refused(err, errs.NotFound)
	_, err = p.m.AllKinds(ctx, city, root.ID) // neither the city's own (0) nor a kelurahan
	p.refused(err, errs.NotFound)
	first, err := p.m.KindToEdit(ctx, lurah, here, "DOM")
	p.must(err)

	in := KindForm{UnitID: here, Code: "DOM", Definition: first.Definition, Reason: because, BaseID: first.VersionID}
	in.ValidDays = 30
	bad := in
	bad.Reason, bad.Body = "karena", "{{.entah}}"
	p.refused(p.m.SaveKind(ctx, lurah, bad), errs.Unprocessable, ControlBody, ControlReason)
	for _, other := range []KindForm{{UnitID: 0}, {UnitID: here + 1}} {
		other.Code, other.Definition, other.Reason, other.BaseID = in.Code, in.Definition, in.Reason, in.BaseID
		p.refused(p.m.SaveKind(ctx, lurah, other), errs.NotFound)
	}
	p.must(p.m.SaveKind(ctx, lurah, in))
	p.refused(p.m.SaveKind(ctx, lurah, in), errs.Conflict) // the second tab
	own, err := p.m.KindFor(ctx, here, "DOM")
	p.must(err)
	if own.ValidDays != 30 || own.UnitID == nil || *own.UnitID != here || own.Version != 1 {
		t.Errorf("the kelurahan's: %d days, version %d of %v", own.ValidDays, own.Version, own.UnitID)
	}
	elsewhere, err := p.m.KindFor(ctx, here+1, "DOM")
	p.must(err)
	if elsewhere.ValidDays != 180 {
		t.Errorf("elsewhere: %d days", elsewhere.ValidDays)
	}
	// What was begun with the first version keeps it.
	kept, err := kindVersion(ctx, p.db.Pool, first.VersionID)
	p.must(err)
	if kept.ValidDays != 180 || !sameDefinition(kept.Definition, first.Definition) {
		t.Errorf("the old version changed: %v", Differences(first.Definition, kept.Definition))
	}

	back := KindForm{UnitID: here, Code: "DOM", Reason: because, BaseID: own.VersionID}
	p.must(p.m.FollowCity(ctx, lurah, back))
	again, err := p.m.KindFor(ctx, here, "DOM")
	p.must(err)
	if again.VersionID != first.VersionID {
		t.Errorf("back to the city's: %d, want %d", again.VersionID, first.VersionID)
	}
	back.BaseID = again.VersionID
	p.refused(p.m.FollowCity(ctx, lurah, back), errs.Conflict)

	history, err := p.m.KindHistory(ctx, lurah, here, "DOM")
	p.must(err)
	var told []string
	for _, v := range history {
		line := v.Reason + "/" + v.By
		if v.Definition == nil {
			line += "/kota"
		}
		if v.Holds {
			line += "/berlaku"
		}
		told = append(told, line)
	}
	if got, want := strings.Join(told, "; "), because+"/Adi Admin/kota; "+because+"/Adi Admin; Bawaan program//berlaku"; got != want {
		t.Errorf("history %s, want %s", got, want)
	}
	if d := Differences(*history[2].Definition, *history[1].Definition); len(d) != 1 || d[0] != (Difference{"Masa berlaku (hari)", "180", "30"}) {
		t.Errorf("differences %+v", d)
	}
	if n := p.count(`SELECT count(*) FROM audit_entry WHERE action = 'epemerintahan.kind.save' AND account_id = $1`, lurah.AccountID); n != 2 {
		t.Errorf("%d audit entries, want 2", n)
	}
}

func TestATwentySeventhKindNeedsNoCode(t *testing.T) {
	p := newPlace(t)
	p.must(p.m.EnsureKinds(t.Context()))
	root, err := org.Root(t.Context(), p.db.Pool)
	p.must(err)
	city := p.admin(root.ID)
	in := KindForm{Code: "PTK", Reason: because, Definition: Definition{
		Title: "Surat Keterangan Pemilik Ternak", Category: "ekonomi", Mode: Electronic, Classification: "500.7", ServiceMinutes: 30, ValidDays: 90,
		Fields: []Field{
			{Name: "ternak", Label: "Ternak apa?", Type: Select, Required: true, Options: []string{"Sapi", "Kambing"}},
			{Name: "jumlah_ternak", Label: "Berapa ekor?", Type: Number, Required: true},
		},
		Requirements: []Requirement{{Name: "Foto ternak", Scan: true}},
		Rules:        []Rule{{Name: "angka_antara", Args: []string{"jumlah_ternak", "1", "500"}, Message: "Tulis 1 sampai 500 ekor."}},
		Body:         "Yang bertanda tangan di bawah ini menerangkan bahwa:\n\n[identitas warga]\n\nadalah pemilik {{.jumlah_ternak}} ({{terbilang .jumlah_ternak}}) ekor {{kecil .ternak}}.",
	}}
	ctx := t.Context()
	p.refused(p.m.NewKind(ctx, p.admin(p.kelurahan.ID), in), errs.NotFound)
	bad := in
	bad.Code = "dom"
	p.refused(p.m.NewKind(ctx, city, bad), errs.Unprocessable, ControlKindCode)
	bad.Code = "DOM"
	p.refused(p.m.NewKind(ctx, city, bad), errs.Unprocessable, ControlKindCode)

	// Fifty send the same form: one kind.
	var wait sync.WaitGroup
	results := make(chan error, 50)
	for range 50 {
		wait.Go(func() { results <- p.m.NewKind(ctx, city, in) })
	}
	wait.Wait()
	close(results)
	made := 0
	for err := range results {
		if err == nil {
			made++
		} else {
			p.refused(err, errs.Unprocessable, ControlKindCode)
		}
	}
	if made != 1 {
		t.Errorf("made %d times", made)
	}
	k, err := p.m.KindFor(ctx, p.kelurahan.ID, "PTK")
	p.must(err)
	if k.No != 27 || k.Version != 1 {
		t.Errorf("number %d, version %d", k.No, k.Version)
	}
	clean, err := k.CheckValues(Values{"ternak": {Text: "Sapi"}, "jumlah_ternak": {Text: "12"}}, samplePeople[0], monday)
	p.must(err)
	office, err := p.m.OfficeOf(ctx, p.kelurahan.ID)
	p.must(err)
	letter := Sample(k, office, monday)
	letter.Values = clean
	doc, err := Compose(k, letter)
	p.must(err)
	text := string(pdfText(t, doc))
	for _, want := range []string{"SURAT KETERANGAN PEMILIK TERNAK", "Nomor: 500.7/123/KSK/XI/2026", "adalah pemilik 12 (dua belas) ekor sapi.", "tidak tersertifikasi BSrE", "KECAMATAN RAPPOCINI"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	p.must(p.m.EnsureKinds(ctx))
	if ks, err := p.m.Kinds(ctx, p.kelurahan.ID); err != nil || len(ks) != 27 {
		t.Errorf("%d kinds, %v", len(ks), err)
	}
}

func TestOfficesAreSetUp(t *testing.T) {
	p := newPlace(t)
	ctx, here := t.Context(), p.kelurahan.ID
	o, err := p.m.OfficeOf(ctx, here)
	p.must(err)
	if o.Kelurahan != "Kassi-Kassi" || o.Kecamatan != "Rappocini" || o.Code != "KSK" || o.NumberPattern != DefaultPattern || o.Paper != "F4" || !o.CounterPrint || o.AskRT || o.Version != 0 {
		t.Errorf("to begin with: %+v", o)
	}
	_, err = p.m.OfficeOf(ctx, *p.kelurahan.ParentID)
	p.refused(err, errs.NotFound)
	lurah := p.admin(here)
	p.refused(p.m.SaveOffice(ctx, p.admin(here+1), o), errs.NotFound)
	bad := o
	bad.Postcode, bad.Email, bad.Code, bad.NumberPattern, bad.Paper, bad.Address = "12", "x", "k s", "{no}", "A5", strings.Repeat("a", 201)
	p.refused(p.m.SaveOffice(ctx, lurah, bad), errs.Unprocessable, ControlAddress, ControlPostcode, ControlEmail, ControlCode, ControlPattern, ControlPaper)
	o.Address, o.Code, o.Paper, o.AskRT = " Jl. Tamalate I  No. 1 ", "kk", "A4", true
	p.must(p.m.SaveOffice(ctx, lurah, o))
	p.refused(p.m.SaveOffice(ctx, lurah, o), errs.Conflict) // somebody was faster
	o, err = p.m.OfficeOf(ctx, here)
	p.must(err)
	if o.Address != "Jl. Tamalate I No. 1" || o.Code != "KK" || o.Paper != "A4" || !o.AskRT || o.Version != 1 {
		t.Errorf("saved as %+v", o)
	}
	o.Phone = "0411-123456"
	p.must(p.m.SaveOffice(ctx, lurah, o))
}

func TestContactsOfRTAndRW(t *testing.T) {
	p := newPlace(t)
	ctx, here := t.Context(), p.kelurahan.ID
	lurah := p.admin(here)
	p.refused(p.m.SaveContact(ctx, p.admin(here+1), Contact{KelurahanID: here}), errs.NotFound)
	p.refused(p.m.SaveContact(ctx, lurah, Contact{KelurahanID: here, RT: "x"}), errs.Unprocessable, ControlRW, ControlRT, ControlContactName, ControlHP)
	p.must(p.m.SaveContact(ctx, lurah, Contact{KelurahanID: here, RW: "3", RT: "1", Name: "Dg. Nai", Phone: "0812 3456 7890"}))
	p.must(p.m.SaveContact(ctx, lurah, Contact{KelurahanID: here, RW: "3", Name: "H. Baso", Email: "rw3@portal.example"}))
	p.must(p.m.SaveContact(ctx, lurah, Contact{KelurahanID: here, RW: "003", RT: "001", Name: "Dg. Bau", Phone: "0812 3456 7891"}))
	cs, err := p.m.Contacts(ctx, lurah, here)
	p.must(err)
	if len(cs) != 2 || cs[0].RT != "" || cs[1].RW != "003" || cs[1].RT != "001" || cs[1].Name != "Dg. Bau" || cs[1].Phone != "+6281234567891" {
		t.Errorf("contacts %+v", cs)
	}
	if n := p.count(`SELECT count(*) FROM epemerintahan_neighbour WHERE phone_sealed::text LIKE '%' || encode('+6281', 'hex') || '%'`); n != 0 {
		t.Error("telephones lie open")
	}
	p.refused(p.m.ForgetContact(ctx, p.admin(here+1), here+1, cs[0].ID), errs.NotFound)
	p.must(p.m.ForgetContact(ctx, lurah, here, cs[0].ID))
	p.refused(p.m.ForgetContact(ctx, lurah, here, cs[0].ID), errs.NotFound)
}
