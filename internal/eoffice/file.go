package eoffice

import (
	"context"
	"log/slog"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// File is a paper that goes with a letter.
type File struct {
	ID         int64
	LetterID   int64
	Purpose    string
	Name       string
	BlobKey    string
	Type       string
	Size       int64
	Hash       []byte // SHA-256
	Words      string
	UploadedAt time.Time
}

const sqlFiles = `
SELECT id, letter_id, purpose, name, blob_key, type, size, hash, words, uploaded_at FROM eoffice_file
WHERE letter_id = $1 AND removed_at IS NULL ORDER BY id`

func filesOf(ctx context.Context, q pg.Querier, letterID int64) ([]File, error) {
	return pg.Many[File](ctx, q, sqlFiles, letterID)
}

// drop removes a file that nothing points to any more.
func (m *Module) drop(ctx context.Context, key string) {
	if err := m.blobs.Delete(context.WithoutCancel(ctx), key); err != nil {
		slog.WarnContext(ctx, "drop a file of a letter", "err", err)
	}
}
