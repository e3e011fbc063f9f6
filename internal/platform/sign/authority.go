package sign

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/crypt"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// NotCertified is how a certificate of ours says that it is ours only.
const NotCertified = "Internal, tidak tersertifikasi BSrE"

// validity is long, because a signer's key is gone once it has signed and a letter
// must stay verifiable as long as it is kept.
const (
	validity = 40 * 365 * 24 * time.Hour
	backdate = 2 * 365 * 24 * time.Hour // letters of the past may be signed
)

const keyContext = "sign_authority.key_sealed"

// Authority is the portal's own certificate authority, one for the database. It
// is made when first needed; its key is sealed with the secret file.
type Authority struct {
	db    *pgxpool.Pool
	box   *crypt.Box
	clock clock.Clock
	name  string

	mu      sync.Mutex
	current *issuer
}

// NewAuthority returns the authority of a database. name is the portal's.
func NewAuthority(db *pgxpool.Pool, box *crypt.Box, c clock.Clock, name string) *Authority {
	return &Authority{db: db, box: box, clock: c, name: name}
}

// issuer is an authority ready to issue.
type issuer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// load returns the authority, making it when the database has none.
func (a *Authority) load(ctx context.Context) (_ *issuer, err error) {
	defer errs.In(&err, "sign.Authority")
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.current != nil {
		return a.current, nil
	}
	row, err := pg.One[authorityRow](ctx, a.db, sqlAuthority)
	if errs.KindOf(err) == errs.NotFound {
		row, err = a.create(ctx)
	}
	if err != nil {
		return nil, err
	}
	plain, err := a.box.Open(row.KeySealed, keyContext)
	if err != nil {
		return nil, fmt.Errorf("PORTAL_SECRET_FILE does not open the signing key: %w", err)
	}
	key, err := x509.ParsePKCS8PrivateKey([]byte(plain))
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(row.Certificate)
	if err != nil {
		return nil, err
	}
	ec, ok := key.(*ecdsa.PrivateKey)
	if !ok || !ec.PublicKey.Equal(cert.PublicKey) {
		return nil, fmt.Errorf("the signing key does not belong to its certificate")
	}
	a.current = &issuer{cert: cert, key: ec}
	return a.current, nil
}

// create makes the authority, or returns the one that another portal has just made.
func (a *Authority) create(ctx context.Context) (row authorityRow, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return row, err
	}
	now := a.clock.Now()
	template := &x509.Certificate{
		SerialNumber: serial(),
		Subject: pkix.Name{
			Country: []string{"ID"}, Locality: []string{"Makassar"},
			Organization: []string{clip(a.name)}, OrganizationalUnit: []string{NotCertified},
			CommonName: clip("Otoritas tanda tangan " + a.name),
		},
		NotBefore: now.Add(-backdate), NotAfter: now.Add(validity),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return row, err
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return row, err
	}
	err = pg.InTx(ctx, a.db, func(tx pgx.Tx) error {
		if err := pg.Exec(ctx, tx, sqlAuthorityLock); err != nil {
			return err
		}
		if row, err = pg.One[authorityRow](ctx, tx, sqlAuthority); errs.KindOf(err) != errs.NotFound {
			return err
		}
		row = authorityRow{Certificate: der, KeySealed: a.box.Seal(string(plain), keyContext)}
		return pg.Exec(ctx, tx, sqlAuthorityInsert, row.Certificate, row.KeySealed, now)
	})
	return row, err
}

// roots are the certificates of all authorities that this database ever had.
func (a *Authority) roots(ctx context.Context) (*x509.CertPool, error) {
	ders, err := pg.Scalars[[]byte](ctx, a.db, sqlAuthorityRoots)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	for _, der := range ders {
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, err
		}
		pool.AddCert(cert)
	}
	return pool, nil
}

var (
	oidTitle           = asn1.ObjectIdentifier{2, 5, 4, 12}
	oidDocumentSigning = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 36}
)

// issue makes a key and its certificate for one signature. Whoever lets go of the
// key makes sure that nobody signs in this name again.
func (i *issuer) issue(r Request) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	from := time.Now() // the signature itself notes the machine's time
	if r.At.Before(from) {
		from = r.At
	}
	subject := pkix.Name{
		Country: []string{"ID"}, CommonName: clip(r.Name), OrganizationalUnit: []string{NotCertified},
	}
	if r.Title != "" {
		subject.ExtraNames = []pkix.AttributeTypeAndValue{{Type: oidTitle, Value: clip(r.Title)}}
	}
	if r.Unit != "" {
		subject.Organization = []string{clip(r.Unit)}
	}
	if r.PersonID != 0 {
		subject.SerialNumber = fmt.Sprintf("P%d", r.PersonID)
	}
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: serial(), Subject: subject,
		NotBefore: from.Add(-time.Hour), NotAfter: i.cert.NotAfter, BasicConstraintsValid: true,
		KeyUsage:           x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		UnknownExtKeyUsage: []asn1.ObjectIdentifier{oidDocumentSigning},
	}, i.cert, &key.PublicKey, i.key)
	if err != nil {
		return nil, nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return cert, key, err
}

func serial() *big.Int {
	b := make([]byte, 16)
	rand.Read(b)
	b[0] = b[0]&0x7f | 0x40 // positive, always as long
	return new(big.Int).SetBytes(b)
}

// clip cuts a name to what X.509 allows, 64 characters.
func clip(s string) string {
	r := []rune(strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(string(r[:min(len(r), 64)]))
}
