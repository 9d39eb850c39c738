package host

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	handshakepb "github.com/sahina/cvt/pkg/cvtplugin/pb/handshake/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"cvtplugin.dev/tests/interop/await"
)

// secured is a plugin built to do AutoMTLS, which is not the default.
var secured = subject{
	title: "auto-mtls", variable: "CVT_PLUGIN_AUTO_MTLS",
	build: "cargo build --release -p cvt-plugin-echo --features auto-mtls",
	name:  "echo", knownID: "petstore", takesWords: true, finishesCalls: true, ownDirectory: true,
}

func withAutoMTLS(config *goplugin.ClientConfig) { config.AutoMTLS = true }

func TestAutoMTLS(t *testing.T) {
	for _, network := range []string{"unix", "tcp"} {
		t.Run(network, func(t *testing.T) {
			p, dir := secured.launchWith(t, withAutoMTLS, "CVT_PLUGIN_NETWORK="+network)
			mustServe(t, p, secured)
			long := strings.Repeat("x", 1<<20)
			if got := mustFetch(t, p, long); got != "echoed: "+long {
				t.Errorf("a long call: %d bytes came back", len(got))
			}
			call := start(t, p, "sleep:500")
			p.Kill()
			if got := await.Value(t, "call in flight", call); got.spec != "slept" {
				t.Errorf("call in flight: %q, %v", got.spec, got.err)
			}
			wantCleanEnd(t, p, dir)
		})
	}
}

// TestWithoutAutoMTLS is about plugins that cannot do what the host asks for.
func TestWithoutAutoMTLS(t *testing.T) {
	forEachOurs(t, func(t *testing.T, s subject) {
		p, err := LaunchWith(s.binary(t), withAutoMTLS, "TMPDIR="+tempDir(t))
		if err == nil {
			p.Kill()
			t.Fatal("it serves a host that asks for AutoMTLS")
		}
		if !strings.Contains(err.Error(), "AutoMTLS (PLUGIN_CLIENT_CERT), which this plugin was built without") {
			t.Error(err)
		}
	})
}

// TestAutoMTLSRefusesOthers has everybody try who is not the host.
func TestAutoMTLSRefusesOthers(t *testing.T) {
	host, stranger := newIdentity(t), newIdentity(t)
	bare, err := StartBare(secured.binary(t), "TMPDIR="+tempDir(t), "PLUGIN_CLIENT_CERT="+host.pem())
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(serverCertificate(t, bare.Line))

	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		show := func(shown ...tls.Certificate) credentials.TransportCredentials {
			return credentials.NewTLS(&tls.Config{
				Certificates: shown, RootCAs: pool, ServerName: "localhost",
				MinVersion: version, MaxVersion: version,
			})
		}
		for who, creds := range map[string]credentials.TransportCredentials{
			"one without TLS":                           insecure.NewCredentials(),
			"one without a certificate":                 show(),
			"one with another certificate":              show(stranger.shown(stranger.key)),
			"one with the certificate, and not its key": show(host.shown(stranger.key)),
			"one with the host's certificate for chain": show(stranger.shown(stranger.key, host.certificate)),
		} {
			t.Run(fmt.Sprintf("%s over %s", who, tls.VersionName(version)), func(t *testing.T) {
				wantCode(t, who, health(t, bare, creds), codes.Unavailable)
				wantCode(t, "the host, after that", health(t, bare, show(host.shown(host.key))), codes.OK)
			})
		}
	}

	conn, err := bare.DialWith(credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{host.shown(host.key)}, RootCAs: pool, ServerName: "localhost",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bare.End(conn); err != nil {
		t.Error(err)
	}
}

// health asks the plugin for its health by a connection of its own.
func health(t *testing.T, bare *Bare, creds credentials.TransportCredentials) error {
	t.Helper()
	conn, err := bare.DialWith(creds)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, err = handshakepb.NewPluginHandshakeClient(conn).Health(patient(t), &handshakepb.HealthRequest{})
	return err
}

// serverCertificate reads the handshake line's sixth field.
func serverCertificate(t *testing.T, line string) *x509.Certificate {
	t.Helper()
	fields := strings.Split(line, "|")
	if len(fields) != 6 {
		t.Fatalf("%d fields: %q", len(fields), line)
	}
	der, err := base64.RawStdEncoding.Strict().DecodeString(fields[5])
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	for _, usage := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
		pool := x509.NewCertPool()
		pool.AddCert(certificate)
		options := x509.VerifyOptions{DNSName: "localhost", Roots: pool, KeyUsages: []x509.ExtKeyUsage{usage}}
		if _, err := certificate.Verify(options); err != nil {
			t.Errorf("as its own root, for usage %v: %v", usage, err)
		}
	}
	return certificate
}

// identity is a host's certificate and key, as go-plugin makes them.
type identity struct {
	certificate []byte
	key         crypto.Signer
}

func newIdentity(t *testing.T) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "localhost"},
		DNSNames:     []string{"localhost"},
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().Add(time.Hour),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		IsCA:         true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return identity{certificate, key}
}

// shown is the certificate, with a key that need not be its own, and others
// behind it.
func (i identity) shown(key crypto.Signer, others ...[]byte) tls.Certificate {
	return tls.Certificate{Certificate: append([][]byte{i.certificate}, others...), PrivateKey: key}
}

func (i identity) pem() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.certificate}))
}
