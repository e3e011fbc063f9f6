package mediatest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"strings"
)

// PDF makes a file of one empty page. extra is put into its catalog; objects are
// further ones, from number 4 on, each its body.
func PDF(extra string, objects ...string) []byte {
	all := append([]string{
		"<< /Type /Catalog /Pages 2 0 R " + extra + " >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
	}, objects...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var table strings.Builder
	for i, body := range all {
		fmt.Fprintf(&table, "%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(all)+1, table.String(), len(all)+1, at)
	return b.Bytes()
}

// ObjectStream is a compressed object stream for [PDF], of objects numbered from 100
// on. dict is put into its dictionary.
func ObjectStream(dict string, objects ...string) string {
	var head, body strings.Builder
	for i, o := range objects {
		fmt.Fprintf(&head, "%d %d ", 100+i, body.Len())
		body.WriteString(o + " ")
	}
	text := head.String() + body.String()
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, err := w.Write([]byte(text))
	must(err)
	must(w.Close())
	return fmt.Sprintf("<< %s /N %d /First %d /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", dict, len(objects), head.Len(), z.Len(), z.String())
}
