package epuskesmas

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas/estimate"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// works is a house at nine in the morning with a desk, a clinic, a laboratory and a
// pharmacy, one counter each, and people to work there.
type works struct {
	*house
	desk, lab, pharmacy          int64 // polis
	atDesk, atClinic, atMedicine int64 // counters
	staff                        authz.Actor
	kiosk, board                 string
}

func newWorks(t testing.TB) *works {
	t.Helper()
	w := &works{house: newHouse(t, Quota{All: 500, Online: 100})}
	w.clock.Set(time.Date(2026, 11, 24, 9, 0, 0, 0, clock.Makassar))
	poli := func(kind PoliKind, letter, name string) int64 {
		return one[int64](w.house, `INSERT INTO epuskesmas_poli (unit_id, kind, letter, name, spoken) VALUES ($1, $2, $3, $4, $4) RETURNING id`, w.unit, kind, letter, name)
	}
	counter := func(poli int64, name string) int64 {
		return one[int64](w.house, `INSERT INTO epuskesmas_counter (poli_id, name) VALUES ($1, $2) RETURNING id`, poli, name)
	}
	w.desk, w.lab, w.pharmacy = poli(KindDesk, "L", "Loket"), poli(KindLab, "M", "Laboratorium"), poli(KindPharmacy, "F", "Farmasi")
	w.atDesk, w.atClinic, w.atMedicine = counter(w.desk, "Loket 1"), counter(w.poli, "Ruang 1"), counter(w.pharmacy, "Loket Obat")
	counter(w.lab, "Lab")
	w.staff = w.hire("PKM-KASSI-KASSI", PermDesk, PermCall, PermTriage, PermManage)
	var err error
	if w.kiosk, err = w.RenewKiosk(w.ctx, w.staff, w.unit); err != nil {
		t.Fatal(err)
	}
	if w.board, err = w.RenewBoard(w.ctx, w.staff, w.unit); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *works) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// newcomer is somebody else each time.
func (w *works) newcomer() Registration {
	n := w.count.Add(1)
	return Registration{Key: fmt.Sprint("daftar-", n), Name: "Pasien Baru", BirthDate: time.Date(1980, 1, 1+int(n%300), 0, 0, 0, 0, clock.Makassar),
		Payer: General, PoliID: w.poli}
}

func (w *works) register(change func(*Registration)) Ticket {
	w.t.Helper()
	r := w.newcomer()
	if change != nil {
		change(&r)
	}
	t, err := w.Register(w.ctx, w.staff, w.unit, r)
	w.must(err)
	return t
}

// onDuty puts a doctor on the roster of a session.
func (w *works) onDuty(session int64) (doctor int64) {
	w.t.Helper()
	doctor = one[int64](w.house, `INSERT INTO epuskesmas_doctor (unit_id, name) VALUES ($1, 'dr. Uji') RETURNING id`, w.unit)
	one[int64](w.house, `INSERT INTO epuskesmas_duty (session_id, doctor_id) VALUES ($1, $2) RETURNING id`, session, doctor)
	return doctor
}

func (w *works) call(counter int64) Ticket {
	w.t.Helper()
	id, err := w.Next(w.ctx, w.staff, counter, 0)
	w.must(err)
	return w.ticket(id)
}

func (w *works) ticket(id int64) Ticket {
	w.t.Helper()
	var t Ticket
	err := w.db.Owner().QueryRow(w.ctx, `SELECT id, session_id, poli_id, code, status, seq, class FROM epuskesmas_ticket WHERE id = $1`, id).
		Scan(&t.ID, &t.SessionID, &t.PoliID, &t.Code, &t.Status, &t.Seq, &t.Class)
	w.must(err)
	return t
}

