// Package scene draws the photos of the demo: streets of a tropical city with
// what citizens report, and the same place once it is put right. A drawing
// depends on its kind and seed alone, so it is the same on every machine.
package scene

import (
	"bytes"
	"image"
	"image/jpeg"
)

// Kind is what a picture shows.
type Kind uint8

// The kinds of scenes.
const (
	Pothole Kind = iota
	Lamp
	Garbage
	Drain
	Tree
	Flood
	Parking
	Signal
	Leak
	Stall
	Sidewalk
	kinds
)

// Kinds is how many there are.
const Kinds = int(kinds)

// Scene is one picture.
type Scene struct {
	Kind  Kind
	Seed  uint64
	Fixed bool // the same place after the work
}

// problems draws what is wrong, or what was done about it, into a street.
var problems = [Kinds]func(s *street, fixed bool){
	Pothole: (*street).pothole, Lamp: (*street).lamp, Garbage: (*street).garbage, Drain: (*street).drain,
	Tree: (*street).fallen, Flood: (*street).flood, Parking: (*street).parking, Signal: (*street).signal,
	Leak: (*street).leak, Stall: (*street).stall, Sidewalk: (*street).sidewalk,
}

// Draw paints the picture.
func Draw(v Scene) *image.RGBA {
	h := noon
	switch {
	case v.Kind == Lamp:
		h = night
	case v.Seed%5 == 3:
		h = evening
	}
	s := newStreet(v.Seed*uint64(kinds)+uint64(v.Kind), h)
	switch v.Kind {
	case Lamp, Parking, Signal, Stall:
		s.widen()
	case Sidewalk:
		s.aside()
	}
	s.set()
	problems[v.Kind](s, v.Fixed)
	s.lights()
	s.finish()
	return s.img
}

// JPEG is the picture as a phone would send it.
func JPEG(v Scene) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, Draw(v), &jpeg.Options{Quality: 80}); err != nil {
		panic(err) // a buffer takes everything and the size is right
	}
	return b.Bytes()
}
