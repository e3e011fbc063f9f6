package archtest

// modulePath is this Go module; the rules name packages below it.
const modulePath = "makassartidakrantasa.com/portal/"

// modules are the portal's parts for its users. None imports another one.
var modules = []string{"mtr", "eoffice", "epemerintahan", "epuskesmas", "kuciniki", "survey", "oversight", "portal"}

// forWeb are the platform packages that only a module's web/** may import,
// because they speak HTTP or HTML.
var forWeb = []string{"web", "form", "ui", "session"}

// forNobody are platform packages that modules have no business with: they run
// private database servers.
var forNobody = []string{"pglocal", "pgtest"}

// platformEdges lists, for each platform package, which others it imports. An
// edge is a decision: add one only when the importing package cannot do its
// work without knowing the other.
var platformEdges = map[string][]string{
	"audit":      {"authz", "clock", "crypt", "errs", "obs", "pg"},
	"authn":      {"audit", "authz", "clock", "crypt", "dossier", "errs", "indo", "notify", "pg", "session"},
	"authz":      {"errs", "pg"},
	"backup":     {"blob", "crypt", "errs", "pg", "pglocal"},
	"bag":        {},
	"blob":       {"errs", "turn"},
	"calendar":   {"audit", "authz", "clock", "errs", "pg"},
	"clock":      {},
	"config":     {},
	"crypt":      {},
	"dossier":    {"authz"},
	"errs":       {},
	"form":       {"clock", "errs", "indo"},
	"hold":       {"errs"},
	"indo":       {},
	"jobs":       {"errs"},
	"live":       {"pg"},
	"media":      {"clock", "errs", "pdf"},
	"notify":     {"clock", "crypt", "errs", "jobs", "pg"},
	"naskah":     {"errs", "indo"},
	"numbering":  {"authz", "clock", "errs", "pg"},
	"obs":        {"errs"},
	"org":        {"audit", "authz", "clock", "errs", "indo", "pg"},
	"pdf":        {},
	"pg":         {"errs"},
	"pglocal":    {},
	"pgtest":     {"pg", "pglocal"},
	"reseal":     {"crypt", "pg"},
	"session":    {"clock", "crypt", "errs", "pg"},
	"sheet":      {"errs"},
	"sign":       {"clock", "crypt", "errs", "pdf", "pg"},
	"turn":       {},
	"ui":         {"errs", "form", "hold", "indo"},
	"web":        {"authz", "clock", "errs", "obs", "pg", "session", "turn", "ui"},
	"workledger": {"authz", "errs", "pg"},
}

// tableOwner names the package that writes a table whose prefix is not the name
// of its package.
var tableOwner = map[string]string{
	"authn_session": "session",
	"work_clock":    "workledger",
	"work_event":    "workledger",
}

// sharedViews are the views through which one module reads another's data.
var sharedViews = []string{}
