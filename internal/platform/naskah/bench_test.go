package naskah_test

import "testing"

func BenchmarkRender(b *testing.B) {
	d := domisili()
	for b.Loop() {
		render(b, d)
	}
}
