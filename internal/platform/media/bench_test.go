package media_test

import (
	"bytes"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/media"
	"makassartidakrantasa.com/portal/internal/platform/media/mediatest"
)

func BenchmarkProcess(b *testing.B) {
	for _, c := range []struct {
		name string
		file []byte
	}{
		{"2048x1536", mediatest.JPEG(2048, 1536)},
		{"4000x3000", mediatest.JPEG(4000, 3000)},
		{"1080x2400 PNG", mediatest.PNG(1080, 2400)},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := media.New(media.Options{})
			b.ReportMetric(float64(len(c.file))/1e3, "KB")
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Process(b.Context(), bytes.NewReader(c.file)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
