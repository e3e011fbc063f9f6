package scene

import "math"

// widen makes the street one with a kerb and a pavement.
func (s *street) widen() { s.lorong, s.half, s.wall = false, 3.2, 5.0 }

// aside stands on the right, so that the pavement on the left fills the picture.
func (s *street) aside() {
	s.widen()
	s.wall, s.vx = 6.6, Width*0.8
}

// patch is a wobbly ellipse on the ground.
func (s *street) patch(v rgb, alpha, x, z, rx, rz, jitter float64) {
	points := make([][2]float64, 26)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(len(points)))
		w := 1 + jitter*(2*s.random()-1)
		points[i] = [2]float64{x + rx*w*cos, max(near*0.9, z+rz*w*sin)}
	}
	s.ground(v, alpha, points...)
}

// rubble strews stones around a place.
func (s *street) rubble(v rgb, n int, x, z, spread float64) {
	for range n {
		p := s.at(x+s.between(-spread, spread), 0, max(near, z+s.between(-spread, spread)))
		r := s.between(2, 9)
		s.poly(v.dark(s.between(0, 0.4)), s.ring(p.x, p.y, r*1.3, r*0.8, 7, 0.3)...)
	}
}

func (s *street) asphalt() rgb {
	if s.lorong {
		return hex(0xa39d94)
	}
	return hex(0x6f7479)
}

func (s *street) pothole(fixed bool) {
	road := s.asphalt()
	holes := 2 + int(s.random()*3)
	for i := range holes {
		x := s.between(-s.half*0.55, s.half*0.55)
		z := 3.6 + 6/float64(i*i+1) + s.between(0, 0.8)
		rx, rz := s.between(0.35, 0.75)*s.half/2.4, s.between(0.5, 0.9)
		if fixed {
			tar := hex(0x34373b)
			s.ground(tar.light(0.1), 0.9, [2]float64{x - rx*1.5, z - rz*1.3}, [2]float64{x + rx*1.45, z - rz*1.35}, [2]float64{x + rx*1.55, z + rz*1.3}, [2]float64{x - rx*1.4, z + rz*1.4})
			s.ground(tar, 1, [2]float64{x - rx*1.4, z - rz*1.2}, [2]float64{x + rx*1.4, z - rz*1.2}, [2]float64{x + rx*1.4, z + rz*1.2}, [2]float64{x - rx*1.4, z + rz*1.2})
			continue
		}
		s.patch(road.light(0.22), 0.85, x, z, rx*1.45, rz*1.4, 0.2)
		s.patch(hex(0x5a5048), 1, x, z, rx*1.12, rz*1.12, 0.16)
		s.patch(hex(0x3b332d), 1, x+0.02, z+rz*0.1, rx, rz, 0.14)
		if s.chance(0.65) { // rain stands in it
			s.patch(hex(0x8d8a80), 0.95, x, z-rz*0.1, rx*0.8, rz*0.72, 0.1)
			s.patch(hex(0xcfd9de), 0.5, x-rx*0.2, z-rz*0.05, rx*0.42, rz*0.3, 0.15)
		}
		s.rubble(hex(0x8a8278), 26, x, z, rx*1.9)
	}
	if !fixed && s.chance(0.5) { // neighbours put up a branch as a warning
		p := s.at(s.half*0.2, 0, 6)
		s.line(hex(0x7b5b40), p, pt{p.x + 18, p.y - 210}, 9)
		for range 14 {
			s.poly(hex(0x4d8f46).dark(s.between(0, 0.3)), s.ring(p.x+18+s.between(-46, 46), p.y-215+s.between(-50, 50), 24, 14, 9, 0.3)...)
		}
		s.poly(hex(0xd94f46), pt{p.x + 14, p.y - 150}, pt{p.x + 76, p.y - 160}, pt{p.x + 70, p.y - 118}, pt{p.x + 13, p.y - 110})
	}
}

