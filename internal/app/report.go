package app

import (
	"fmt"
	"io"

	"makassartidakrantasa.com/portal/internal/platform/org"
)

func printReport(w io.Writer, r org.Report) {
	fmt.Fprintf(w, "%+v\n", r)
}
