package audit

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/clock"
)

const headSuffix = "-kepala.json"

// ExportHeads writes today's heads to dir, one file a day, replacing the
// day's earlier one. Copy the files to another machine: they prove later that
// the trail was not rewritten.
func ExportHeads(dir string, at time.Time, heads []Head) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	data, err := json.Marshal(heads)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, at.In(clock.Makassar).Format(time.DateOnly)+headSuffix)
	if err := os.WriteFile(name+".baru", data, 0o600); err != nil {
		return err
	}
	return os.Rename(name+".baru", name)
}

// ExportedHeads reads the newest heads that ExportHeads wrote to dir; none is
// not an error.
func ExportedHeads(dir string) ([]Head, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*"+headSuffix))
	if err != nil || len(names) == 0 {
		return nil, err
	}
	slices.Sort(names)
	data, err := os.ReadFile(names[len(names)-1])
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var heads []Head
	return heads, json.Unmarshal(data, &heads)
}
