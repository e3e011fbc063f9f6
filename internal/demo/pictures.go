package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"runtime"
	"sync"

	"makassartidakrantasa.com/portal/internal/demo/scene"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/media"
)

// pictures draws every scene once and cleans every drawing once: hundreds of
// photos share them.
type pictures struct {
	clean mtr.PhotoProcessor
	draw  func(scene.Scene) []byte

	mu    sync.Mutex
	drawn map[scene.Scene]func() []byte
	done  map[[sha256.Size]byte]func() (media.Photo, error)
}

func newPictures(clean mtr.PhotoProcessor, draw func(scene.Scene) []byte) *pictures {
	return &pictures{clean: clean, draw: draw, drawn: map[scene.Scene]func() []byte{}, done: map[[sha256.Size]byte]func() (media.Photo, error){}}
}

func (p *pictures) jpeg(s scene.Scene) []byte {
	p.mu.Lock()
	draw, ok := p.drawn[s]
	if !ok {
		draw = sync.OnceValue(func() []byte { return p.draw(s) })
		p.drawn[s] = draw
	}
	p.mu.Unlock()
	return draw()
}

// Process implements mtr.PhotoProcessor.
func (p *pictures) Process(ctx context.Context, r io.ReadSeeker) (media.Photo, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return media.Photo{}, err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return media.Photo{}, err
	}
	key := sha256.Sum256(data)
	p.mu.Lock()
	clean, ok := p.done[key]
	if !ok {
		clean = sync.OnceValues(func() (media.Photo, error) { return p.clean.Process(ctx, bytes.NewReader(data)) })
		p.done[key] = clean
	}
	p.mu.Unlock()
	return clean()
}

// ahead prepares the pictures of a story in the order in which it needs them,
// on every core, until all are there or ctx ends.
func (p *pictures) ahead(ctx context.Context, tales []*tale) (wait func()) {
	var wg sync.WaitGroup
	queue := make(chan scene.Scene)
	wg.Go(func() {
		defer close(queue)
		seen := map[scene.Scene]bool{}
		for _, t := range tales {
			for _, s := range append(t.photos[:len(t.photos):len(t.photos)], t.after) {
				if seen[s] {
					continue
				}
				seen[s] = true
				select {
				case queue <- s:
				case <-ctx.Done():
					return
				}
			}
		}
	})
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for s := range queue {
				// What is wrong shows where the picture is used.
				_, _ = p.Process(ctx, bytes.NewReader(p.jpeg(s)))
			}
		})
	}
	return wg.Wait
}

// sheet is a PDF of one page with one line.
func sheet(line string) []byte {
	var b bytes.Buffer
	var at []int
	object := func(body string) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", len(at), body)
	}
	text := fmt.Sprintf("BT /F1 14 Tf 60 760 Td (Hasil pemeriksaan: %s) Tj ET", escapePDF(line))
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
	object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>")
	object(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text))
	object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return b.Bytes()
}

func escapePDF(s string) string {
	var b bytes.Buffer
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r >= ' ' && r < 127:
			b.WriteRune(r)
		}
	}
	return b.String()
}
