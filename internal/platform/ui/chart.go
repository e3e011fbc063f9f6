package ui

import (
	"slices"
	"strconv"
)

// Series is a row of a column chart; Class is "male" or "female", the two colours that
// charts have in light and dark.
type Series struct {
	Name, Class string
	Values      []int
}

const (
	chartHeight = 100
	chartSlot   = 12 // of one bucket, gap included
)

// tallest value of all series; at least 1.
func tallest(series []Series) int {
	most := 1
	for _, s := range series {
		for _, v := range s.Values {
			most = max(most, v)
		}
	}
	return most
}

// column is the place of a value in a chart of so many series.
func column(series, of, at, value, most int) (x, y, width, height string) {
	w := float64(chartSlot-2) / float64(of)
	h := float64(value) * chartHeight / float64(most)
	return decimal(float64(at*chartSlot+1) + float64(series)*w), decimal(chartHeight - h), decimal(w), decimal(h)
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// ticks are the names that fit below a chart: the first, the middle and the last.
func ticks(names []string) []string {
	if n := len(names); n > 3 {
		return []string{names[0], names[n/2], names[n-1]}
	}
	return slices.Clone(names)
}
