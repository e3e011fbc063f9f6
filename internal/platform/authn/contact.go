package authn

import (
	"net/mail"
	"strings"
	"unicode"

	"makassartidakrantasa.com/portal/internal/platform/indo"
)

// Contact is how somebody is reached: an e-mail address or a phone number in normal
// form (+62…), never both.
type Contact struct {
	Email string
	Phone string
}

// ParseContact reads an e-mail address or an Indonesian mobile number as people type
// it. It reports false for anything else.
func ParseContact(s string) (Contact, bool) {
	s = strings.TrimSpace(s)
	if strings.Contains(s, "@") {
		email, ok := parseEmail(s)
		return Contact{Email: email}, ok
	}
	phone, ok := indo.Phone(s)
	if !ok || !indo.IsMobile(phone) {
		return Contact{}, false
	}
	return Contact{Phone: phone}, true
}

func parseEmail(s string) (string, bool) {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || a.Name != "" || len(s) > 254 {
		return "", false
	}
	at := strings.LastIndexByte(s, '@')
	domain := s[at+1:]
	if !strings.Contains(domain, ".") || strings.HasPrefix(domain, ".") || strings.ContainsFunc(s, unicode.IsControl) {
		return "", false
	}
	return s[:at+1] + strings.ToLower(domain), true
}

// Masked shows enough of a contact to recognise one's own: "an•••@contoh.id".
func (c Contact) Masked() string {
	if c.Phone != "" {
		return indo.MaskPhone(c.Phone)
	}
	at := strings.LastIndexByte(c.Email, '@')
	if at < 0 {
		return ""
	}
	runes := []rune(c.Email[:at])
	return string(runes[:min(2, len(runes))]) + "•••" + c.Email[at:]
}

func (c Contact) String() string {
	if c.Phone != "" {
		return c.Phone
	}
	return c.Email
}

// key is what the contact is counted and looked up by.
func (c Contact) key() string {
	if c.Phone != "" {
		return "tel:" + c.Phone
	}
	return "mailto:" + strings.ToLower(c.Email)
}
