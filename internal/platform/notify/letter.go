package notify

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
)

// letter is a message in words, before it becomes text, HTML or a short message.
type letter struct {
	Portal, Home, Subject string
	Paragraphs            []string
	Label, URL            string
	Unsubscribe           string
}

func paragraphs(text string) []string {
	var ps []string
	for _, p := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			ps = append(ps, p)
		}
	}
	return ps
}

func (l letter) text() string {
	var b strings.Builder
	for _, p := range l.Paragraphs {
		b.WriteString(p + "\n\n")
	}
	if l.URL != "" {
		fmt.Fprintf(&b, "%s:\n%s\n\n", l.Label, l.URL)
	}
	fmt.Fprintf(&b, "-- \n%s\n%s\n", l.Portal, l.Home)
	if l.Unsubscribe != "" {
		fmt.Fprintf(&b, "Tidak ingin menerima kabar ini lagi? %s\n", l.Unsubscribe)
	}
	return b.String()
}

// short is for phones: no footer, since each character may cost.
func (l letter) short() string {
	parts := append([]string{}, l.Paragraphs...)
	if l.URL != "" {
		parts = append(parts, l.URL)
	}
	return strings.Join(append(parts, "– "+l.Portal), "\n")
}

func (l letter) html() (string, error) {
	var b bytes.Buffer
	if err := htmlLetter.Execute(&b, l); err != nil {
		return "", err
	}
	return b.String(), nil
}

// Mail programs know only inline styles; colours are the portal's own.
var htmlLetter = template.Must(template.New("letter").Funcs(template.FuncMap{
	"lines": func(s string) []string { return strings.Split(s, "\n") },
}).Parse(`<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Subject}}</title></head>
<body style="margin:0;background:#f4f6f8;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:16px;line-height:1.5;color:#1b2733">
<div style="max-width:34rem;margin:0 auto;padding:24px 16px">
<p style="margin:0 0 12px;font-weight:700;color:#0B4F7A;border-bottom:4px solid #9B1C2E;padding-bottom:8px">{{.Portal}}</p>
<div style="background:#fff;border-radius:8px;padding:20px">
{{range .Paragraphs}}<p style="margin:0 0 14px">{{range $i, $line := lines .}}{{if $i}}<br>{{end}}{{$line}}{{end}}</p>
{{end}}{{if .URL}}<p style="margin:18px 0 6px"><a href="{{.URL}}" style="display:inline-block;background:#0B4F7A;color:#fff;text-decoration:none;padding:12px 20px;border-radius:6px">{{.Label}}</a></p>{{end}}
</div>
<p style="font-size:13px;color:#5b6875">{{.Portal}} · <a href="{{.Home}}" style="color:#0B4F7A">{{.Home}}</a>{{if .Unsubscribe}}<br><a href="{{.Unsubscribe}}" style="color:#5b6875">Berhenti menerima kabar ini</a>{{end}}</p>
</div></body></html>
`))
