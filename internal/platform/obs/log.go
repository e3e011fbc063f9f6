package obs

import (
	"io"
	"log/slog"
)

// Logger writes structured lines to w: readable text for a developer, JSON
// for machines.
func Logger(w io.Writer, dev bool) *slog.Logger {
	if dev {
		return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo, ReplaceAttr: shortTime}))
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

func shortTime(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && len(groups) == 0 {
		return slog.String(slog.TimeKey, a.Value.Time().Format("15:04:05"))
	}
	return a
}
