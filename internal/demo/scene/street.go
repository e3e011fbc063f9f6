package scene

import "math"

// street is the stage of most scenes: a road seen from eye height, in metres.
// x runs to the right, y up, z away from the camera.
type street struct {
	*canvas
	h       hour
	vx, hy  float64 // vanishing point on the picture
	half    float64 // half the road's width
	wall    float64 // from the middle to the houses
	lorong  bool
	windows []pt // lit windows, for the glow at night
}

const (
	focal = 900
	eye   = 1.55
	near  = 2.2
)

type hour uint8

const (
	noon hour = iota
	evening
	night
)

func newStreet(seed uint64, h hour) *street {
	s := &street{canvas: newCanvas(seed), h: h}
	s.vx = Width/2 + s.between(-170, 170)
	s.hy = 380 + s.between(-25, 25)
	s.lorong = s.chance(0.35)
	if s.lorong {
		s.half, s.wall = 1.75, 2.35
	} else {
		s.half, s.wall = 3.2, 5.0
	}
	s.ambient, s.brightness = rgb{255, 252, 246}, 1
	switch h {
	case evening:
		s.ambient, s.brightness = rgb{255, 214, 180}, 0.86
	case night:
		s.ambient, s.brightness = rgb{122, 144, 208}, 0.52
	}
	return s
}

// at projects a place in the world onto the picture.
func (s *street) at(x, y, z float64) pt {
	z = max(z, 0.4)
	return pt{s.vx + focal*x/z, s.hy + focal*(eye-y)/z}
}

// scale is how many pixels a metre takes at distance z.
func scale(z float64) float64 { return focal / z }

// ground fills a patch on the road.
func (s *street) ground(v rgb, alpha float64, xz ...[2]float64) {
	points := make([]pt, len(xz))
	for i, p := range xz {
		points[i] = s.at(p[0], 0, p[1])
	}
	s.shade(v.light(0.06), v, alpha, points...)
}

func (s *street) strip(v rgb, x0, x1, z0, z1 float64) {
	s.ground(v, 1, [2]float64{x0, z0}, [2]float64{x1, z0}, [2]float64{x1, z1}, [2]float64{x0, z1})
}

// side fills a patch of a wall that runs along the road at x.
func (s *street) side(v rgb, x, y0, y1, z0, z1 float64) {
	s.shade(v, v.dark(0.10), 1, s.at(x, y0, z0), s.at(x, y1, z0), s.at(x, y1, z1), s.at(x, y0, z1))
}

// front fills a patch that faces the camera.
func (s *street) front(v rgb, x0, x1, y0, y1, z float64) {
	s.shade(v, v.dark(0.08), 1, s.at(x0, y0, z), s.at(x0, y1, z), s.at(x1, y1, z), s.at(x1, y0, z))
}

// set draws everything that does not depend on the problem.
func (s *street) set() {
	s.sky()
	s.skyline()
	s.land()
	s.houses()
	s.wires()
}

func (s *street) sky() {
	top, low := hex(0x3f93d6), hex(0xd6ecf7)
	switch s.h {
	case evening:
		top, low = hex(0x5a6fb0), hex(0xffc38a)
	case night:
		top, low = hex(0x0b1430), hex(0x27365f)
	}
	edge := s.hy + 30
	s.raw(low, 1, pt{0, 0}, pt{Width, 0}, pt{Width, edge}, pt{0, edge})
	s.fill(top, low, 1, []pt{{0, 0}, {Width, 0}, {Width, edge}, {0, edge}})
	switch s.h {
	case night:
		for range 60 {
			x, y := s.random()*Width, s.random()*s.hy*0.8
			s.raw(rgb{220, 228, 255}, s.between(0.3, 0.9), s.ring(x, y, 1.4, 1.4, 6, 0)...)
		}
		if s.chance(0.6) {
			x, y := s.between(150, Width-150), s.between(60, 150)
			s.glow(rgb{120, 130, 160}, x, y, 110, 0.5)
			s.raw(rgb{240, 240, 225}, 1, s.ring(x, y, 24, 24, 30, 0)...)
		}
		return
	case evening:
		x := s.vx + s.between(-250, 250)
		s.glow(rgb{255, 180, 90}, x, s.hy-30, 360, 0.55)
		s.raw(rgb{255, 236, 190}, 1, s.ring(x, s.hy-36, 40, 40, 40, 0)...)
	case noon:
		if s.chance(0.5) {
			x := s.between(100, Width-100)
			s.glow(rgb{255, 245, 210}, x, 60, 240, 0.5)
		}
	}
	cloud := rgb{255, 255, 255}
	if s.h == evening {
		cloud = hex(0xffd9bd)
	}
	for range 3 + int(s.random()*3) {
		x, y, k := s.random()*Width, s.between(40, s.hy-130), s.between(0.6, 1.3)
		for i := range 5 {
			d := float64(i-2) * 42 * k
			s.raw(cloud, 0.72, s.ring(x+d, y-(14-3*math.Abs(d)/20)*k, s.between(40, 62)*k, s.between(18, 28)*k, 22, 0)...)
		}
		s.raw(cloud, 0.8, s.ring(x, y+6*k, 130*k, 17*k, 26, 0)...)
	}
}