func (s *street) lamp(fixed bool) {
	steel := hex(0x9aa4ad)
	lamp := func(z float64, on bool) {
		m := scale(z)
		x, height := s.half+0.3, 5.6
		s.line(steel, s.at(x, 0, z), s.at(x, height, z), max(2, 0.17*m))
		s.line(steel, s.at(x, height, z), s.at(x-1.7, height+0.35, z), max(1.5, 0.11*m))
		head := s.at(x-1.8, height+0.32, z)
		s.poly(hex(0x4b5157), pt{head.x - 0.42*m, head.y - 0.1*m}, pt{head.x + 0.3*m, head.y - 0.16*m}, pt{head.x + 0.32*m, head.y + 0.07*m}, pt{head.x - 0.4*m, head.y + 0.1*m})
		if !on {
			return
		}
		pool := s.at(x-1.8, 0, z)
		s.glow(rgb{255, 214, 140}, pool.x, pool.y, 3.3*m, 0.34)
		s.raw(rgb{255, 240, 200}, 0.10, head, pt{pool.x + 2.1*m, pool.y}, pt{pool.x - 2.1*m, pool.y})
		s.raw(rgb{255, 246, 220}, 1, s.ring(head.x, head.y+0.1*m, 0.32*m, 0.1*m, 18, 0)...)
		s.glow(rgb{255, 220, 150}, head.x, head.y, 1.5*m, 0.8)
	}
	for _, z := range []float64{52, 38, 25} {
		lamp(z, fixed || z > 30)
	}
	lamp(14, fixed)
}

func (s *street) garbage(fixed bool) {
	k := 1.0
	if s.chance(0.5) {
		k = -1
	}
	x0, z0 := k*(s.half-0.4), s.between(4.6, 6.2)
	if fixed {
		s.patch(s.asphalt().light(0.14), 0.6, x0, z0, 1.3, 1.3, 0.1)
		for i := range 2 { // bins for sorted waste
			v := []rgb{hex(0x2f8f4e), hex(0xe0a030)}[i]
			x := x0 + k*(0.1+0.65*float64(i))
			s.shadow(s.at(x+0.25, 0, z0).x, s.at(x, 0, z0).y, 0.4*scale(z0), 0.1*scale(z0), 0.4)
			s.front(v, x, x+0.5, 0.06, 0.95, z0)
			s.front(v.dark(0.25), x-0.04, x+0.54, 0.95, 1.08, z0)
		}
		return
	}
	s.patch(hex(0x5d5546), 0.8, x0, z0, 1.7, 1.3, 0.2)
	const bags = 95
	for i := range bags {
		t := float64(i) / bags // from back to front
		z := z0 + 1.1 - 2.2*t
		x := x0 + s.between(-1, 1)*1.35*math.Sqrt(1-math.Pow(2*t-1, 2)*0.6)
		y := s.random() * 0.85 * max(0, 1-math.Abs(x-x0)/1.5) * (1 - t*0.5)
		p, m := s.at(x, y, z), scale(z)
		r := s.between(0.10, 0.24) * m
		v := s.pick(hex(0x2a2c33), hex(0x2a2c33), hex(0x3d434c), hex(0xe8e6df), hex(0xc9473f), hex(0x3f7fb8), hex(0xd9b13c), hex(0x5f9a57), hex(0x8a6a48))
		s.poly(v.dark(0.35), s.ring(p.x, p.y+r*0.15, r*1.08, r*0.9, 13, 0.14)...)
		s.poly(v, s.ring(p.x, p.y, r, r*0.82, 13, 0.14)...)
		s.shade(v.light(0.5), v.light(0.3), 0.5, s.ring(p.x-r*0.3, p.y-r*0.3, r*0.32, r*0.2, 9, 0.2)...)
	}
	for range 40 { // what the wind takes
		p := s.at(x0+s.between(-2.2, 2.2), 0, max(near, z0+s.between(-2.2, 1.6)))
		v := s.pick(hex(0xf3f1ea), hex(0xd9b13c), hex(0x4f8fc0), hex(0xc9473f))
		s.poly(v, s.ring(p.x, p.y, s.between(5, 16), s.between(3, 7), 6, 0.4)...)
	}
}

