// Command authorities makes the keys and certificates of a Sigstore instance:
// the certificate authority behind Fulcio, the timestamp authority, the keys of
// the logs, and a private authority for the TLS names of the stack. They
// last thirty years, so that what they signed can be checked for as long.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"flag"
	"log"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const lifetime = 30 * 365 * 24 * time.Hour

var (
	out          = flag.String("out", "", "folder to write to")
	organization = flag.String("organization", "", "organization named in every certificate")
	names        = flag.String("tls-names", "", "comma separated host names of the TLS certificate")
	now          = time.Now().UTC().Truncate(time.Second)
)

// authority is a key and the certificate for it.
type authority struct {
	key  crypto.Signer
	cert *x509.Certificate
}

func main() {
	flag.Parse()

	fulcioRoot := issue(template("Fulcio root", true), p384(), nil)
	fulcio := template("Fulcio intermediate", true)
	fulcio.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}
	fulcio.MaxPathLenZero = true
	issuer := issue(fulcio, p384(), &fulcioRoot)
	writeKey("fulcio", issuer.key)
	writeCertificates("fulcio-root", fulcioRoot)
	writeCertificates("fulcio-chain", issuer, fulcioRoot)

	timestampRoot := issue(template("Timestamp authority root", true), p384(), nil)
	timestamp := template("Timestamp authority", false)
	timestamp.ExtraExtensions = []pkix.Extension{timestampingUsage()}
	stamper := issue(timestamp, p256(), &timestampRoot)
	writeKey("timestamp", stamper.key)
	writeCertificates("timestamp-chain", stamper, timestampRoot)

	ct := p256()
	writeKey("ct-log", ct)
	writePublicKey("ct-log", ct)
	_, rekor, err := ed25519.GenerateKey(rand.Reader)
	check(err)
	writeKey("rekor", rekor)
	writePublicKey("rekor", rekor)
	older := p256()
	writeKey("rekor-v1", older)
	writePublicKey("rekor-v1", older)

	tlsRoot := issue(template("TLS root", true), p256(), nil)
	leaf := template("TLS", false)
	leaf.DNSNames = strings.Split(*names, ",")
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	server := issue(leaf, p256(), &tlsRoot)
	writeKey("tls", server.key)
	writeCertificates("tls", server)
	writeCertificates("tls-root", tlsRoot)
}

// timestampingUsage is the extended key usage RFC 3161 asks for: time stamping
// alone, and critical, which crypto/x509 does not write by itself.
func timestampingUsage() pkix.Extension {
	timeStamping := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 3, 8}
	value, err := asn1.Marshal([]asn1.ObjectIdentifier{timeStamping})
	check(err)
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: value}
}

func template(name string, isCA bool) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	check(err)
	usage := x509.KeyUsageDigitalSignature
	if isCA {
		usage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	}
	return &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Organization: []string{*organization}, CommonName: name},
		NotBefore:             now,
		NotAfter:              now.Add(lifetime),
		KeyUsage:              usage,
		BasicConstraintsValid: true,
		IsCA:                  isCA,
	}
}

func issue(wanted *x509.Certificate, key crypto.Signer, by *authority) authority {
	if by == nil {
		by = &authority{key: key, cert: wanted}
	}
	der, err := x509.CreateCertificate(rand.Reader, wanted, by.cert, key.Public(), by.key)
	check(err)
	cert, err := x509.ParseCertificate(der)
	check(err)
	return authority{key: key, cert: cert}
}

func p256() crypto.Signer { return ecKey(elliptic.P256()) }

func p384() crypto.Signer { return ecKey(elliptic.P384()) }

func ecKey(curve elliptic.Curve) crypto.Signer {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	check(err)
	return key
}

func writeKey(name string, key crypto.Signer) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	write(name+".key", &pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func writePublicKey(name string, key crypto.Signer) {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	check(err)
	write(name+".pub", &pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func writeCertificates(name string, chain ...authority) {
	var blocks []*pem.Block
	for _, one := range chain {
		blocks = append(blocks, &pem.Block{Type: "CERTIFICATE", Bytes: one.cert.Raw})
	}
	write(name+".pem", blocks...)
}

func write(name string, blocks ...*pem.Block) {
	var text []byte
	for _, block := range blocks {
		text = append(text, pem.EncodeToMemory(block)...)
	}
	check(os.WriteFile(filepath.Join(*out, name), text, 0o600))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
