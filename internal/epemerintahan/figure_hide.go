package epemerintahan

import "makassartidakrantasa.com/portal/internal/platform/indo"

// smallest is the least count of people that a figure shows.
const smallest = 5

// Mark says why a count is not shown.
type Mark uint8

// The marks.
const (
	Shown Mark = iota
	Small      // 1 to 4
	Held       // held back so that a small one cannot be computed; 0, or 5 and more
)

// Count is a count as it may be shown: N is 0 where Mark is not Shown.
type Count struct {
	N    int
	Mark Mark
}

func (c Count) String() string {
	switch c.Mark {
	case Small:
		return "<5"
	case Held:
		return "•"
	}
	return indo.Int(c.N)
}

// FigureRow is a category with its counts, one for each column of the table.
type FigureRow struct {
	Code   int
	Label  string
	Counts []Count
	Total  Count
}

// FigureTable is a table of counts whose columns and whose whole have known sums.
type FigureTable struct {
	Key, Title string
	Columns    []string // "Laki-laki", "Perempuan"; or one
	Rows       []FigureRow
	Sums       []Count
	Total      Count
	// Withheld: there are so few people that only their total is shown, if that.
	Withheld bool
}

// Hidden tells whether anything in the table is not shown.
func (t FigureTable) Hidden() bool {
	for _, r := range t.Rows {
		if r.Total.Mark != Shown {
			return true
		}
	}
	return t.Withheld
}

// protect decides what a table shows. The rule is the one of primary and complementary
// suppression with a threshold of 5 (Federal Committee on Statistical Methodology,
// Statistical Policy Working Paper 22, 2005, chapters II and IV):
//
//   - a count of 1 to 4 is small, shown as "<5"; 0 says that nobody is there and is shown;
//   - a row with a small count is hidden as a whole, its total too, so that no row can be
//     solved for it: its other counts are held back, shown as "•";
//   - the sums of the columns are shown, so everybody can compute what the hidden counts
//     of a column add up to. Rows are held back, the smallest first, until no hidden
//     count follows from that sum and the marks: each could be at least two numbers;
//   - where even that does not help, or a sum itself is small, only the total is shown.
//
// It protects what is printed and passed on. Whoever may open the figures of single RT
// may open the records too, so figures of different areas are not held against each other.
func protect(t FigureTable, counts [][]int) FigureTable {
	columns := len(t.Columns)
	sums, total := make([]int, columns), 0
	for _, row := range counts {
		for c, n := range row {
			sums[c], total = sums[c]+n, total+n
		}
	}
	hidden := make([]bool, len(counts))
	for i, row := range counts {
		for _, n := range row {
			hidden[i] = hidden[i] || small(n)
		}
	}
	for !safe(counts, hidden, columns) {
		next := -1
		for i, row := range counts {
			if !hidden[i] && add(row) > 0 && (next < 0 || add(row) < add(counts[next])) {
				next = i
			}
		}
		if next < 0 {
			t.Withheld = true
			break
		}
		hidden[next] = true
	}
	for _, n := range sums {
		t.Withheld = t.Withheld || small(n)
	}
	t.Total = shown(total)
	if small(total) {
		t.Total = Count{Mark: Small}
	}
	if t.Withheld {
		t.Rows = nil
		return t
	}
	for i, row := range counts {
		r := &t.Rows[i]
		r.Counts, r.Total = make([]Count, columns), shown(add(row))
		for c, n := range row {
			switch {
			case !hidden[i]:
				r.Counts[c] = shown(n)
			case small(n):
				r.Counts[c] = Count{Mark: Small}
			default:
				r.Counts[c] = Count{Mark: Held}
			}
		}
		if hidden[i] {
			r.Total = Count{Mark: Held}
		}
	}
	for _, n := range sums {
		t.Sums = append(t.Sums, shown(n))
	}
	return t
}

func small(n int) bool { return n > 0 && n < smallest }

func shown(n int) Count { return Count{N: n} }

func add(row []int) (n int) {
	for _, v := range row {
		n += v
	}
	return n
}

// safe tells whether every hidden count of each column could be two numbers.
func safe(counts [][]int, hidden []bool, columns int) bool {
	for c := range columns {
		sum, smalls, held := 0, 0, 0
		for i, row := range counts {
			switch {
			case !hidden[i]:
				continue
			case small(row[c]):
				smalls++
			default:
				held++
			}
			sum += row[c]
		}
		ways := 0
		for v := 1; v < smallest; v++ {
			if canBe(sum-v, smalls-1, held) {
				ways++
			}
		}
		if smalls > 0 && ways < 2 {
			return false
		}
		ways = 0
		for v := 0; v <= sum && ways < 2; v++ {
			if !small(v) && canBe(sum-v, smalls, held-1) {
				ways++
			}
		}
		if held > 0 && ways < 2 {
			return false
		}
	}
	return true
}

// canBe tells whether so many small counts and so many held ones can add up to sum.
func canBe(sum, smalls, held int) bool {
	if smalls < 0 || held < 0 {
		return false
	}
	alone := smalls <= sum && sum <= (smallest-1)*smalls
	return alone || held > 0 && sum >= smalls+smallest
}
