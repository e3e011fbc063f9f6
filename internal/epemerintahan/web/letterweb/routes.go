package letterweb

import (
	"slices"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/web"
)

// Routes of the citizens, of the heads of RT and RW, and of public verification. Each
// part of them has its list in its own file.
func Routes(d Deps) []web.Route {
	h := &pages{d}
	return slices.Concat(citizenRoutes(h), h.verifyRoutes())
}

// DeskRoutes are the staff's pages, settings included.
func DeskRoutes(d Deps) []web.Route {
	k := &desk{d}
	return slices.Concat(deskRoutes(k), kindRoutes(k))
}

// pages answers the citizens' and the public routes.
type pages struct{ Deps }

func (h *pages) now() time.Time { return h.Clock.Now() }

// desk answers the routes of staff.
type desk struct{ Deps }

func (k *desk) now() time.Time { return k.Clock.Now() }