func (s *street) drain(fixed bool) {
	x0, x1 := s.half*0.15, s.half*0.95
	concrete := hex(0xb9b5ab)
	s.strip(concrete, x0-0.16, x1+0.16, near, 60)
	s.strip(concrete.dark(0.5), x0, x1, near, 60)
	water := hex(0x3f4238)
	if fixed {
		water = hex(0x6f8f93)
	}
	s.strip(water, x0+0.1, x1-0.05, near, 60)
	for range 60 {
		z := near + 14*s.random()*s.random()
		x := s.between(x0+0.12, x1-0.3)
		s.ground(water.light(0.3), 0.35, [2]float64{x, z}, [2]float64{x + 0.18, z}, [2]float64{x + 0.14, z + 0.05})
	}
	if fixed {
		p := s.at(x0-0.9, 0, 5) // the mud that came out waits for the truck
		for range 30 {
			s.poly(hex(0x4f463b).dark(s.between(0, 0.25)), s.ring(p.x+s.between(-90, 90), p.y+s.between(-34, 10), 30, 16, 11, 0.2)...)
		}
		return
	}
	for range 150 {
		z := near + 9*s.random()*s.random()
		p, m := s.at(s.between(x0+0.1, x1-0.1), 0.02, z), scale(z)
		r := s.between(0.03, 0.13) * m
		v := s.pick(hex(0x2a2c33), hex(0xe8e6df), hex(0x4f8fc0), hex(0x5d5546), hex(0x5d5546), hex(0x6a7a4a), hex(0xc9473f))
		s.poly(v.dark(s.between(0, 0.3)), s.ring(p.x, p.y, r, r*0.5, 9, 0.3)...)
	}
}

func (s *street) fallen(fixed bool) {
	bark, leaf := hex(0x6f5238), hex(0x4d8f46)
	z := s.between(6, 7.5)
	if fixed {
		x := s.wall - 0.2
		for i := range 7 { // sawn and stacked
			p, m := s.at(-s.half-0.3+0.34*float64(i%3)+0.17*float64(i/3), 0.17+0.3*float64(i/3), z), scale(z)
			s.poly(bark.dark(0.2), s.ring(p.x, p.y, 0.17*m, 0.17*m, 20, 0.03)...)
			s.poly(hex(0xd9b98a), s.ring(p.x, p.y, 0.14*m, 0.14*m, 20, 0.03)...)
			s.poly(hex(0xc49a68), s.ring(p.x, p.y, 0.07*m, 0.07*m, 16, 0.05)...)
		}
		s.front(bark, x-0.3, x+0.15, 0, 0.4, z)
		s.patch(hex(0xd9c39a), 0.5, 0, z, 1.6, 0.7, 0.3)
		return
	}
	a, b := s.at(s.wall, 0.9, z+0.6), s.at(-s.half*0.5, 0.35, z-0.9)
	m := scale(z)
	s.shadow((a.x+b.x)/2, s.at(0, 0, z).y, math.Abs(a.x-b.x)*0.6, 0.25*m, 0.5)
	s.line(bark, a, b, 0.42*m)
	s.line(bark.light(0.18), pt{a.x, a.y - 0.1*m}, pt{b.x, b.y - 0.1*m}, 0.1*m)
	for range 9 {
		t := s.between(0.3, 1)
		p := pt{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t}
		s.line(bark.dark(0.1), p, pt{p.x + s.between(-1, 0.4)*m, p.y + s.between(-1, 0.3)*m}, 0.1*m)
	}
	for range 70 {
		t := s.between(0.5, 1.5)
		p := pt{a.x + (b.x-a.x)*t + s.between(-0.5, 0.5)*m, a.y + (b.y-a.y)*t + s.between(-0.9, 0.5)*m}
		r := s.between(0.15, 0.4) * m
		s.poly(leaf.dark(s.between(-0.1, 0.4)), s.ring(p.x, p.y, r, r*0.75, 12, 0.25)...)
	}
	roots := s.at(s.wall, 0.9, z+0.6)
	for i := range 8 {
		t := float64(i)/7*2.4 - 1.2
		s.line(hex(0x5a4632), roots, pt{roots.x + 0.7*m*math.Cos(t), roots.y + 0.7*m*math.Sin(t)}, 0.09*m)
	}
}