func TestAPatientGoesThroughTheHouse(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	slip, err := w.TakeKiosk(w.ctx, w.kiosk, crypt.Token())
	w.must(err)
	if slip.Code != "L-001" || slip.Ahead != 0 {
		t.Fatalf("the kiosk gave %+v", slip)
	}
	called := w.call(w.atDesk)
	if called.Code != slip.Code {
		t.Fatalf("the desk called %s", called.Code)
	}
	r := w.newcomer()
	r.DeskID, r.DeskSeq, r.Faskes = called.ID, called.Seq, "Puskesmas Kassi-Kassi"
	clinic, err := w.Register(w.ctx, w.staff, w.unit, r)
	w.must(err)
	if clinic.Code != "A-001" || clinic.Status != Waiting || clinic.RecordNo != 1 {
		t.Fatalf("the desk gave %+v", clinic)
	}
	if s := w.ticket(called.ID).Status; s != Done {
		t.Errorf("the desk's number is %s", s)
	}
	seen := w.call(w.atClinic)
	w.must(w.Act(w.ctx, w.staff, seen.ID, 0, ActServe, ""))
	lab, err := w.Forward(w.ctx, w.staff, seen.ID, 0, w.lab)
	w.must(err)
	if lab.Code != "M-001" || lab.VisitID != clinic.VisitID || lab.Status != Waiting {
		t.Fatalf("to the laboratory with %+v", lab)
	}
	if s := w.ticket(seen.ID).Status; s != Done {
		t.Errorf("the clinic's number is %s", s)
	}
	// The laboratory sends back to the doctor, the doctor on to the pharmacy.
	labCounter := one[int64](w.house, `SELECT id FROM epuskesmas_counter WHERE poli_id = $1`, w.lab)
	atLab := w.call(labCounter)
	again, err := w.Forward(w.ctx, w.staff, atLab.ID, atLab.Seq, w.poli)
	w.must(err)
	if again.Code != "A-002" {
		t.Fatalf("back with %s", again.Code)
	}
	w.call(w.atClinic)
	medicine, err := w.Forward(w.ctx, w.staff, again.ID, 0, w.pharmacy)
	w.must(err)
	if medicine.Code != "F-001" {
		t.Fatalf("to the pharmacy with %s", medicine.Code)
	}
	if n := one[int](w.house, `SELECT taken FROM epuskesmas_session WHERE id = $1`, clinic.SessionID); n != 1 {
		t.Errorf("%d places are taken: steps inside the house take none", n)
	}
	if _, err := w.Forward(w.ctx, w.staff, medicine.ID, medicine.Seq+5, w.poli); errs.KindOf(err) != errs.Conflict || !strings.Contains(errs.MessageOf(err), "F-001") {
		t.Errorf("on a stale page: %v", err)
	}
	if _, err := w.Forward(w.ctx, w.staff, medicine.ID, 0, w.pharmacy); errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("to where they are: %v", err)
	}
}