// skyline is what stands far behind: hills, towers, a mosque.
func (s *street) skyline() {
	far := mix(hex(0x7fa5b8), hex(0xbdd3da), 0.4)
	points := []pt{{0, s.hy + 30}}
	for x := 0.0; x <= Width; x += 40 {
		points = append(points, pt{x, s.hy - 26 - 20*math.Sin(x/170+s.vx) - 12*math.Sin(x/67)})
	}
	s.shade(far, far.light(0.2), 1, append(points, pt{Width, s.hy + 30})...)
	near := hex(0x8aa0ad)
	for x := -20.0; x < Width; {
		w, h := s.between(34, 90), s.between(14, 66)
		if s.chance(0.75) {
			s.rect(near.light(s.between(0, 0.3)), x, s.hy-h, w, h+30)
		}
		x += w + s.between(0, 60)
	}
	if s.chance(0.5) { // a mosque
		x := s.vx + s.between(-120, 120)
		c := hex(0xd9e4e0)
		s.rect(c, x-38, s.hy-40, 76, 60)
		s.ellipse(hex(0x2f9e7c), x, s.hy-42, 24, 24)
		s.line(c, pt{x + 56, s.hy + 10}, pt{x + 56, s.hy - 84}, 8)
		s.poly(hex(0x2f9e7c), pt{x + 50, s.hy - 84}, pt{x + 56, s.hy - 104}, pt{x + 62, s.hy - 84})
	}
}

// land is the road, its marks and its edges.
func (s *street) land() {
	verge := hex(0x9fae86)
	if s.lorong {
		verge = hex(0xb9b2a4)
	}
	s.shade(verge.light(0.15), verge, 1, pt{0, s.hy + 6}, pt{Width, s.hy + 6}, pt{Width, Height}, pt{0, Height})
	asphalt := hex(0x6f7479)
	if s.lorong {
		asphalt = hex(0xa39d94) // paving blocks
	}
	s.shade(asphalt.light(0.28), asphalt.dark(0.12), 1,
		s.at(-s.half, 0, 140), s.at(s.half, 0, 140), s.at(s.half, 0, near), s.at(-s.half, 0, near))
	if s.lorong {
		joint := asphalt.dark(0.16)
		for z := near; z < 16; z *= 1.09 {
			s.line(joint, s.at(-s.half, 0, z), s.at(s.half, 0, z), max(0.7, 7/z))
		}
		for x := -s.half; x <= s.half; x += 0.5 {
			s.line(joint, s.at(x, 0, near), s.at(x, 0, 20), 1.1)
		}
	} else {
		paving := hex(0xc9c2b6)
		for _, k := range []float64{-1, 1} {
			s.strip(paving, k*(s.half+0.25), k*s.wall, near, 140)
			for z := near; z < 26; z *= 1.12 {
				s.line(paving.dark(0.14), s.at(k*(s.half+0.25), 0, z), s.at(k*s.wall, 0, z), max(0.7, 6/z))
			}
			s.kerb(k)
		}
		for z := 2.0; z < 90; z += 5 {
			s.strip(hex(0xf3f1e6), -0.07, 0.07, z, z+2.4)
		}
		for range 5 { // patches and tyre marks
			x, z := s.between(-s.half, s.half), s.between(4, 18)
			s.ground(asphalt.dark(0.2), 0.22, [2]float64{x, z}, [2]float64{x + s.between(0.3, 1), z}, [2]float64{x + 0.7, z + s.between(2, 7)}, [2]float64{x, z + 5})
		}
	}
	for range 240 { // grit
		z := near + 14*s.random()*s.random()
		p := s.at(s.between(-s.half, s.half), 0, z)
		d := s.between(2, 7) / z
		v := asphalt.dark(s.between(0.1, 0.3))
		if s.chance(0.4) {
			v = asphalt.light(s.between(0.1, 0.35))
		}
		s.rect(v, p.x, p.y, d*2, d)
	}
}

// kerb is painted black and white, as in the whole country.
func (s *street) kerb(k float64) {
	const height = 0.16
	for i := 60; i >= 0; i-- {
		z0 := near + 0.8*float64(i)
		v := hex(0xf4f2ec)
		if i%2 == 0 {
			v = hex(0x33373d)
		}
		x := k * s.half
		s.side(v, x, 0, height, z0, z0+0.8)
		s.poly(v.light(0.15), s.at(x, height, z0), s.at(x, height, z0+0.8), s.at(x+k*0.25, height, z0+0.8), s.at(x+k*0.25, height, z0))
	}
}