func (s *street) flood(fixed bool) {
	if fixed { // it has drained off: wet ground, silt at the edges
		for range 16 {
			s.patch(hex(0xa9bcc4), 0.35, s.between(-s.half, s.half), s.between(3, 16), s.between(0.3, 1), s.between(0.3, 0.9), 0.25)
		}
		s.strip(hex(0x8a7a5c), -s.half, -s.half+0.3, near, 40)
		return
	}
	water := hex(0x9a8562)
	level := 0.22
	s.shade(water.light(0.4), water.dark(0.1), 0.93, s.at(-s.wall, level, 90), s.at(s.wall, level, 90), s.at(s.wall, level, 1.4), s.at(-s.wall, level, 1.4))
	for range 220 {
		z := near + 26*s.random()*s.random()
		p, m := s.at(s.between(-s.wall, s.wall), level, z), scale(z)
		s.shade(water.light(0.6), water.light(0.4), 0.5, s.ring(p.x, p.y, s.between(0.1, 0.5)*m, max(0.8, 0.015*m), 10, 0.1)...)
	}
	for range 12 {
		z := s.between(3, 14)
		p, m := s.at(s.between(-s.half, s.half), level, z), scale(z)
		s.poly(s.pick(hex(0xe8e6df), hex(0x4f8fc0), hex(0x5f9a57), hex(0xc9473f)), s.ring(p.x, p.y, 0.07*m, 0.03*m, 7, 0.4)...)
	}
	s.motorbike(s.between(-1, 1), level*0.6, 8.5)
}

// motorbike from behind, half a rider high.
func (s *street) motorbike(x, y, z float64) {
	m := scale(z)
	p := s.at(x, y, z)
	v := s.pick(hex(0xb73a34), hex(0x2f5f9e), hex(0x22262c))
	s.poly(hex(0x22262c), s.ring(p.x, p.y-0.22*m, 0.11*m, 0.3*m, 18, 0)...)
	s.poly(v, pt{p.x - 0.2*m, p.y - 0.4*m}, pt{p.x + 0.2*m, p.y - 0.4*m}, pt{p.x + 0.14*m, p.y - 0.8*m}, pt{p.x - 0.14*m, p.y - 0.8*m})
	s.raw(rgb{235, 60, 50}, 1, s.ring(p.x, p.y-0.62*m, 0.1*m, 0.05*m, 12, 0)...)
	s.rect(hex(0xf3f1ea), p.x-0.09*m, p.y-0.5*m, 0.18*m, 0.09*m)
	coat := s.pick(hex(0x3f7f73), hex(0xd98a2b), hex(0x51627a))
	s.poly(coat, pt{p.x - 0.24*m, p.y - 0.8*m}, pt{p.x + 0.24*m, p.y - 0.8*m}, pt{p.x + 0.2*m, p.y - 1.35*m}, pt{p.x - 0.2*m, p.y - 1.35*m})
	s.poly(hex(0x22262c), s.ring(p.x, p.y-1.48*m, 0.14*m, 0.16*m, 20, 0)...)
	s.line(hex(0x3a3d44), pt{p.x - 0.36*m, p.y - 0.95*m}, pt{p.x + 0.36*m, p.y - 0.95*m}, 0.04*m)
}

// car from behind.
func (s *street) car(x, z float64) {
	m := scale(z)
	p := s.at(x, 0, z)
	v := s.pick(hex(0xe6e8ea), hex(0x2b2f36), hex(0x9aa4ad), hex(0xa33a35), hex(0x2f5f8e), hex(0xc9b48a))
	w := 0.86 * m
	s.shadow(p.x, p.y, w*1.1, 0.16*m, 0.6)
	for _, k := range []float64{-1, 1} {
		s.rect(hex(0x1d2025), p.x+k*w*0.72-0.12*m, p.y-0.42*m, 0.24*m, 0.42*m)
	}
	s.shade(v.light(0.1), v.dark(0.2), 1, pt{p.x - w, p.y - 0.22*m}, pt{p.x + w, p.y - 0.22*m}, pt{p.x + w*0.97, p.y - 0.95*m}, pt{p.x - w*0.97, p.y - 0.95*m})
	s.shade(v.light(0.15), v, 1, pt{p.x - w*0.93, p.y - 0.93*m}, pt{p.x + w*0.93, p.y - 0.93*m}, pt{p.x + w*0.74, p.y - 1.5*m}, pt{p.x - w*0.74, p.y - 1.5*m})
	s.shade(hex(0x6f8a99), hex(0x32424d), 1, pt{p.x - w*0.8, p.y - 0.97*m}, pt{p.x + w*0.8, p.y - 0.97*m}, pt{p.x + w*0.66, p.y - 1.42*m}, pt{p.x - w*0.66, p.y - 1.42*m})
	for _, k := range []float64{-1, 1} {
		s.rect(hex(0xc0332c), p.x+k*w*0.84-0.1*m, p.y-0.84*m, 0.2*m, 0.2*m)
	}
	s.rect(hex(0xf3f1ea), p.x-0.25*m, p.y-0.62*m, 0.5*m, 0.16*m)
	s.rect(v.dark(0.45), p.x-w, p.y-0.36*m, 2*w, 0.14*m)
}

