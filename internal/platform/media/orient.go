package media

// orientation is EXIF's: how the stored rows and columns must be turned to
// stand upright. 1 is upright, 2 to 4 mirror or turn by 180°, 5 to 8 swap
// width and height.
type orientation uint8

const (
	upright    orientation = 1
	mirrored   orientation = 2
	turned180  orientation = 3
	flipped    orientation = 4
	transposed orientation = 5
	turnLeft   orientation = 6 // the camera was turned left, so turn right by 90°
	transverse orientation = 7
	turnRight  orientation = 8
)

// upright returns the picture as it should be seen.
func (p planes) upright(o orientation) planes {
	if o <= upright || o > turnRight {
		return p
	}
	q := planes{w: p.w, h: p.h, y: p.y.turn(o), cb: p.cb.turn(o), cr: p.cr.turn(o)}
	if o >= transposed {
		q.w, q.h = p.h, p.w
	}
	return q
}

func (p plane) turn(o orientation) plane {
	w, h := p.w, p.h
	if o >= transposed {
		w, h = h, w
	}
	q := newPlane(w, h)
	// The source pixel of (x, y) lies at start + x·dx + y·dy.
	var start, dx, dy int
	last, bottom := p.w-1, (p.h-1)*p.w
	switch o {
	case mirrored:
		start, dx, dy = last, -1, p.w
	case turned180:
		start, dx, dy = bottom+last, -1, -p.w
	case flipped:
		start, dx, dy = bottom, 1, -p.w
	case transposed:
		start, dx, dy = 0, p.w, 1
	case turnLeft:
		start, dx, dy = bottom, -p.w, 1
	case transverse:
		start, dx, dy = bottom+last, -p.w, -1
	case turnRight:
		start, dx, dy = last, p.w, -1
	default:
		start, dx, dy = 0, 1, p.w
	}
	for y := range h {
		row := q.row(y)
		i := start + y*dy
		for x := range row {
			row[x] = p.pix[i]
			i += dx
		}
	}
	return q
}