// The desk is asked for the same patient by two clerks at once, and every number goes to
// one patient.
func TestKioskNumbersInParallel(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	const people = 50
	codes := make([]string, people)
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			slip, err := w.TakeKiosk(w.ctx, w.kiosk, fmt.Sprintf("orang-ke-%03d", i))
			if err != nil {
				t.Error(err)
			}
			codes[i] = slip.Code
			again, err := w.TakeKiosk(w.ctx, w.kiosk, fmt.Sprintf("orang-ke-%03d", i))
			if err != nil || again.Code != slip.Code {
				t.Errorf("pressed twice: %s and %s (%v)", slip.Code, again.Code, err)
			}
		})
	}
	wg.Wait()
	slices.Sort(codes)
	for i, code := range codes {
		if want := fmt.Sprintf("L-%03d", i+1); code != want {
			t.Fatalf("number %d is %s, want %s", i+1, code, want)
		}
	}
	if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_session WHERE poli_id = $1`, w.desk); n != 1 {
		t.Errorf("the desk has %d sessions today", n)
	}
}

// Patients go both ways between two polis at once: nobody is lost and nothing locks up.
func TestForwardInParallel(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	const n = 24
	var ids []int64
	labCounter := one[int64](w.house, `SELECT id FROM epuskesmas_counter WHERE poli_id = $1`, w.lab)
	for i := range n {
		ids = append(ids, w.register(nil).ID)
		counter := w.atClinic
		w.call(counter)
		if i%2 == 0 { // half of them come back from the laboratory
			lab, err := w.Forward(w.ctx, w.staff, ids[i], 0, w.lab)
			w.must(err)
			w.call(labCounter)
			ids[i] = lab.ID
		}
	}
	var wg sync.WaitGroup
	for i, id := range ids {
		to := w.lab
		if i%2 == 0 {
			to = w.poli
		}
		for range 2 { // a double click
			wg.Go(func() {
				seq := w.ticket(id).Seq
				if _, err := w.Forward(w.ctx, w.staff, id, seq, to); err != nil && errs.KindOf(err) != errs.Conflict {
					t.Errorf("ticket %d: %v", id, err)
				}
			})
		}
	}
	wg.Wait()
	if n := one[int](w.house, `SELECT count(*) - count(DISTINCT (session_id, number)) FROM epuskesmas_ticket`); n != 0 {
		t.Errorf("%d numbers were given twice", n)
	}
	if n := one[int](w.house, `SELECT count(*) FROM epuskesmas_session s WHERE last_number <> (SELECT count(*) FROM epuskesmas_ticket t WHERE t.session_id = s.id)`); n != 0 {
		t.Errorf("%d sessions have gaps", n)
	}
	if got := one[int](w.house, `SELECT count(*) FROM epuskesmas_ticket WHERE status = 'menunggu'`); got != n {
		t.Errorf("%d wait, want each of %d once", got, n)
	}
}

func TestClosingSettlesWhoNeverCame(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	never := w.book(func(b *Booking) { b.StartsAt = tomorrow.AddDate(0, 0, -1) }).Ticket
	here := w.register(nil)
	if err := w.Close(w.ctx, w.staff, here.SessionID); errs.KindOf(err) != errs.Conflict {
		t.Fatalf("closed over somebody who waits: %v", err)
	}
	w.call(w.atClinic)
	w.must(w.Act(w.ctx, w.staff, here.ID, 0, ActFinish, ""))
	// Two close at once: one does.
	var wg sync.WaitGroup
	var mu sync.Mutex
	closed := 0
	for range 4 {
		wg.Go(func() {
			if err := w.Close(w.ctx, w.staff, here.SessionID); err == nil {
				mu.Lock()
				closed++
				mu.Unlock()
			} else if errs.KindOf(err) != errs.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if closed != 1 || w.ticket(never.ID).Status != NoShow {
		t.Fatalf("closed %d times, who never came is %s", closed, w.ticket(never.ID).Status)
	}
	if _, err := w.Next(w.ctx, w.staff, w.atClinic, 0); errs.KindOf(err) != errs.NotFound {
		t.Errorf("called in a closed session: %v", err)
	}
	w.must(w.Reopen(w.ctx, w.staff, here.SessionID))
	w.must(w.Act(w.ctx, w.staff, never.ID, 0, ActReinstate, ""))
	w.call(w.atClinic)
	// Nobody closes it: the night does, and who was called in vain is not left behind.
	w.clock.Advance(24 * time.Hour)
	n, err := w.CloseForgotten(w.ctx)
	w.must(err)
	if n == 0 || w.ticket(never.ID).Status != NoShow {
		t.Errorf("%d sessions closed at night, the ticket is %s", n, w.ticket(never.ID).Status)
	}
	if n, err := w.CloseForgotten(w.ctx); n != 0 || err != nil {
		t.Errorf("closed again: %d, %v", n, err)
	}
}

func TestTheQueueIsShownAsItIsCalled(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	for _, class := range []estimate.Class{"", estimate.Priority, "", estimate.Priority, estimate.Priority, ""} {
		w.register(func(r *Registration) {
			if r.Class = class; class != "" {
				r.Reason = PriorityReasons[1]
			}
		})
	}
	last := w.register(nil)
	w.must(w.Classify(w.ctx, w.staff, last.ID, last.Seq, estimate.Emergency, "sesak napas"))
	if err := w.Classify(w.ctx, w.staff, last.ID, 0, estimate.Priority, "teman saya"); errs.KindOf(err) != errs.Unprocessable {
		t.Errorf("a priority for a friend: %v", err)
	}
	_, queue, err := w.Queue(w.ctx, w.staff, w.poli)
	w.must(err)
	board, err := w.Board(w.ctx, w.board)
	w.must(err)
	var shown, called, announced []string
	for _, t := range queue {
		shown = append(shown, t.Code)
	}
	for _, n := range board.Polis[slices.IndexFunc(board.Polis, func(p BoardPoli) bool { return p.ID == w.poli })].Next {
		announced = append(announced, n.Code)
	}
	for range queue {
		called = append(called, w.call(w.atClinic).Code)
	}
	if !slices.Equal(shown, called) || !slices.Equal(announced, called[:nextShown]) {
		t.Errorf("shown %v, announced %v, called %v", shown, announced, called)
	}
}

func TestDoctorsPauseAndGoOn(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	session := w.register(nil).SessionID
	doctor := w.onDuty(session)
	for _, step := range []struct {
		action DutyAction
		reason string
		want   errs.Kind
		ok     bool
	}{
		{DutyPause, "salat", errs.Conflict, false}, // not here yet
		{DutyHere, "", 0, true},
		{DutyHere, "", errs.Conflict, false},
		{DutyPause, "", errs.Unprocessable, false},
		{DutyPause, "salat", 0, true},
		{DutyResume, "", 0, true},
		{DutyAway, "dipanggil ke dinas", 0, true},
		{"pulang", "", errs.BadRequest, false},
	} {
		err := w.Report(w.ctx, w.staff, session, doctor, w.atClinic, step.action, step.reason)
		if step.ok && err != nil || !step.ok && errs.KindOf(err) != step.want {
			t.Fatalf("%s: %v", step.action, err)
		}
	}
	got := one[string](w.house, `SELECT string_agg(action, ' ' ORDER BY seq) FROM epuskesmas_event WHERE session_id = $1 AND doctor_id = $2`, session, doctor)
	if got != "dokter_hadir jeda lanjut dokter_absen" {
		t.Errorf("on record: %s", got)
	}
}

func TestTheDeskFindsPatients(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	known := w.register(func(r *Registration) {
		r.Name, r.BirthDate, r.NIK, r.BPJS, r.Payer = "Siti Rahmawati Daeng Kanang", time.Date(1986, 3, 12, 0, 0, 0, 0, clock.Makassar), "7371135203860001", "0001234567890", JKN
		r.Faskes = "Puskesmas Kassi-Kassi"
	})
	for _, text := range []string{"7371135203860001", "0001234567890", "0001 2345 67890", fmt.Sprint(known.RecordNo), "siti rahma", "kanang SITI"} {
		found, err := w.FindPatients(w.ctx, w.staff, w.unit, text)
		if err != nil || len(found) != 1 || found[0].Payer != JKN || found[0].NIK != "0001" || found[0].BPJS != "7890" || len(found[0].Today) != 1 {
			t.Errorf("%q finds %+v, %v", text, found, err)
		}
	}
	for _, text := range []string{"", "siti budi", "9", "73711352038600", "%", "_iti"} {
		if found, err := w.FindPatients(w.ctx, w.staff, w.unit, text); err != nil || len(found) != 0 {
			t.Errorf("%q finds %+v, %v", text, found, err)
		}
	}
	// They come again another day: the record number stays.
	w.clock.Advance(24 * time.Hour)
	found, err := w.FindPatients(w.ctx, w.staff, w.unit, "0001234567890")
	w.must(err)
	again := w.register(func(r *Registration) {
		*r = Registration{Key: "lagi", PatientID: found[0].ID, Payer: JKN, PoliID: w.poli}
	})
	if again.RecordNo != known.RecordNo || again.Code != "A-001" {
		t.Errorf("the second visit: %+v", again)
	}
	if _, err := w.Register(w.ctx, w.staff, w.unit, Registration{Key: "dua kali", PatientID: found[0].ID, Payer: JKN, PoliID: w.poli}); errs.KindOf(err) != errs.Conflict {
		t.Errorf("a second number for the day: %v", err)
	}
}

// What is of another puskesmas does not exist, and what is not one's task is refused.
func TestWhoMayDoWhatInTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorks(t)
	ticket := w.register(nil)
	elsewhere := w.hire("PKM-MAMAJANG", PermDesk, PermCall, PermTriage, PermManage)
	roles := map[string]authz.Actor{
		"loket": w.hire("PKM-KASSI-KASSI", PermDesk), "perawat": w.hire("PKM-KASSI-KASSI", PermTriage), "dokter": w.hire("PKM-KASSI-KASSI", PermCall),
		"kapus": w.hire("PKM-KASSI-KASSI", PermManage), "laporan": w.hire("PKM-KASSI-KASSI", PermReports), "lain": elsewhere, "warga": {Kind: authz.Citizen},
	}
	acts := map[string]func(context.Context, authz.Actor) error{
		"panggil": func(ctx context.Context, a authz.Actor) error { _, err := w.Next(ctx, a, w.atMedicine, 0); return err },
		"lanjut": func(ctx context.Context, a authz.Actor) error {
			_, err := w.Forward(ctx, a, ticket.ID, 99, w.lab)
			return err
		},
		"antrean": func(ctx context.Context, a authz.Actor) error { _, _, err := w.Queue(ctx, a, w.poli); return err },
		"prioritas": func(ctx context.Context, a authz.Actor) error {
			return w.Classify(ctx, a, ticket.ID, 99, estimate.Regular, "")
		},
		"pengkajian": func(ctx context.Context, a authz.Actor) error { return w.Act(ctx, a, ticket.ID, 99, ActAssess, "") },
		"tutup":      func(ctx context.Context, a authz.Actor) error { return w.Close(ctx, a, ticket.SessionID) },
		"cari": func(ctx context.Context, a authz.Actor) error {
			_, err := w.FindPatients(ctx, a, w.unit, "siti")
			return err
		},
		"daftar": func(ctx context.Context, a authz.Actor) error {
			_, err := w.Register(ctx, a, w.unit, Registration{})
			return err
		},
		"layar": func(ctx context.Context, a authz.Actor) error { _, err := w.Screens(ctx, a, w.unit); return err },
		"dokter": func(ctx context.Context, a authz.Actor) error {
			return w.Report(ctx, a, ticket.SessionID, 1, 0, DutyHere, "")
		},
	}
	// Whoever may gets past the gate: to a conflict, wrong answers or nothing to do.
	may := map[string][]string{
		"panggil": {"dokter"}, "lanjut": {"perawat", "dokter"}, "antrean": {"loket", "perawat", "dokter", "kapus"},
		"prioritas": {"loket", "perawat", "dokter"}, "pengkajian": {"perawat", "dokter"}, "tutup": {"dokter", "kapus"}, "cari": {"loket"}, "daftar": {"loket"},
		"layar": {"kapus"}, "dokter": {"dokter", "kapus"},
	}
	for act, do := range acts {
		for role, a := range roles {
			err := do(w.ctx, a)
			refused := err != nil && (errs.KindOf(err) == errs.NotFound && errs.MessageOf(err) != errs.MessageOf(errNobody) || errs.KindOf(err) == errs.Forbidden)
			if want := !slices.Contains(may[act], role); refused != want {
				t.Errorf("%s by %s: %v, refused should be %v", act, role, err, want)
			}
			if role == "lain" && errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s from another puskesmas: %v, want not found", act, err)
			}
		}
	}
}

func TestCallsAreSpoken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		call Call
		want string
	}{
		{Call{Code: "A-017", Spoken: "Poli Umum", Counter: "Ruang 2"}, "nomor-antrean huruf-a tujuh belas ke poli umum ruang dua"},
		{Call{Code: "L-100", Spoken: "Loket Pendaftaran", Counter: "Loket 1"}, "nomor-antrean huruf-l seratus ke loket satu"},
		{Call{Code: "KB-321", Spoken: "Poli KIA/KB", Counter: "Ruang 12"}, "nomor-antrean huruf-k huruf-b tiga ratus dua puluh satu ke poli kia kb ruang dua belas"},
		{Call{Code: "B-011", Spoken: "Poli Akupunktur"}, "nomor-antrean huruf-b sebelas silakan-lihat-layar"},
	} {
		if got := strings.Join(c.call.Words(), " "); got != c.want {
			t.Errorf("%s: %s", c.call.Code, got)
		}
	}
}