func (s *street) parking(fixed bool) {
	k := 1.0
	if s.chance(0.5) {
		k = -1
	}
	x := k * (s.half - 0.2)
	if !fixed {
		for _, z := range []float64{24, 17.5, 11.5, 6.4} {
			s.car(x, z)
		}
		s.motorbike(x-k*1.6, 0, 7.5)
	}
	pole := s.at(-k*(s.half+0.6), 0, 6.5)
	m := scale(6.5)
	s.line(hex(0xc9ccd0), pole, pt{pole.x, pole.y - 2.2*m}, 0.07*m)
	c := pt{pole.x, pole.y - 2.3*m}
	s.poly(hex(0xf6f6f2), s.ring(c.x, c.y, 0.36*m, 0.36*m, 30, 0)...)
	s.poly(hex(0xc62f2a), s.ring(c.x, c.y, 0.33*m, 0.33*m, 30, 0)...)
	s.poly(hex(0xf6f6f2), s.ring(c.x, c.y, 0.25*m, 0.25*m, 30, 0)...)
	ink := hex(0x20242b)
	s.line(ink, pt{c.x - 0.07*m, c.y + 0.17*m}, pt{c.x - 0.07*m, c.y - 0.17*m}, 0.06*m)
	s.curve(ink, 0.055*m, pt{c.x - 0.07*m, c.y - 0.15*m}, pt{c.x + 0.07*m, c.y - 0.13*m}, pt{c.x + 0.09*m, c.y - 0.05*m}, pt{c.x - 0.06*m, c.y + 0.01*m})
	s.line(hex(0xc62f2a), pt{c.x - 0.2*m, c.y - 0.2*m}, pt{c.x + 0.2*m, c.y + 0.2*m}, 0.06*m)
}

func (s *street) signal(fixed bool) {
	z := 6.8
	m := scale(z)
	foot := s.at(s.half+0.5, 0, z)
	lean := 0.0
	if !fixed && s.chance(0.5) {
		lean = -0.5 * m
	}
	top := pt{foot.x + lean, foot.y - 3*m}
	for i := range 6 {
		a, b := float64(i)/6, float64(i+1)/6
		v := hex(0xf0c23a)
		if i%2 == 0 {
			v = hex(0x2b2f36)
		}
		s.line(v, pt{foot.x + lean*a, foot.y - 3*m*a}, pt{foot.x + lean*b, foot.y - 3*m*b}, 0.14*m)
	}
	s.rect(hex(0x1f2329), top.x-0.26*m, top.y-1.25*m, 0.52*m, 1.35*m)
	for i, v := range []rgb{{230, 60, 50}, {240, 180, 60}, {70, 210, 110}} {
		x, y := top.x, top.y-1.03*m+0.43*m*float64(i)
		s.poly(hex(0x3a3f46), s.ring(x, y, 0.18*m, 0.18*m, 24, 0)...)
		if fixed && i == 2 {
			s.raw(v, 1, s.ring(x, y, 0.16*m, 0.16*m, 24, 0)...)
			s.glow(v, x, y, 0.9*m, 0.5)
		}
	}
	for i := range 3 {
		s.motorbike(-1.8+1.5*float64(i), 0, 13+2*float64(i))
	}
}