func (s *street) houses() {
	walls := []rgb{hex(0xf2e2c4), hex(0xe9c9a6), hex(0xcfe3dc), hex(0xbcd7e6), hex(0xf3c9b5), hex(0xe8e4da), hex(0xd7d3ea), hex(0xf0dd9a), hex(0xc8dcae)}
	roofs := []rgb{hex(0xa8493a), hex(0x8b5a44), hex(0x5d6b78), hex(0xb86a3c), hex(0x3f7f73)}
	type plot struct{ k, z0, z1 float64 }
	var plots []plot
	for _, k := range []float64{-1, 1} {
		for z := s.between(1.2, 4); z < 75; {
			w := s.between(4, 8)
			plots = append(plots, plot{k, z, z + w})
			z += w + s.between(0.2, 2.6)
		}
	}
	// Far ones first.
	for i := range plots {
		for j := i + 1; j < len(plots); j++ {
			if plots[j].z0 > plots[i].z0 {
				plots[i], plots[j] = plots[j], plots[i]
			}
		}
	}
	for _, p := range plots {
		if s.chance(0.16) || p.z0 < 3 && p.z1 < 4 {
			s.tree(p.k*(s.wall+0.8), (p.z0+p.z1)/2, s.between(3.5, 6))
			continue
		}
		x := p.k * s.wall
		v := walls[int(s.random()*float64(len(walls)))]
		if p.k > 0 {
			v = v.dark(0.10)
		}
		v = mix(v, hex(0xdfeaf0), min(0.5, p.z0/110)) // the air pales what is far
		height := s.between(3, 4)
		shop := !s.lorong && s.chance(0.6)
		if shop {
			height = s.between(6, 8.5)
		}
		s.front(v.dark(0.16), x, x+p.k*9, 0, height, p.z0)
		s.side(v, x, 0, height, p.z0, p.z1)
		s.openings(x, p.z0, p.z1, height, shop)
		roof := roofs[int(s.random()*float64(len(roofs)))]
		if shop {
			s.side(v.dark(0.3), x, height-0.25, height, p.z0, p.z1)
			continue
		}
		over := x - p.k*0.5
		s.poly(roof, s.at(over, height-0.1, p.z0), s.at(over, height-0.1, p.z1), s.at(x+p.k*2.2, height+1.5, p.z1), s.at(x+p.k*2.2, height+1.5, p.z0))
		s.poly(roof.dark(0.25), s.at(over, height-0.1, p.z0), s.at(x+p.k*2.2, height+1.5, p.z0), s.at(x+p.k*5, height-0.1, p.z0))
	}
}

func (s *street) openings(x, z0, z1, height float64, shop bool) {
	glass, frame := hex(0x5c7f93), hex(0xf6f3ec)
	shine := rgb{255, 214, 130}
	window := func(y0, y1, a, b float64, lit bool) {
		s.side(frame, x, y0-0.08, y1+0.08, a-0.08, b+0.08)
		if lit {
			s.raw(shine, 1, s.at(x, y0, a), s.at(x, y1, a), s.at(x, y1, b), s.at(x, y0, b))
			s.windows = append(s.windows, s.at(x, (y0+y1)/2, (a+b)/2))
			return
		}
		s.side(glass, x, y0, y1, a, b)
	}
	lit := func(p float64) bool { return s.h != noon && s.chance(p) }
	n := max(1, int((z1-z0)/2.6))
	step := (z1 - z0) / float64(n)
	for i := range n {
		a := z0 + step*float64(i) + step*0.2
		b := a + step*0.55
		if shop {
			shutter := s.pick(hex(0x4f7f9e), hex(0x8a9aa3), hex(0xa8654f), hex(0x5f8f6e), hex(0xc9a24a))
			if lit(0.3) {
				window(0.1, 2.5, a, b, true)
			} else {
				s.side(shutter, x, 0, 2.5, a-step*0.12, b+step*0.2)
				for y := 0.3; y < 2.5; y += 0.3 {
					s.line(shutter.dark(0.2), s.at(x, y, a-step*0.12), s.at(x, y, b+step*0.2), max(0.6, 5/a))
				}
			}
			for y := 3.6; y+1.3 < height; y += 2.3 {
				window(y, y+1.3, a, b, lit(0.35))
			}
			continue
		}
		if i%2 == 0 {
			window(1.1, 2.2, a, b, lit(0.5))
		} else {
			s.side(s.pick(hex(0x7a5238), hex(0x3f6f8a), hex(0x4f7a55)), x, 0, 2.2, a, a+min(1, step*0.5))
		}
	}
	if shop {
		awning := s.pick(hex(0xc8433a), hex(0x2f7fb5), hex(0x3f9a63), hex(0xe0a030))
		k := math.Copysign(1, x)
		s.poly(awning, s.at(x, 3.1, z0), s.at(x, 3.1, z1), s.at(x-k*1.1, 2.6, z1), s.at(x-k*1.1, 2.6, z0))
		s.poly(awning.dark(0.25), s.at(x-k*1.1, 2.6, z0), s.at(x-k*1.1, 2.6, z1), s.at(x-k*1.1, 2.42, z1), s.at(x-k*1.1, 2.42, z0))
		s.side(s.pick(hex(0xfdf6e3), hex(0xf7d65a), hex(0xd94f46), hex(0x2b5f9e)), x, 3.15, 3.7, z0+0.3, z1-0.3)
	}
}

