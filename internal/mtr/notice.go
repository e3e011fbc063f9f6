package mtr

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Topics of this module's messages.
var (
	TopicReport = notify.RegisterTopic(notify.Topic{
		Code: "mtr", Name: "Laporan saya", Hint: "Perkembangan laporan yang Anda kirim."})
	TopicTask = notify.RegisterTopic(notify.Topic{
		Code: "mtr_tugas", Name: "Tugas laporan warga", Hint: "Laporan yang diteruskan atau ditugaskan kepada Anda.", Staff: true})
	TopicOversight = notify.RegisterTopic(notify.Topic{
		Code: "mtr_pengawasan", Name: "Pengawasan laporan warga", Hint: "Laporan yang belum dijawab dan rangkuman harian.", Staff: true})
	topicCode = notify.RegisterTopic(notify.Topic{
		Code: "mtr_kode", Name: "Kode laporan", Hint: "Kode untuk membuktikan kontak pada laporan.", Required: true})
)

// object names a report to notify, so that one may unsubscribe from it alone.
const object = "mtr_report"

// tell queues what the reporter and the staff should hear of an event.
func (m *Module) tell(ctx context.Context, tx pgx.Tx, was, c *Case, e Event) error {
	if e.Action == ActLapse {
		return m.tellLapsed(ctx, tx, c, e)
	}
	toReporter := e.Audience != ForStaff && e.Role != AsReporter.String() ||
		e.Action == ActConfirmContact || e.Action == ActRelease // of a new one bring tells
	if toReporter {
		if subject, text := reporterNotice(c, e); subject != "" {
			if err := m.tellReporter(ctx, tx, c.ID, c.Number, e.At, eventKey(c.ID, e.Seq, "pelapor"), subject, text); err != nil {
				return err
			}
		}
	}
	if err := m.tellFollowers(ctx, tx, c, e); err != nil {
		return err
	}
	if err := m.tellFollowing(ctx, tx, c, e); err != nil {
		return err
	}
	return m.tellStaff(ctx, tx, was, c, e)
}

