package oversight

import (
	"context"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/sign"
)

// PermAssign lets register and revoke the assignments of the Inspektorat in which its holder
// works; to whoever has no post there it opens nothing.
var PermAssign = authz.Register("oversight.assign", "Pengawasan: mencatat dan mencabut surat tugas (hanya berlaku di Inspektorat)")

// Label is the name of a module, as assignments have it.
func Label(module string) string {
	return map[string]string{
		"mtr": "Laporan warga (MTR)", "epemerintahan": "Penduduk dan surat kelurahan", "epuskesmas": "Puskesmas", "eoffice": "Naskah dinas (e-Office)",
		"kuciniki": "Kinerja (Kuciniki)", "survey": "Survei kepuasan", "audit": "Jejak audit",
	}[module]
}

// Case is what can be kept as evidence.
type Case struct {
	ID    int64
	Label string // its number, as people know it; nobody's name
}

// Record is a case as it is packed.
type Record struct {
	Title   string    `json:"judul"`
	Fields  []Field   `json:"isi"`
	History []Happens `json:"riwayat"`
}

// Field is something that is known of a case.
type Field struct {
	Name  string `json:"nama"`
	Value string `json:"nilai"`
}

// Happens is a step in the history of a case.
type Happens struct {
	At   time.Time `json:"waktu"`
	Act  string    `json:"langkah"`
	By   string    `json:"oleh,omitempty"`
	Word string    `json:"kata,omitempty"`
}

// Put adds a file to the evidence, by a name that says nothing about anybody.
type Put func(name string, r io.Reader) error

// Source is a kind of case of a module.
type Source struct {
	Object string // as the audit trail and the work ledger name it
	Module string
	Label  string // for people: "Laporan warga"
	// Key finds what names a case of this kind in an address of the portal or a number; "" in
	// another one's.
	Key func(ref string) string
	// Find is the case that a key names; one that the actor may not open is errs.NotFound.
	Find func(ctx context.Context, a authz.Actor, key string) (Case, error)
	// Read reads a case and puts its files, as far as the actor may open them.
	Read func(ctx context.Context, a authz.Actor, id int64, put Put) (Record, error)
}

// Deps is what the module stands on.
type Deps struct {
	DB      *pgxpool.Pool
	Clock   clock.Clock
	Signer  sign.Signer
	Sources []Source
	Emblem  []byte
}

// Module holds the use cases. It is safe for concurrent use.
type Module struct{ d Deps }

// New returns the module. It does not touch the database.
func New(d Deps) *Module { return &Module{d} }

// NeedsPassphrase tells whether signing asks for a passphrase.
func (m *Module) NeedsPassphrase() bool { return m.d.Signer.NeedsPassphrase() }
