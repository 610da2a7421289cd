package company

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"testing"
	"time"

	"winnow/ingest/okta"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
)

// The credentials of the fake org.
const (
	Token    = "00conformance"
	ClientID = "0oaconformance"
	KeyID    = "conformance-key"
)

// An Org is a fake org, what opens it, and our own client for it.
type Org struct {
	URL    string
	Key    string // the service app's private key, PKCS#1 PEM
	Fake   *fake.Server
	Source *okta.Source
	dir    string
}

// OpenOrg serves a folder as a fake org, which accepts the token and the key.
// Pages are short, so that every list has several.
func OpenOrg(t testing.TB, dir string, o fake.Options) *Org {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	o.APIToken, o.ClientID, o.KeyID, o.PublicKey = Token, ClientID, KeyID, &key.PublicKey
	if o.MaxPage == 0 {
		o.MaxPage = 7
	}
	f, err := fake.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	org := &Org{URL: Serve(t, f).URL, Fake: f, dir: dir,
		Key: string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))}
	c := okta.Config{OrgURL: org.URL, APIToken: Token}
	c.REST.Now = func() time.Time { return AsOf } // the log is read up to the window's end
	if o.Writable {
		c.REST.Now = time.Now // what is written happens now
	}
	if org.Source, err = okta.New(c); err != nil {
		t.Fatal(err)
	}
	return org
}

// IDs returns the ids of a stream of the org as our own client reads it:
// "id", or "container/id". They must be those of the folder, or the fake
// loses items before any client sees them.
func (o *Org) IDs(t testing.TB, stream access.StreamName) []string {
	t.Helper()
	field := "id"
	if stream == okta.SystemLog {
		field = "uuid"
	}
	own := Items(t, o.Source, stream, keyed(field))
	SameSet(t, string(stream)+" of the folder", Items(t, okta.Saved(o.dir, nil), stream, keyed(field)), slices.Clone(own))
	return own
}
