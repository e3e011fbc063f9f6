package media

import "math/bits"

// dHash tells for 8×8 places whether the picture gets brighter to the right.
func (p planes) dHash() uint64 {
	const cols, lines = 9, 8
	var grid [lines][cols]int
	for j := range lines {
		y0, y1 := span(j, lines, p.h)
		for i := range cols {
			x0, x1 := span(i, cols, p.w)
			sum := 0
			for y := y0; y < y1; y++ {
				for _, v := range p.y.row(y)[x0:x1] {
					sum += int(v)
				}
			}
			grid[j][i] = sum / ((x1 - x0) * (y1 - y0))
		}
	}
	var h uint64
	for j := range lines {
		for i := range cols - 1 {
			h <<= 1
			if grid[j][i] < grid[j][i+1] {
				h |= 1
			}
		}
	}
	return h
}

// span returns the i-th of n parts of length pixels, at least one pixel wide.
func span(i, n, length int) (from, to int) {
	from = min(i*length/n, length-1)
	return from, max(from+1, (i+1)*length/n)
}

// Distance is the number of bits in which two difference hashes differ: up to
// about 10 means probably the same scene.
func Distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }
