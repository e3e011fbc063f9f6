package epemerintahan

import (
	"testing"

	"pgregory.net/rapid"
)

// TestHiddenCountsCannotBeComputed tries every table that looks like the one shown:
// each hidden count must be different in two of them.
func TestHiddenCountsCannotBeComputed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 2).Draw(t, "columns")
		counts := make([][]int, rapid.IntRange(1, 5).Draw(t, "rows"))
		table := FigureTable{Columns: make([]string, columns), Rows: make([]FigureRow, len(counts))}
		for i := range counts {
			for range columns {
				counts[i] = append(counts[i], rapid.SampledFrom([]int{0, 0, 1, 2, 3, 4, 4, 5, 6, 7, 9, 12}).Draw(t, "n"))
			}
		}
		got := protect(table, counts)
		if got.Withheld {
			return
		}
		for c := range columns {
			var marks []Mark
			rest := 0
			for i, r := range got.Rows {
				cell := r.Counts[c]
				switch {
				case cell.Mark == Shown && (cell.N != counts[i][c] || small(cell.N)):
					t.Fatalf("%d is shown as %v", counts[i][c], cell)
				case cell.Mark == Small && !small(counts[i][c]), cell.Mark == Held && small(counts[i][c]):
					t.Fatalf("%d is shown as %v", counts[i][c], cell)
				case cell.Mark != Shown:
					marks = append(marks, cell.Mark)
					rest += counts[i][c]
					if r.Total.Mark == Shown {
						t.Fatal("the total of a hidden row is shown")
					}
				}
			}
			for i, values := range possible(marks, rest) {
				if len(values) < 2 {
					t.Fatalf("column %d of %v: hidden count %d can only be %v", c, counts, i, values)
				}
			}
		}
	})
}

// possible lists what each of the hidden counts can be, by trying all.
func possible(marks []Mark, sum int) []map[int]bool {
	values := make([]map[int]bool, len(marks))
	for i := range values {
		values[i] = map[int]bool{}
	}
	now := make([]int, len(marks))
	var try func(i, left int)
	try = func(i, left int) {
		if i == len(marks) {
			if left == 0 {
				for j, v := range now {
					values[j][v] = true
				}
			}
			return
		}
		for v := 0; v <= left; v++ {
			if (marks[i] == Small) == small(v) {
				now[i] = v
				try(i+1, left-v)
			}
		}
	}
	try(0, sum)
	return values
}
