package tiles

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// store keeps tiles as files, whose time is when they were fetched. Losing it costs nothing
// but fetching anew, so nothing is synced to disk and no backup has it.
type store struct {
	dir  string
	most int64 // bytes

	mu      sync.Mutex
	size    int64
	counted bool
}

func (s *store) path(t tile) string { return filepath.Join(s.dir, filepath.FromSlash(t.String())) }

func (s *store) load(t tile) (picture []byte, at time.Time, found bool) {
	f, err := os.Open(s.path(t))
	if err != nil {
		return nil, at, false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxTile {
		return nil, at, false
	}
	picture = make([]byte, info.Size())
	if _, err := f.ReadAt(picture, 0); err != nil && len(picture) > 0 {
		return nil, at, false
	}
	return picture, info.ModTime(), true
}

// save keeps a tile, and throws away the oldest when there are too many.
func (s *store) save(t tile, picture []byte, at time.Time) error {
	to := s.path(t)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(s.dir, "baru-*")
	if err != nil {
		return err
	}
	_, err = f.Write(picture)
	err = cmp.Or(err, f.Close(), os.Chtimes(f.Name(), at, at))
	if err == nil {
		err = os.Rename(f.Name(), to)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.size += int64(len(picture)); !s.counted || s.size > s.most {
		s.prune()
	}
	return nil
}

// prune counts what there is, and when it is too much throws away the oldest tenth and what
// is beyond it. s.mu is held.
func (s *store) prune() {
	type file struct {
		path string
		size int64
		at   time.Time
	}
	var all []file
	s.size = 0
	_ = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil //nolint:nilerr // what cannot be read is not counted
		}
		if info, err := d.Info(); err == nil {
			all = append(all, file{path, info.Size(), info.ModTime()})
			s.size += info.Size()
		}
		return nil
	})
	s.counted = true
	if s.size <= s.most {
		return
	}
	slices.SortFunc(all, func(a, b file) int { return a.at.Compare(b.at) })
	for _, f := range all {
		if s.size <= s.most/10*9 {
			return
		}
		if os.Remove(f.path) == nil {
			s.size -= f.size
		}
	}
}
