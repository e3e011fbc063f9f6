package sign

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"

	"github.com/smallstep/pkcs7"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// local signs with the portal's own authority.
type local struct{ authority *Authority }

func (local) Certified() bool       { return false }
func (local) NeedsPassphrase() bool { return false }
func (local) Label() string {
	return "Ditandatangani secara elektronik, tidak tersertifikasi BSrE"
}

func (l local) Sign(ctx context.Context, r Request) (_ []byte, err error) {
	defer errs.In(&err, "sign.local")
	issuer, err := l.authority.load(ctx)
	if err != nil {
		return nil, err
	}
	return appendSignature(r, func(covered []byte) ([]byte, error) {
		cert, key, err := issuer.issue(r)
		if err != nil {
			return nil, err
		}
		signed, err := pkcs7.NewSignedData(covered)
		if err != nil {
			return nil, err
		}
		signed.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
		err = signed.AddSignerChain(cert, key, []*x509.Certificate{issuer.cert}, pkcs7.SignerInfoConfig{
			ExtraSignedAttributes: []pkcs7.Attribute{{Type: oidSigningCertificateV2, Value: signingCertificate(cert)}},
		})
		if err != nil {
			return nil, err
		}
		signed.Detach()
		return signed.Finish()
	})
}

var oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}

// essCertID names the certificate inside the signature (RFC 5035), so that no
// other with the same key can be put in its place. SHA-256 is the default.
type essCertID struct{ Hash []byte }

type essSigningCertificate struct{ Certs []essCertID }

func signingCertificate(cert *x509.Certificate) essSigningCertificate {
	h := sha256.Sum256(cert.Raw)
	return essSigningCertificate{Certs: []essCertID{{Hash: h[:]}}}
}
