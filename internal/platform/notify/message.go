package notify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/jobs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// Channel is a way to reach somebody.
type Channel string

// The channels. Auto picks the verified e-mail address if there is one, else the phone.
const (
	Auto     Channel = "auto"
	Email    Channel = "email"
	WhatsApp Channel = "whatsapp"
	SMS      Channel = "sms"
	WebPush  Channel = "push" // to a device
)

// Message is something to tell one recipient: an account, or an e-mail address, a phone
// number or a device without one.
type Message struct {
	Topic   string // a registered topic; decides whether it may be switched off
	Channel Channel

	AccountID int64
	Email     []byte // as SealEmail returned it
	Phone     []byte // as Box.Seal(number, PhoneContext) returned it
	DeviceID  int64  // of WebPush: a device shows the subject and the first paragraph

	Subject string
	Text    string // paragraphs separated by an empty line
	// Secret replaces Text when it carries a code or a secret link: SealText's result.
	// Such a message has no entry in the inbox and its text is destroyed once sent.
	Secret []byte
	// Link is the one thing to click. URL is a path of the portal, never a secret one.
	Link Link

	// Object and ObjectID say what it is about, so that one may unsubscribe from that alone.
	Object   string
	ObjectID int64

	// Key, when set, names the message: a second one with the same key is not queued.
	Key string
	// At is the time of the event, by the caller's clock; zero means now.
	At time.Time
	// Expires drops a message that could not be sent in time, such as a code's.
	Expires time.Time
}

// Link is a labelled address.
type Link struct{ Label, URL string }

// PhoneContext is the context under which phone numbers are sealed throughout the portal.
const PhoneContext = "phone"

const textContext, emailContext = "notify.text", "notify.address"

// SealEmail makes the Email of a Message; "" is none.
func SealEmail(box *crypt.Box, address string) []byte {
	if address == "" {
		return nil
	}
	return box.Seal(address, emailContext)
}

// SealText makes the Secret of a Message.
func SealText(box *crypt.Box, text string) []byte { return box.Seal(text, textContext) }

// ResealEmail makes the Email of a Message of an address that the caller keeps sealed.
func ResealEmail(box *crypt.Box, sealed []byte, context string) ([]byte, error) {
	address, err := box.Open(sealed, context)
	return SealEmail(box, address), err
}

// Topic is a kind of message that people may switch off, unless it is required.
type Topic struct {
	Code     string
	Name     string // Indonesian, for the preference page
	Hint     string
	Required bool // codes and security: cannot be switched off
	Staff    bool // of no interest to citizens
}

// Account is the topic of codes and of news about one's own account.
const Account = "akun"

var topics = []Topic{{Code: Account, Name: "Akun dan keamanan", Hint: "Kode, perubahan sandi, dan masuk dari perangkat baru.", Required: true}}

// RegisterTopic declares a topic. Call it from package variables only; it panics on a
// code declared twice.
func RegisterTopic(t Topic) string {
	if _, ok := topicOf(t.Code); ok {
		panic(fmt.Sprintf("notify: topic %q declared twice", t.Code))
	}
	topics = append(topics, t)
	return t.Code
}

// Topics returns all declared topics, the account's own first, the others by name.
func Topics() []Topic {
	ts := slices.Clone(topics)
	slices.SortStableFunc(ts[1:], func(a, b Topic) int { return strings.Compare(a.Name, b.Name) })
	return ts
}

func topicOf(code string) (Topic, bool) {
	i := slices.IndexFunc(topics, func(t Topic) bool { return t.Code == code })
	if i < 0 {
		return Topic{}, false
	}
	return topics[i], true
}

// maxSubject is notify_message's limit in characters.
const maxSubject = 200

// Queue stores m and its job in the caller's transaction, and an inbox entry when m is
// for an account and holds no secret. A message whose Key is known already changes
// nothing. It panics on an undeclared topic: that is a mistake in the program.
func Queue(ctx context.Context, tx pgx.Tx, m Message) (err error) {
	defer errs.In(&err, "notify.Queue(%s)", m.Topic)
	if _, ok := topicOf(m.Topic); !ok {
		panic(fmt.Sprintf("notify: topic %q is not declared", m.Topic))
	}
	if m.Channel == "" {
		m.Channel = Auto
	}
	m.Subject = oneLine(m.Subject)
	id, err := insert(ctx, tx, m)
	if err != nil || id == 0 {
		return err
	}
	if m.AccountID != 0 && m.Secret == nil {
		if err := deliverInbox(ctx, tx, m); err != nil {
			return err
		}
	}
	return jobs.Insert(ctx, tx, SendArgs{MessageID: id}, nil)
}

// oneLine keeps a subject from carrying header lines and from being too long.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for utf8.RuneCountInString(s) > maxSubject {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// SendArgs is the job that sends one message. It names the row and holds no text.
type SendArgs struct {
	MessageID int64 `json:"message_id"`
}

// Kind names the job.
func (SendArgs) Kind() string { return "notify_send" }

// InsertOpts gives messages their own queue and about a day of attempts.
func (SendArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: jobs.Outgoing, MaxAttempts: 14}
}

// InboxEntry is a message as the portal itself shows it to an account.
type InboxEntry struct {
	ID        int64
	Topic     string
	Title     string
	Body      string
	Link      string
	CreatedAt time.Time
	ReadAt    *time.Time
}

// Inbox returns accountID's newest entries before the given id (0: from the newest),
// at most limit.
func Inbox(ctx context.Context, q pg.Querier, accountID, before int64, limit int) (_ []InboxEntry, err error) {
	defer errs.In(&err, "notify.Inbox(%d)", accountID)
	return pg.Many[InboxEntry](ctx, q, sqlInbox, accountID, before, limit)
}

// Unread counts the entries that accountID has not seen, up to 99.
func Unread(ctx context.Context, q pg.Querier, accountID int64) (_ int, err error) {
	defer errs.In(&err, "notify.Unread(%d)", accountID)
	return pg.Scalar[int](ctx, q, sqlUnread, accountID)
}

// MarkRead marks accountID's entries up to and including id as seen.
func MarkRead(ctx context.Context, q pg.Querier, accountID, id int64, at time.Time) (err error) {
	defer errs.In(&err, "notify.MarkRead(%d)", accountID)
	return pg.Exec(ctx, q, sqlMarkRead, accountID, id, at)
}
