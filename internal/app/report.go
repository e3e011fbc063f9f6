package app

import (
	"fmt"
	"io"

	"makassartidakrantasa.com/portal/internal/platform/org"
)

// printReport says what an import did, or would do, and what deserves a look.
func printReport(w io.Writer, r org.Report) {
	for _, p := range r.Warnings {
		fmt.Fprintf(w, "perhatikan: %s\n", p)
	}
	fmt.Fprintf(w, "%d baris dibaca\n", r.Rows)
	for _, n := range []struct {
		count int
		what  string
	}{
		{r.Added, "baru"}, {r.Changed, "berubah"}, {r.Moved, "pindah jabatan"}, {r.Left, "keluar"},
		{r.Same, "sama seperti tercatat"}, {len(r.Problems), "bermasalah"},
	} {
		if n.count > 0 {
			fmt.Fprintf(w, "%6d %s\n", n.count, n.what)
		}
	}
	if r.Applied {
		fmt.Fprintln(w, "Perubahan sudah disimpan.")
	}
}
