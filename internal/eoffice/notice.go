package eoffice

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"makassartidakrantasa.com/portal/internal/platform/notify"
	"makassartidakrantasa.com/portal/internal/platform/org"
)

// TopicDesk is what arrives on one's desk.
var TopicDesk = notify.RegisterTopic(notify.Topic{
	Code: "eoffice", Name: "Meja e-Office", Hint: "Naskah dan disposisi yang sampai di meja Anda.", Staff: true})

// about is what a message may say of a letter: of a confidential one that there is one, of
// a restricted one not what it is about.
func about(s Secrecy, what, subject string) (title, text string) {
	switch {
	case s.Confidential():
		return "Anda punya naskah rahasia", "Buka portal untuk melihatnya."
	case s == Restricted || subject == "":
		return what, "Sifat: " + s.Label() + ". Buka portal untuk membacanya."
	}
	return what + ": " + subject, ""
}

// said is a message about a letter.
type said struct{ what string }

func arrived(_ *Case, r Recipient) said {
	if r.Copy() {
		return said{"Tembusan naskah"}
	}
	return said{"Naskah masuk"}
}

// tell queues what the desk hears to which a letter comes, and what the drafter does.
func (m *Module) tell(ctx context.Context, tx pgx.Tx, c *Case, e Event) error {
	what, desk := "", c.DeskID
	switch {
	case e.Action == ActSubmit || e.Action == ActParaf || e.Action == ActBackOne || e.Action == ActSigned && e.To == AwaitingSign:
		what = "Perlu paraf Anda"
		if e.To == AwaitingSign {
			what = "Perlu tanda tangan Anda"
		}
	case e.Action == ActReturn:
		what = "Naskah dikembalikan kepada Anda"
	case e.Action == ActSigned || e.Action == ActScan:
		what, desk = "Naskah Anda sudah ditandatangani", c.DrafterID
	case e.Action == ActRaise && !c.Incoming():
		what, desk = "Penerima menaikkan sifat naskah Anda", c.DrafterID
	}
	if what == "" || desk == 0 {
		return nil
	}
	return m.tellDesk(ctx, tx, desk, e.At, c, said{what}, eventKey(onLetter, c.ID, e.Seq))
}

// letterURL is the page of a letter.
func letterURL(id int64) string { return "/meja/eoffice/naskah/" + strconv.FormatInt(id, 10) }

// tellDesk queues a message to everybody who sits at a desk.
func (m *Module) tellDesk(ctx context.Context, tx pgx.Tx, positionID int64, at time.Time, c *Case, s said, key string) error {
	holders, err := org.HoldersOf(ctx, tx, positionID, at)
	if err != nil {
		return err
	}
	content, err := m.contentOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	title, text := about(c.Secrecy, s.what, content.Subject)
	for _, h := range holders {
		if h.AccountID == nil {
			continue
		}
		if err := m.message(ctx, tx, *h.AccountID, title, text, at, c, key); err != nil {
			return err
		}
	}
	return nil
}

// message queues one message about a letter; the key makes it one for each account.
func (m *Module) message(ctx context.Context, tx pgx.Tx, account int64, title, text string, at time.Time, c *Case, key string) error {
	return notify.Queue(ctx, tx, notify.Message{
		Topic: TopicDesk, AccountID: account, Subject: cut(title, 200), Text: text,
		Link:   notify.Link{Label: "Buka naskah", URL: letterURL(c.ID)},
		Object: object, ObjectID: c.ID, At: at, Key: key + ":" + strconv.FormatInt(account, 10),
	})
}

// eventKey names a message so that a repeated transaction queues it once.
func eventKey(object string, id int64, seq int) string {
	return strings.Join([]string{"eoffice", object, strconv.FormatInt(id, 10), strconv.Itoa(seq)}, ":")
}
