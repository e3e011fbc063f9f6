package office_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/blob"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/hold"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// closed is a report all the way to its end, with whatever a report may hold.
func (o *office) closed(f filed) (id int64, number string) {
	o.t.Helper()
	id = o.started(f)
	number = ask[string](o, `SELECT number FROM mtr_report WHERE id = $1`, id)
	o.words(id, "Lampu mati di lorong", "Gelap di depan rumah nomor 7.", "Rumah cat kuning", -5.147123, 119.432456)
	o.run(`UPDATE mtr_report SET extra = '{"nomor_tiang": "12"}' WHERE id = $1`, id)
	o.shot(id, mtr.PhotoBefore, 1, false)
	o.run(`UPDATE mtr_photo SET gps_lat = -5.1, gps_lng = 119.4, taken_at = $2, dhash = 7 WHERE report_id = $1`, id, tuesday)
	o.run(`INSERT INTO mtr_key (token_hash, report_id, created_at) VALUES (sha256($1::text::bytea), $2, $3)`, number, id, tuesday)
	if f.account != 0 {
		o.must(o.m.GiveInfo(o.ctx, authz.Actor{AccountID: f.account, Kind: authz.Citizen}, mtr.ReporterKey{Number: number}, mtr.GiveInfoInput{Body: "Saya tinggal di nomor 7."}))
	}
	o.must(o.m.Redact(o.ctx, o.moderator.Actor, mtr.RedactInput{Act: o.act(id), Passages: "nomor 7", Reason: "Alamat orang."}))
	o.photo(o.worker.Actor, id)
	o.must(o.m.SubmitProof(o.ctx, o.worker.Actor, mtr.ProofInput{Act: o.act(id), Answer: "Sudah diganti."}))
	o.must(o.m.Validate(o.ctx, o.validator.Actor, mtr.ValidateInput{Act: o.act(id)}))
	return id, number
}

