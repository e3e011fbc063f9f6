package portal

import (
	"context"
	"time"
)

// Tile is a service on the front page. A module that does not work yet has none.
type Tile struct {
	Href, Title, Text string
	Go                string // what the link says: "Buat laporan"
	Icon              string // name of an icon
	Color             string // bodo, laut, daun or emas
}

// Figures are the city's live numbers of the last 30 days. Shares and medians
// come with the number of cases that they rest on; on fewer than [Enough] the
// page shows none.
type Figures struct {
	Received       int           // reports received
	AnsweredOnTime float64       // share answered within 2×24 hours, 0..1
	AnsweredN      int           // reports old enough to judge
	HalfDoneIn     time.Duration // half of the finished reports took no longer
	DoneN          int           // finished reports
	OpenNow        int
}

// Enough is the least number of cases for a share or a median to be shown.
const Enough = 10

// Notice is a public report as the front page lists it.
type Notice struct {
	Href, Title string
	Place       string // kelurahan or kecamatan
	Unit        string // who holds it; may be empty
	At          time.Time
	Photo       string // address of a small picture; may be empty
	Icon        string // shown without a photo
	Status      string // in words
	Tone        string // colour of the status tag
}

// Front is what the front page shows of the modules.
type Front interface {
	// Figures may be as old as a minute.
	Figures(ctx context.Context) (Figures, error)
	// Newest returns the newest public reports, newest first.
	Newest(ctx context.Context, n int) ([]Notice, error)
}

// Tracker finds the cases of one module by their numbers.
type Tracker interface {
	// PublicPath returns the public page of a case. A number that does not
	// exist and a case that is not public are both errs.NotFound.
	PublicPath(ctx context.Context, number string) (string, error)
	// PathByCode exchanges number and short code for the reporter's own page.
	// A wrong pair is errs.NotFound, too many guesses errs.TooMany.
	PathByCode(ctx context.Context, number, code string) (string, error)
}
