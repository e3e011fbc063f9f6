package ui

import (
	"context"

	"github.com/a-h/templ"
)

// Icon draws one of the line icons, hidden from assistive technology: the
// words beside it carry the meaning. An unknown name draws nothing and fails
// the gallery test.
func Icon(name string) templ.Component {
	return written(func(_ context.Context, m *markup) error {
		drawIcon(m, name)
		return nil
	})
}

func drawIcon(m *markup, name string) {
	if d, ok := icons[name]; ok {
		m.raw(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="`, d, `"/></svg>`)
	}
}

// icons holds the strokes on a 24 × 24 grid.
var icons = map[string]string{
	"alert":    "M12 4 2.8 20h18.4zM12 10v4.5M12 17.4v.1",
	"arrow":    "M5 12h14M13 6l6 6-6 6",
	"back":     "M19 12H5M11 6l-6 6 6 6",
	"bell":     "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4",
	"building": "M4 21V5l9-2v18M13 9l7 2v10M2 21h20M7.5 8.5h2M7.5 12.5h2M7.5 16.5h2M16.5 14v.1M16.5 17.5v.1",
	"calendar": "M4 6h16v15H4zM4 10h16M8 3v5M16 3v5",
	"camera":   "M3 8h4l2-3h6l2 3h4v12H3zM12 10a3.8 3.8 0 1 0 .01 0",
	"chart":    "M4 20V10M10 20V4M16 20v-7M21 20H3",
	"chat":     "M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12.5h5",
	"check":    "M4 12.5 9.5 18 20 6.5",
	"chevron":  "M9 5l7 7-7 7",
	"clock":    "M12 3a9 9 0 1 0 .01 0M12 7v5l3.5 2",
	"close":    "M6 6l12 12M18 6 6 18",
	"code":     "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 4l-3 16",
	"done":     "M12 3a9 9 0 1 0 .01 0M8 12.3l2.8 2.8L16 9.6",
	"download": "M12 4v11M7 11l5 5 5-5M4 20h16",
	"edit":     "M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19zM14 6.5l3.5 3.5",
	"eye":      "M2.5 12C5 7.5 8.200 5.500 12 5.500S19 7.500 21.500 12c-2.500 4.500-5.700 6.500-9.500 6.500S5 16.500 2.500 12M12 9.200a2.800 2.800 0 1 0 .01 0",
	"file":     "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
	"filter":   "M4 6h16M7 12h10M10 18h4",
	"flag":     "M5 21V4M5 5h13l-2.500 4L18 13H5",
	"gear":     "M12 9a3 3 0 1 0 .01 0M12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M18.400 5.600l-2.100 2.100M7.700 16.300l-2.100 2.100",
	"home":     "M3 11.500 12 4l9 7.500M6 9.500V20h12V9.500M10 20v-6h4v6",
	"image":    "M4 5h16v14H4zM4 16l5-5 4 4 2.500-2.500L20 17M15.500 8.500v.1",
	"info":     "M12 3a9 9 0 1 0 .01 0M12 11v5.500M12 7.500v.1",
	"lamp":     "M6 21V6a4 4 0 0 1 8 0h4M15 6h6l-1.500 4h-3zM3 21h6",
	"list":     "M9 6h11M9 12h11M9 18h11M4.500 6v.1M4.500 12v.1M4.500 18v.1",
	"lock":     "M6 11h12v10H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 15v2.500",
	"mail":     "M3 6h18v13H3zM3.500 6.500 12 13l8.500-6.500",
	"map":      "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
	"menu":     "M4 7h16M4 12h16M4 17h16",
	"minus":    "M5 12h14",
	"out":      "M10 4H4v16h6M9 12h12M17 8l4 4-4 4",
	"pause":    "M9 6v12M15 6v12",
	"people":   "M9 5a3.200 3.200 0 1 0 .01 0M3 20c0-4 2.500-6 6-6s6 2 6 6M16 5.500a3 3 0 0 1 0 5.800M17.500 14.500c2.300.7 3.500 2.500 3.500 5.500",
	"phone":    "M5 4h4l2 5-2.500 2a11 11 0 0 0 5 5l2-2.500 5 2v4c0 1-1 1.500-2 1.500C11 20.500 4 13.500 3.500 6 3.400 5 4 4 5 4",
	"pin":      "M12 21c-4.500-5-7-8.500-7-11.500a7 7 0 0 1 14 0c0 3-2.500 6.500-7 11.500M12 7a2.500 2.500 0 1 0 .01 0",
	"plus":     "M12 5v14M5 12h14",
	"print":    "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
	"repeat":   "M4 11a8 8 0 0 1 14-4.500L20 8M20 4v4h-4M20 13a8 8 0 0 1-14 4.500L4 16M4 20v-4h4",
	"road":     "M8 4 4 20M16 4l4 16M12 4v3M12 10.500v3M12 17v3",
	"rss":      "M5 5a14 14 0 0 1 14 14M5 11a8 8 0 0 1 8 8M6 18v.1",
	"search":   "M10.500 4a6.500 6.500 0 1 0 .01 0M15.500 15.500 21 21",
	"send":     "M21 3 3 10.500l7 3.500M21 3l-7.500 18-3.500-7M21 3 10 14",
	"shield":   "M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6zM8.500 12l2.500 2.500 4.500-5",
	"star":     "M12 3.500l2.600 5.500 6 .8-4.400 4.200 1.100 6-5.300-2.900L6.700 20l1.100-6L3.400 9.800l6-.8z",
	"tag":      "M4 4h8l8.500 8.500-8 8L4 12zM8.500 8.500v.1",
	"tree":     "M12 3v6M12 9H5v5M12 9h7v5M12 9v5M3 14h4v5H3zM10 14h4v5h-4zM17 14h4v5h-4z",
	"trash":    "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
	"user":     "M12 4a4 4 0 1 0 .01 0M4 21c0-5 3.500-7.500 8-7.500s8 2.500 8 7.500",
	"water":    "M12 3c4 5 6 8 6 11a6 6 0 0 1-12 0c0-3 2-6 6-11",
	"wrench":   "M15 4a5 5 0 0 0-4.500 7L4 17.500 6.500 20l6.500-6.500A5 5 0 0 0 20 8l-3 3-3-1-1-3z",
}