func TestReportersAreForgotten(t *testing.T) {
	o := newOffice(t)
	citizen := ask[int64](o, `INSERT INTO authn_account (kind, name, email, email_verified_at, created_at)
		VALUES ('warga', 'Siti', 'siti@contoh.id', $1, $1) RETURNING id`, tuesday)
	admin := o.hire("Adi", o.city, o.city, mtr.PermConfigure).Actor
	open, number := o.closed(filed{account: citizen, email: "siti@contoh.id", verified: true})
	anonymous, _ := o.closed(filed{anonymous: true, account: citizen})
	secret, _ := o.closed(filed{confidential: true, email: "siti@contoh.id"})
	held, heldNumber := o.closed(filed{account: citizen})
	o.must(o.m.HoldReport(o.ctx, admin, hold.Input{Number: strings.ToLower(heldNumber), AskedBy: "Pengadilan Negeri", Reason: "Perkara 7"}))
	o.refused(o.m.HoldReport(o.ctx, admin, hold.Input{Number: heldNumber, AskedBy: "Polisi", Reason: "Perkara 8"}), errs.Conflict)
	o.refused(o.m.HoldReport(o.ctx, admin, hold.Input{Number: "MTR-26-999999"}), errs.Unprocessable, hold.ControlAskedBy, mtr.ControlReason)
	o.clock.Advance(40 * 24 * time.Hour)
	_, err := o.m.CloseSettled(o.ctx)
	o.must(err)
	working := o.started(filed{account: citizen})

	o.refused(o.m.SetRetention(o.ctx, o.dispatcher.Actor, mtr.Retention{}, "x"), errs.Forbidden)
	o.refused(o.m.SetRetention(o.ctx, admin, mtr.Retention{Open: 1, Confidential: 241}, ""), errs.Unprocessable, mtr.ControlBasis, "umum", "rahasia")
	rule := mtr.Retention{Open: 3, Anonymous: 2, Confidential: 2}
	o.must(o.m.SetRetention(o.ctx, admin, rule, "Keputusan 1/2026"))
	o.clock.Advance(70 * 24 * time.Hour) // past two months, not three

	forget := func(want ...int64) {
		t.Helper()
		count, err := o.m.CountRetention(o.ctx, admin, rule)
		o.must(err)
		list, err := o.m.ListRetention(o.ctx, admin, rule, "", 0, 100)
		o.must(err)
		got := []int64{}
		for _, it := range list {
			got = append(got, it.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || count.Total() != len(want) {
			t.Fatalf("announced %v, %d; want %v", got, count.Total(), want)
		}
		n, err := o.m.ForgetReporters(o.ctx)
		if err != nil || n != len(want) {
			t.Fatalf("%d forgotten, %v", n, err)
		}
		if n, err = o.m.ForgetReporters(o.ctx); err != nil || n != 0 {
			t.Fatalf("again: %d, %v", n, err)
		}
	}
	forget(anonymous, secret)
	o.clock.Advance(40 * 24 * time.Hour)
	if c, err := o.m.CountRetention(o.ctx, admin, rule); err != nil || c.Held != 1 {
		t.Errorf("%+v held, %v", c, err)
	}
	forget(open)
	o.must(o.m.Sweep(o.ctx))

	// Nothing leads back to the reporter.
	gone := []int64{open, anonymous, secret}
	for _, left := range []string{
		`SELECT count(*) FROM mtr_report WHERE id = ANY ($1) AND (account_id IS NOT NULL OR code_sealed <> '' OR code_hash = number::bytea)`,
		`SELECT count(*) FROM mtr_contact WHERE report_id = ANY ($1) AND num_nonnulls(name_sealed, email_sealed, email_hash, phone_sealed, behalf_name_sealed, link_sealed) > 0`,
		`SELECT count(*) FROM mtr_key WHERE report_id = ANY ($1)`,
		`SELECT count(*) FROM mtr_message WHERE report_id = ANY ($1)`,
		`SELECT count(*) FROM mtr_redaction WHERE report_id = ANY ($1)`,
		`SELECT count(*) FROM mtr_event WHERE report_id = ANY ($1) AND role = 'pelapor' AND actor_id IS NOT NULL`,
		`SELECT count(*) FROM mtr_photo WHERE report_id = ANY ($1) AND kind = 'sebelum' AND (gps_lat IS NOT NULL OR taken_at IS NOT NULL OR dhash <> 0)`,
		`SELECT count(*) FROM mtr_photo p JOIN mtr_report r ON r.id = p.report_id WHERE r.id = ANY ($1) AND (r.confidential OR r.anonymous AND p.kind = 'sebelum')`,
		`SELECT count(*) FROM mtr_event e JOIN mtr_report r ON r.id = e.report_id WHERE r.id = ANY ($1) AND r.confidential AND e.reason <> ''`,
		`SELECT count(*) FROM notify_inbox i JOIN mtr_report r ON i.link LIKE '%' || r.number WHERE r.id = ANY ($1) AND i.link LIKE '/mtr/laporan-saya/%'`,
	} {
		if n := ask[int](o, left, gone); n != 0 {
			t.Errorf("%d left: %s", n, left)
		}
	}
	_, err = o.m.ReporterView(o.ctx, authz.Actor{AccountID: citizen, Kind: authz.Citizen}, mtr.ReporterKey{Number: number})
	o.refused(err, errs.NotFound)

	// What was public stays, of a rahasia report no word does.
	type words struct {
		Title, Body, Landmark string
		Lat                   float64
	}
	of := func(id int64) words {
		t.Helper()
		w, err := pg.One[words](o.ctx, o.db.Owner(), `SELECT title, body, landmark, lat FROM mtr_report WHERE id = $1`, id)
		o.must(err)
		return w
	}
	if w := of(open); w.Body != "Gelap di depan rumah ███." || w.Landmark == "" || w.Lat != -5.147123 {
		t.Errorf("the open report reads %+v", w)
	}
	if w := of(anonymous); w.Body != "Gelap di depan rumah ███." || w.Landmark != "" || w.Lat != -5.147 {
		t.Errorf("the anonymous report reads %+v", w)
	}
	if w := of(secret); strings.Contains(w.Title+w.Body+w.Landmark, "ampu") || w.Lat != -5.147 {
		t.Errorf("the secret report reads %+v", w)
	}
	for _, id := range gone {
		o.replays(id)
	}

	// Files went with their rows, and no others.
	files := map[string]bool{}
	o.must(o.blobs.List(o.ctx, func(key string, _ blob.Info) error {
		files[key] = true
		return nil
	}))
	refs, err := pg.Scalars[string](o.ctx, o.db.Owner(), `SELECT ref FROM mtr_photo`)
	o.must(err)
	for _, ref := range refs {
		if !files["mtr/foto/"+ref+"/besar.jpg"] {
			t.Errorf("the file of %s is gone", ref)
		}
	}
	if len(files) != 2*len(refs) || ask[int](o, `SELECT count(*) FROM mtr_stray`) != 0 {
		t.Errorf("%d files of %d photos", len(files), len(refs))
	}

	// The others are as they were.
	for _, id := range []int64{held, working} {
		if n := ask[int](o, `SELECT count(*) FROM mtr_report WHERE id = $1 AND account_id IS NOT NULL AND forgotten_at IS NULL`, id); n != 1 {
			t.Errorf("%d was touched", id)
		}
	}
	o.refused(o.m.HoldReport(o.ctx, admin, hold.Input{Number: number, AskedBy: "Polisi", Reason: "Perkara"}), errs.Conflict)
	holds, err := o.m.LegalHolds(o.ctx, admin)
	o.must(err)
	o.must(o.m.LiftHold(o.ctx, admin, holds[0].ID))
	o.refused(o.m.LiftHold(o.ctx, admin, holds[0].ID), errs.Conflict)
	forget(held)
	if n := ask[int](o, `SELECT count(*) FROM audit_entry WHERE action = 'mtr.retention.forget' AND account_id IS NULL AND detail::text !~ 'MTR-'`); n != 3 {
		t.Errorf("%d batches in the trail", n)
	}
}