// reporterNotice is what the reporter reads about an event; "" = nothing.
func reporterNotice(c *Case, e Event) (subject, text string) {
	due := ""
	if c.DueAt != nil {
		due = " paling lambat " + indo.LongDate(*c.DueAt)
	}
	because := ""
	if e.Reason != "" {
		because = "\n\nKeterangan petugas: " + e.Reason
	}
	n := "Laporan " + c.Number
	switch e.Action {
	case ActSubmit, ActRelease:
		return n + " kami terima", "Terima kasih. Petugas memeriksa laporan Anda" + due + ", lalu meneruskannya kepada yang berwenang."
	case ActConfirmContact:
		if e.From == Unconfirmed {
			return n + " kami terima", "Terima kasih sudah mengonfirmasi. Petugas memeriksa laporan Anda" + due + ", lalu meneruskannya kepada yang berwenang."
		}
		return "Kabar " + c.Number + " kami kirim ke sini", "Kontak Anda sudah dikonfirmasi. Setiap perkembangan laporan kami kirim ke sini."
	case ActForward:
		return n + " diteruskan ke " + c.UnitName, "Laporan Anda diteruskan ke " + c.UnitName + ". Tindak lanjut pertama" + due + "." + because
	case ActReject:
		return n + " tidak dapat kami tindak lanjuti", "Petugas memeriksa laporan Anda dan tidak dapat menindaklanjutinya." + because
	case ActMarkDuplicate:
		return n + " sama dengan laporan lain", "Masalah ini sudah dilaporkan lebih dahulu. Kami melanjutkannya di laporan itu." + because
	case ActUnmark:
		return n + " diperiksa lagi", "Ternyata masalah Anda bukan yang tadi. Petugas memeriksa laporan Anda lagi" + due + "." + because
	case ActReferOut:
		return n + " dirujuk ke " + c.Agency, "Masalah ini wewenang " + c.Agency + ". Kami sudah merujuknya ke sana." + because
	case ActAgencyAnswer:
		return "Jawaban " + c.Agency + " untuk " + c.Number, c.Agency + " menjawab:\n\n" + c.AgencyAnswer
	case ActAskInfo:
		return n + " perlu keterangan Anda", "Petugas bertanya:\n\n" + e.Reason + "\n\nJawab lewat tautan di bawah. Waktu penanganan berhenti sampai Anda menjawab."
	case ActResume:
		return n + " dilanjutkan", "Petugas melanjutkan laporan Anda." + because
	case ActBounce:
		return n + " diperiksa ulang", "Laporan Anda bukan wewenang unit sebelumnya. Kami mencari unit yang tepat" + due + "." + because
	case ActRecategorize:
		text := "Petugas memindahkan laporan Anda ke kategori yang lebih tepat."
		if e.Change.UnitID != nil {
			return n + " diteruskan ke " + c.UnitName, text + " Sekarang ditangani " + c.UnitName + ". Tindak lanjut pertama" + due + "." + because
		}
		return n + " pindah kategori", text + because
	case ActStart:
		return n + " mulai dikerjakan", c.UnitName + " mulai mengerjakan laporan Anda." + because
	case ActSchedule:
		if c.ExpectedAt == nil {
			return "", ""
		}
		return n + " dijadwalkan", "Laporan Anda dijadwalkan dikerjakan " + indo.LongDate(*c.ExpectedAt) + "." + because
	case ActSubmitProof:
		return n + " selesai dikerjakan, sedang divalidasi", c.UnitName + " menyatakan pekerjaan selesai. Petugas lain memeriksa buktinya" + due + "." + because
	case ActRejectProof:
		return n + " dikerjakan kembali", "Bukti pekerjaan belum cukup, jadi laporan Anda dikerjakan kembali." + because
	case ActValidate:
		return n + " selesai", "Laporan Anda selesai. Lihat hasilnya, lalu beri tahu kami: sudah beres atau belum? Tanpa jawaban, laporan ditutup" + due + "." + because
	case ActAutoClose:
		return n + " ditutup", "Masa sanggah sudah lewat, jadi laporan ini kami tutup. Terima kasih sudah melapor."
	case ActRespond:
		return "Tanggapan untuk " + c.Number, e.Reason
	case ActHide:
		return n + " tidak ditampilkan untuk umum", "Laporan Anda tidak kami tampilkan untuk umum. Penanganannya tetap berjalan." + because
	case ActRedact:
		return "Sebagian kata " + c.Number + " kami tutup", "Petugas menutup sebagian kata di laporan Anda, supaya tidak terbaca orang lain. Penanganannya tetap berjalan." + because
	case ActUnhide:
		return n + " ditampilkan kembali", "Laporan Anda kembali terlihat oleh umum." + because
	}
	return "", ""
}

const sqlReachable = `
SELECT COALESCE(r.account_id, 0) AS account_id, k.email_sealed, k.email_verified_at, k.phone_sealed, k.phone_verified_at, k.link_sealed
FROM mtr_report r JOIN mtr_contact k ON k.report_id = r.id WHERE r.id = $1`

// tellReporter reaches the account, or else a verified contact. An unverified one
// gets nothing.
func (m *Module) tellReporter(ctx context.Context, tx pgx.Tx, reportID int64, number string, at time.Time, key, subject, text string) error {
	type reachable struct {
		AccountID                        int64
		EmailSealed, PhoneSealed         []byte
		EmailVerifiedAt, PhoneVerifiedAt *time.Time
		LinkSealed                       []byte
	}
	to, err := pg.One[reachable](ctx, tx, sqlReachable, reportID)
	if err != nil {
		return err
	}
	msg := notify.Message{
		Topic: TopicReport, Subject: subject, Object: object, ObjectID: reportID, At: at, Key: key,
	}
	switch {
	case to.AccountID != 0:
		msg.AccountID, msg.Text = to.AccountID, text
		msg.Link = notify.Link{Label: "Buka laporan", URL: "/mtr/laporan-saya/" + number}
		return notify.Queue(ctx, tx, msg)
	case to.EmailVerifiedAt != nil:
		if msg.Email, err = notify.ResealEmail(m.box, to.EmailSealed, contextEmail); err != nil {
			return err
		}
		msg.Channel = notify.Email
	case to.PhoneVerifiedAt != nil:
		msg.Phone, msg.Channel = to.PhoneSealed, notify.Auto
	default:
		return nil
	}
	link, err := m.box.Open(to.LinkSealed, contextLink)
	if err != nil {
		return err
	}
	msg.Secret = notify.SealText(m.box, text+"\n\nBuka laporan Anda (jangan bagikan tautan ini):\n"+m.baseURL+"/mtr/laporan/"+number+"/"+link)
	return notify.Queue(ctx, tx, msg)
}

// followerNotice is what the reporters of duplicates and those who support it read about
// the report that goes on for them; "" = nothing.
func followerNotice(c *Case, e Event) string {
	switch e.Action {
	case ActForward:
		return "diteruskan ke " + c.UnitName
	case ActStart:
		return "mulai dikerjakan"
	case ActSchedule:
		return "dijadwalkan dikerjakan " + indo.LongDate(*c.ExpectedAt)
	case ActValidate:
		return "selesai"
	case ActReject:
		return "tidak dapat ditindaklanjuti"
	case ActMarkDuplicate:
		return "digabung dengan laporan lain karena masalahnya sama"
	case ActUnmark:
		return "dipisahkan dari laporan lain dan diperiksa lagi"
	case ActReferOut:
		return "dirujuk ke " + c.Agency
	case ActAgencyAnswer:
		return "dijawab " + c.Agency
	}
	return ""
}

// tellFollowers tells those whose reports were closed in favour of this one, unless
// its words are not for them.
func (m *Module) tellFollowers(ctx context.Context, tx pgx.Tx, c *Case, e Event) error {
	news := followerNotice(c, e)
	if news == "" || c.Confidential || c.HiddenAt != nil {
		return nil
	}
	if err := m.tellSupporters(ctx, tx, c, e, news); err != nil {
		return err
	}
	type follower struct {
		ID     int64
		Number string
	}
	followers, err := pg.Many[follower](ctx, tx, sqlFollowers, c.ID)
	if err != nil {
		return err
	}
	text := "Laporan Anda digabung dengan laporan " + c.Number + " karena masalahnya sama. Laporan itu sekarang " + news + "."
	if e.Reason != "" {
		text += "\n\nKeterangan petugas: " + e.Reason
	}
	for _, f := range followers {
		key := eventKey(c.ID, e.Seq, "pengikut"+itoa(f.ID))
		if err := m.tellReporter(ctx, tx, f.ID, f.Number, e.At, key, "Kabar untuk laporan "+f.Number, text); err != nil {
			return err
		}
	}
	return nil
}