func (s *street) leak(fixed bool) {
	z := s.between(5.2, 6.2)
	x := s.between(-0.6, 0.6)
	if fixed {
		s.ground(hex(0x4a4d50), 1, [2]float64{x - 0.9, z - 0.7}, [2]float64{x + 0.9, z - 0.7}, [2]float64{x + 0.9, z + 0.8}, [2]float64{x - 0.9, z + 0.8})
		s.rubble(hex(0xb9a888), 30, x, z, 1.3)
		return
	}
	s.patch(hex(0x8fa9b5), 0.85, x+0.3, z-0.7, 2.1, 1.8, 0.12)
	s.patch(hex(0xd6e6ec), 0.6, x+0.2, z-0.8, 1.3, 0.9, 0.15)
	s.patch(hex(0x5a5048), 1, x, z, 0.5, 0.4, 0.25)
	p, m := s.at(x, 0, z), scale(z)
	for range 160 { // the jet
		t, side := s.random(), s.between(-1, 1)
		h := 1.3 * (1 - side*side) * s.between(0.5, 1)
		px, py := p.x+side*t*0.8*m, p.y-4*h*t*(1-t)*m
		s.raw(rgb{225, 240, 248}, s.between(0.35, 0.8), s.ring(px, py, s.between(2, 7), s.between(3, 11), 8, 0.2)...)
	}
	s.rubble(hex(0x8a8278), 24, x, z, 0.9)
}

func (s *street) stall(fixed bool) {
	x0, x1 := s.half*0.7, s.wall-0.1
	if fixed {
		s.strip(hex(0xd8b44a), s.half+0.9, s.half+1.25, near, 60) // guiding blocks for the blind
		return
	}
	for _, z := range []float64{17, 11, 6.4} {
		v := s.pick(hex(0x2f7fb5), hex(0xd9822b), hex(0xc8433a), hex(0x3f9a63))
		for _, x := range []float64{x0, x1} {
			s.line(hex(0x8c8f92), s.at(x, 0, z), s.at(x, 2.1, z), max(1.2, 0.05*scale(z)))
		}
		s.front(hex(0xcdb58c), x0, x1, 0.0, 0.85, z)
		for i := range 16 {
			p := s.at(x0+(x1-x0)*(0.08+0.84*float64(i%8)/7), 0.92+0.12*float64(i/8), z)
			r := 0.09 * scale(z)
			s.poly(s.pick(hex(0xd9582b), hex(0xe8c23a), hex(0x5f9a57), hex(0xb5433a)), s.ring(p.x, p.y, r, r*0.9, 12, 0.05)...)
		}
		n := 6
		for i := range n { // striped cloth
			c := v
			if i%2 == 1 {
				c = hex(0xf6f3ec)
			}
			a, b := x0-0.3+(x1-x0+0.5)*float64(i)/float64(n), x0-0.3+(x1-x0+0.5)*float64(i+1)/float64(n)
			s.poly(c, s.at(a, 2.0, z-0.3), s.at(b, 2.0, z-0.3), s.at(b, 2.45, z+0.3), s.at(a, 2.45, z+0.3))
		}
	}
}

func (s *street) sidewalk(fixed bool) {
	const k = -1.0
	a, b := k*(s.half+0.25), k*s.wall
	if fixed {
		s.strip(hex(0xc58a6a), a, b, near, 30)
		for z := near; z < 20; z *= 1.07 {
			s.line(hex(0xa87052), s.at(a, 0, z), s.at(b, 0, z), max(0.7, 6/z))
		}
		s.strip(hex(0xe8c23a), a+k*1.1, a+k*1.5, near, 40)
		return
	}
	s.strip(hex(0x8f8577), a, b, 3.2, 9)
	for range 90 { // slabs on edge
		x, z := a+(b-a)*s.random(), s.between(3.2, 9)
		p, m := s.at(x, 0.05, z), scale(z)
		w, h := s.between(0.16, 0.34)*m, s.between(0.05, 0.16)*m
		t := s.between(-0.09, 0.09) * m
		v := hex(0xc9c2b6).dark(s.between(0, 0.25))
		s.poly(v.dark(0.4), pt{p.x - w/2, p.y + h*0.4}, pt{p.x + w/2, p.y + h*0.4 + t}, pt{p.x + w/2, p.y + h + t}, pt{p.x - w/2, p.y + h})
		s.poly(v, pt{p.x - w/2, p.y - h}, pt{p.x + w/2, p.y - h + t}, pt{p.x + w/2, p.y + h*0.4 + t}, pt{p.x - w/2, p.y + h*0.4})
	}
	s.rubble(hex(0xb0a898), 60, (a+b)/2, 5.5, 1)
	s.patch(hex(0x2c2926), 1, (a+b)/2, 5, 0.35, 0.4, 0.2) // an open hole over the drain
}
