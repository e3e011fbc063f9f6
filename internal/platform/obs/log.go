package obs

import (
	"io"
	"log/slog"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Logger writes structured lines to w: readable text for a developer, JSON
// for machines. Of errors it writes what errs.Quiet leaves.
func Logger(w io.Writer, dev bool) *slog.Logger {
	if dev {
		return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelInfo, ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			return shortTime(groups, quietErrors(groups, a))
		}}))
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: quietErrors}))
}

func quietErrors(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		if a.Key != slog.MessageKey {
			a.Value = slog.StringValue(errs.QuietText(a.Value.String()))
		}
	case slog.KindAny:
		if err, ok := a.Value.Any().(error); ok {
			a.Value = slog.AnyValue(errs.Quiet(err))
		}
	}
	return a
}

func shortTime(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey && len(groups) == 0 {
		return slog.String(slog.TimeKey, a.Value.Time().Format("15:04:05"))
	}
	return a
}
