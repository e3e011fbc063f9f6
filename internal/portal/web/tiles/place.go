package tiles

import (
	"fmt"
	"math"
	"strconv"
)

// The city with its islands.
const (
	west, east   = 119.00, 119.57
	south, north = -5.27, -4.90
)

const (
	// maxZoom is how near the maps of the portal go.
	maxZoom = 19
	// beside is how many tiles around the city are shown too, half a large screen.
	beside = 5
)

// tile is one picture of a map, as all tile servers number them.
type tile struct{ z, x, y int }

func (t tile) String() string { return fmt.Sprintf("%d/%d/%d", t.z, t.x, t.y) }

// read returns the tile that an address names, if it is of the city and around it.
func read(z, x, y string) (t tile, ok bool) {
	for _, n := range []struct {
		text string
		into *int
	}{{z, &t.z}, {x, &t.x}, {y, &t.y}} {
		v, err := strconv.Atoi(n.text)
		if err != nil || v < 0 || strconv.Itoa(v) != n.text { // one tile has one address
			return t, false
		}
		*n.into = v
	}
	if t.z > maxZoom {
		return t, false
	}
	x0, y0 := at(t.z, west, north)
	x1, y1 := at(t.z, east, south)
	last := 1<<t.z - 1
	return t, t.x >= max(0, x0-beside) && t.x <= min(last, x1+beside) && t.y >= max(0, y0-beside) && t.y <= min(last, y1+beside)
}

// at is the tile of a place.
func at(z int, lng, lat float64) (x, y int) {
	n := math.Exp2(float64(z))
	rad := lat * math.Pi / 180
	return int((lng + 180) / 360 * n), int((1 - math.Asinh(math.Tan(rad))/math.Pi) / 2 * n)
}