// tellStaff tells the head of the unit what is new, disputed or unanswered, and those
// to whom the report is or was assigned what becomes of their task.
func (m *Module) tellStaff(ctx context.Context, tx pgx.Tx, was, c *Case, e Event) error {
	send := func(account *int64, topic, subject, text, tag string) error {
		if account == nil || *account == e.ActorID {
			return nil
		}
		return notify.Queue(ctx, tx, notify.Message{
			Topic: topic, AccountID: *account, Subject: subject, Text: text,
			Link:   notify.Link{Label: "Buka laporan", URL: "/meja/mtr/" + c.Number},
			Object: object, ObjectID: c.ID, At: e.At, Key: eventKey(c.ID, e.Seq, tag),
		})
	}
	head := func(topic, subject, text string) error {
		unit := c.UnitID
		if unit == 0 {
			unit = c.DispatchUnitID
		}
		h, err := org.NearestHead(ctx, tx, unit, e.At)
		if errs.KindOf(err) == errs.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return send(h.AccountID, topic, subject, text, "unit")
	}
	assigned := func(s *Case, subject, text string) error {
		if s.AssigneeID == 0 {
			return nil
		}
		holders, err := org.HoldersOf(ctx, tx, s.AssigneeID, e.At)
		if err != nil {
			return err
		}
		for _, h := range holders {
			if s.AssigneePerson != 0 && h.PersonID != s.AssigneePerson {
				continue
			}
			if err := send(h.AccountID, TopicTask, subject, text, itoa(s.AssigneeID)+":"+itoa(h.PersonID)); err != nil {
				return err
			}
		}
		return nil
	}
	because := ""
	if e.Reason != "" {
		because = "\n\nPesan: " + e.Reason
	}
	n := c.Number
	switch e.Action {
	case ActRecategorize:
		if e.Change.UnitID == nil {
			return nil
		}
		if err := assigned(was, "Tugas "+n+" dicabut", "Laporan ini diteruskan ke unit lain, jadi tidak perlu Anda kerjakan."+because); err != nil {
			return err
		}
		return head(TopicTask, "Laporan baru "+n, "Laporan warga pindah kategori dan diteruskan ke "+c.UnitName+
			". Tindak lanjut pertama paling lambat "+indo.LongDate(*c.DueAt)+"."+because)
	case ActForward:
		return head(TopicTask, "Laporan baru "+n, "Laporan warga diteruskan ke "+c.UnitName+
			". Tindak lanjut pertama paling lambat "+indo.LongDate(*c.DueAt)+"."+because)
	case ActAssign:
		if was.AssigneeID == c.AssigneeID && was.AssigneePerson == c.AssigneePerson {
			return nil
		}
		if err := assigned(was, "Tugas "+n+" dialihkan", "Laporan ini tidak lagi ditugaskan kepada Anda."); err != nil {
			return err
		}
		return assigned(c, "Tugas "+n, "Laporan ini ditugaskan kepada Anda."+because)
	case ActBounce:
		return assigned(was, "Tugas "+n+" dicabut", "Laporan ini dikembalikan kepada verifikator, jadi tidak perlu Anda kerjakan."+because)
	case ActMarkDuplicate, ActCancel:
		return assigned(c, "Tugas "+n+" dicabut", "Laporan ini "+strings.ToLower(c.Status.Label())+", jadi tidak perlu Anda kerjakan.")
	case ActRejectProof:
		return assigned(c, "Bukti "+n+" dikembalikan", "Bukti pekerjaan belum cukup: "+e.Reason)
	case ActGiveInfo:
		if e.From != NeedsInfo || c.UnitID == 0 {
			return nil
		}
		const text = "Pelapor menjawab pertanyaan Anda. Waktu penanganan berjalan lagi."
		if c.AssigneeID != 0 {
			return assigned(c, "Jawaban untuk "+n, text)
		}
		return head(TopicTask, "Jawaban untuk "+n, text)
	case ActDispute:
		if err := head(TopicOversight, "Laporan "+n+" disanggah pelapor", "Pelapor menyatakan pekerjaan belum beres. Laporan kembali dikerjakan."); err != nil {
			return err
		}
		return assigned(c, "Laporan "+n+" disanggah", "Pelapor menyatakan pekerjaan belum beres.")
	case ActEscalateUnit:
		return head(TopicOversight, "Laporan "+n+" belum dijawab 24 jam",
			"Pelapor belum menerima tanggapan apa pun selama 24 jam. Mohon segera ditindaklanjuti.")
	}
	return nil
}

// eventKey names a message so that a repeated transaction queues it once.
func eventKey(reportID int64, seq int, tag string) string {
	return strings.Join([]string{"mtr", itoa(reportID), itoa(int64(seq)), tag}, ":")
}
