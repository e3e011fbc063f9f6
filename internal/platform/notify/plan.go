package notify

import "time"

// What may still happen to a message is decided from values alone, so that a test can
// hold every case in one table.

// stored is a message as the worker finds it, with what is known of its recipient.
type stored struct {
	ID          int64
	Topic       string
	Channel     Channel
	Status      string
	LastError   string
	ExpiresAt   *time.Time
	Email       string // given by the caller
	EmailSealed []byte // the same, as it is kept
	PhoneSealed []byte // given by the caller
	AccountID   int64
	DeviceID    int64

	AccountActive bool
	AccountEmail  string // verified
	AccountPhone  []byte // verified, sealed
	NoEmail       bool   // the account switched the topic off by e-mail
	NoPhone       bool   // … by phone

	Subject    string
	Body       string
	BodySealed []byte
	Device     []byte // address, sealed
	LinkLabel  string
	LinkURL    string
	Object     string
	ObjectID   int64
	CreatedAt  time.Time
}

// able says which channels are configured.
type able struct{ email, whatsapp, sms, push bool }

// step is what to do: end with a status, or send by channel to the address.
type step struct {
	end     string // a final status, or "" to send
	channel Channel
	email   string
	phone   []byte
	device  []byte
}

// crashed marks a message whose process died while it was being sent.
const crashed = "process died while sending"

func plan(m stored, can able, now time.Time) step {
	switch m.Status {
	case "queued":
	case "sending":
		// The job runs again, so the process that was sending is gone.
		if m.LastError == crashed {
			return step{end: "unknown"}
		}
	default:
		return step{end: m.Status}
	}
	if m.ExpiresAt != nil && now.After(*m.ExpiresAt) {
		return step{end: "expired"}
	}
	email, phone := m.Email, m.PhoneSealed
	if m.AccountID != 0 && email == "" && phone == nil {
		if !m.AccountActive {
			return step{end: "suppressed"}
		}
		email, phone = m.AccountEmail, m.AccountPhone
		if m.NoEmail {
			email = ""
		}
		if m.NoPhone {
			phone = nil
		}
		if email == "" && phone == nil {
			return step{end: "suppressed"}
		}
	}
	ways := []Channel{m.Channel}
	if m.Channel == Auto {
		ways = []Channel{Email, WhatsApp, SMS}
	}
	for _, c := range ways {
		switch {
		case c == WebPush && can.push:
			return step{channel: WebPush, device: m.Device}
		case c == Email && can.email && email != "":
			return step{channel: Email, email: email}
		case c == WhatsApp && can.whatsapp && phone != nil:
			return step{channel: WhatsApp, phone: phone}
		case c == SMS && can.sms && phone != nil:
			return step{channel: SMS, phone: phone}
		}
	}
	return step{end: "off"}
}