// tree draws a tropical tree or a palm.
func (s *street) tree(x, z, height float64) {
	base := s.at(x, 0, z)
	m := scale(z)
	s.shadow(base.x, base.y, 1.1*m, 0.16*m, 0.35)
	bark := hex(0x7b5b40)
	top := s.at(x, height*0.62, z)
	if s.chance(0.4) { // palm
		lean := s.between(-0.5, 0.5) * m
		s.curve(bark, max(1.5, 0.22*m), base, pt{base.x + lean*0.4, (base.y + top.y) / 2}, pt{top.x + lean, top.y})
		leaf := s.pick(hex(0x4f9a4a), hex(0x3f8a55), hex(0x6aa84f))
		for i := range 9 {
			a := math.Pi*(1.15+1.5*float64(i)/8) - 0.4
			r := m * s.between(1.5, 2.1)
			dx, dy := math.Cos(a)*r, math.Sin(a)*r*0.7
			c := pt{top.x + lean, top.y}
			tip := pt{c.x + dx, c.y + dy + 0.5*r*math.Abs(dx)/r}
			mid := pt{c.x + dx*0.55, c.y + dy*0.9 - 0.1*r}
			s.poly(leaf.dark(s.between(0, 0.25)), c, pt{mid.x - 0.1*m, mid.y - 0.12*m}, tip, pt{mid.x + 0.1*m, mid.y + 0.16*m})
		}
		return
	}
	s.line(bark, base, top, max(1.5, 0.3*m))
	leaf := s.pick(hex(0x4d8f46), hex(0x5f9d4c), hex(0x3d8060))
	for i := range 9 {
		a := 2 * math.Pi * float64(i) / 9
		r := m * height * 0.2
		s.poly(leaf.dark(0.22*s.random()+0.05*math.Sin(a)+0.05), s.ring(top.x+math.Cos(a)*r*1.15, top.y-r*0.55+math.Sin(a)*r*0.7, r*s.between(0.8, 1.1), r*s.between(0.7, 0.9), 20, 0.06)...)
	}
	s.poly(leaf.light(0.12), s.ring(top.x-m*height*0.08, top.y-m*height*0.22, m*height*0.18, m*height*0.13, 22, 0.07)...)
}

// wires hang between the poles along the right side.
func (s *street) wires() {
	x := s.wall - 0.35
	if s.lorong {
		x = s.half + 0.3
	}
	wood := hex(0x8c8f92)
	for z := 50.0; z > 5; z -= 11 {
		m := scale(z)
		s.line(wood, s.at(x, 0, z), s.at(x, 6.2, z), max(1.2, 0.2*m))
		s.line(wood.dark(0.2), s.at(x-0.6, 5.8, z), s.at(x+0.6, 5.8, z), max(1, 0.1*m))
		for _, d := range []float64{-0.5, 0.1, 0.5} {
			a, b := s.at(x+d, 5.85, z), s.at(x+d, 5.85, max(1.2, z-11))
			var points []pt
			for i := range 9 {
				t := float64(i) / 8
				zz := z + (max(1.2, z-11)-z)*t
				p := s.at(x+d, 5.85-0.5*4*t*(1-t), zz)
				points = append(points, p)
			}
			points[0], points[8] = a, b
			s.curve(hex(0x3a3d44), 1.5, points...)
		}
	}
}

// lights lets windows and lamps shine; it comes after everything is drawn.
func (s *street) lights() {
	if s.h == noon {
		return
	}
	k := 0.22
	if s.h == night {
		k = 0.42
	}
	for _, w := range s.windows {
		if math.Abs(w.x-s.vx) < 260 { // far ones would add up to a fire
			continue
		}
		if w.x > -100 && w.x < Width+100 && w.y > -100 && w.y < Height {
			s.glow(rgb{255, 190, 90}, w.x, w.y, 90, k)
		}
	}
}
