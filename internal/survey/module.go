package survey

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
)

// PermRead lets read what people wrote about the units of the realm.
var PermRead = authz.Register("survey.read", "Survei kepuasan: membaca saran warga tentang unitnya")

// Open is how long after its end a case may answer.
const Open = 30 * 24 * time.Hour

// Fewest is how many answers a figure must rest on to be shown: fewer say who gave them.
const Fewest = 5

// Service is what people are asked about.
type Service string

// The services, by the prefix of their tables.
const (
	Reports Service = "mtr"
	Letters Service = "surat"
	Clinics Service = "puskesmas"
)

// Services in the order in which they are shown.
var Services = []Service{Reports, Letters, Clinics}

// Label is the name people know.
func (s Service) Label() string {
	return map[Service]string{Reports: "Laporan warga", Letters: "Surat kelurahan", Clinics: "Puskesmas"}[s]
}

// Deps is what the survey stands on.
type Deps struct {
	DB    *pgxpool.Pool
	Clock clock.Clock
	Box   *crypt.Box
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct{ d Deps }

// New returns the module. It does not touch the database.
func New(d Deps) *Module { return &Module{d: d} }

// Contexts under which things are sealed and hashed.
const (
	contextLink  = "survey.link"
	contextCase  = "survey.case"
	contextWords = "survey.words"
)

// Sealed are the columns of this package whose values are sealed.
func Sealed() []crypt.Column { return crypt.In("survey_answer", "words_sealed", contextWords) }
