package letter

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/notify"
)

// Topics of the letters' messages.
var (
	TopicLetter = notify.RegisterTopic(notify.Topic{
		Code: "surat", Name: "Surat saya", Hint: "Perkembangan surat yang Anda ajukan ke kelurahan."})
	topicIdentity = notify.RegisterTopic(notify.Topic{
		Code: "surat_identitas", Name: "Pemeriksaan identitas", Hint: "Hasil pemeriksaan identitas Anda oleh kelurahan.", Required: true})
	topicNeighbour = notify.RegisterTopic(notify.Topic{
		Code: "surat_rt", Name: "Pertanyaan kelurahan untuk RT/RW", Hint: "Tautan untuk membenarkan warga yang meminta surat.", Required: true})
)

// tell queues what the applicant should hear of an event, when they have an account.
// It names the request and the kind of letter, nobody and nothing in it.
func (m *Module) tell(ctx context.Context, tx pgx.Tx, c *Case, e Event) error {
	subject, text := notice(c, e)
	if subject == "" || c.AccountID == 0 || e.Role == AsApplicant.String() && e.Action != ActSubmit && e.Action != ActAskRT {
		return nil
	}
	return notify.Queue(ctx, tx, notify.Message{
		Topic: TopicLetter, AccountID: c.AccountID, Subject: subject, Text: text,
		Link:   notify.Link{Label: "Buka surat", URL: "/surat/" + c.RequestNumber},
		Object: object, ObjectID: c.ID, At: e.At, Key: eventKey(c.ID, e.Seq),
	})
}

// notice is what the applicant reads about an event; "" = nothing.
func notice(c *Case, e Event) (subject, text string) {
	n := c.Title + " (" + c.RequestNumber + ")"
	because := ""
	if e.Reason != "" {
		because = "\n\nKeterangan petugas: " + e.Reason
	}
	switch e.Action {
	case ActSubmit:
		due := ""
		if c.DueAt != nil {
			due = " Kami usahakan selesai paling lambat " + indo.LongDateTime(*c.DueAt) + "."
		}
		return n + " kami terima", "Petugas Kelurahan " + c.KelurahanName + " memeriksa permohonan Anda." + due
	case ActAskRT:
		return n + " kami terima", "Kami meminta ketua RT/RW membenarkan permohonan Anda. Setelah itu petugas kelurahan memeriksanya."
	case ActConfirmRT, ActDenyRT, ActSkipRT:
		return n + " diperiksa kelurahan", "Permohonan Anda sekarang diperiksa petugas Kelurahan " + c.KelurahanName + "."
	case ActReturn:
		return n + " perlu dilengkapi", "Petugas meminta Anda melengkapi permohonan. Waktu layanan berhenti sampai Anda mengirimnya lagi." + because
	case ActReject:
		return n + " tidak dapat diterbitkan", "Kelurahan memeriksa permohonan Anda dan tidak dapat menerbitkan suratnya." + because
	case ActCancel:
		return n + " dibatalkan", "Permohonan Anda dibatalkan petugas." + because
	case ActPrint:
		return n + " sudah dicetak", "Surat Anda sudah bernomor dan dicetak untuk ditandatangani dengan tinta."
	case ActVoid:
		return n + " dicabut", "Surat ini tidak berlaku lagi." + because
	case ActSigned, ActScan:
		if e.To == Issued {
			return n + " sudah terbit", "Surat Anda sudah ditandatangani. Unduh dari halaman surat Anda, atau ambil di kantor kelurahan."
		}
	}
	return "", ""
}

// eventKey names a message so that a repeated transaction queues it once.
func eventKey(id int64, seq int) string {
	return strings.Join([]string{"surat", strconv.FormatInt(id, 10), strconv.Itoa(seq)}, ":")
}
