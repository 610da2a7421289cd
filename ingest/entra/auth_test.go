package entra

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/entra"
	"winnow/internal/rest"
)

const testTenant = "8f14e45f-0000-4000-8000-000000000001"

// serveTLS starts the fake behind https, which sign-in needs, and returns
// options for it.
func serveTLS(t *testing.T) (*fake.Server, Options) {
	t.Helper()
	server, err := fake.New(tenant(t), fake.Options{TenantID: testTenant, ClientID: "app-1", ClientSecret: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewTLSServer(server)
	t.Cleanup(web.Close)
	return server, Options{TenantID: testTenant, ClientID: "app-1", ClientSecret: "s3cret",
		GraphURL: web.URL, AuthorityURL: web.URL, Transport: web.Client().Transport}
}

// TestClientSecret signs in with the vendor's library, and again after the
// token was refused.
func TestClientSecret(t *testing.T) {
	server, o := serveTLS(t)
	src, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if records, err := collect(src, Users, "", ingest.Window{}); err != nil || len(records) != 4 {
			t.Fatalf("%d users, %v", len(records), err)
		}
		server.Expire()
	}
}

func TestSignInRefused(t *testing.T) {
	_, o := serveTLS(t)
	o.ClientSecret = "wr0ng-secret"
	src, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	_, err = collect(src, Users, "", ingest.Window{})
	var api *rest.APIError
	if !errors.As(err, &api) || api.Status != http.StatusUnauthorized || api.Code != "invalid_client" {
		t.Fatalf("got %v", err)
	}
	if text := err.Error(); strings.Contains(text, "wr0ng") || strings.Contains(text, "\n") || !strings.Contains(text, "AADSTS7000215") {
		t.Errorf("message %q", text)
	}
	if access.HintOf(err) == "" {
		t.Error("no hint")
	}
}

// certified makes a certificate and its key in PEM form.
func certified(t *testing.T) (pemText string, der []byte) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err = x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})) +
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})), der
}

// TestCertificate signs in with a certificate, and is refused with another.
func TestCertificate(t *testing.T) {
	text, der := certified(t)
	other, _ := certified(t)
	for name, given := range map[string]string{"the app's": text, "another": other} {
		server, err := fake.New(tenant(t), fake.Options{TenantID: testTenant, ClientID: "app-1", Certificate: der})
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewTLSServer(server)
		t.Cleanup(web.Close)
		src, err := New(Options{TenantID: testTenant, ClientID: "app-1", Certificate: given,
			GraphURL: web.URL, AuthorityURL: web.URL, Transport: web.Client().Transport})
		if err != nil {
			t.Fatal(err)
		}
		records, err := collect(src, Users, "", ingest.Window{})
		if good := given == text; good && (err != nil || len(records) != 4) || !good && (err == nil || !strings.Contains(access.HintOf(err), "certificate")) {
			t.Errorf("%s: %d users, %v", name, len(records), err)
		}
	}
}

// TestWorkloadIdentity exchanges the token in a cluster's file.
func TestWorkloadIdentity(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte("cluster-token"), 0o600); err != nil {
		t.Fatal(err)
	}
	server, err := fake.New(tenant(t), fake.Options{TenantID: testTenant, ClientID: "app-1", Assertion: "cluster-token"})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewTLSServer(server)
	defer web.Close()
	src, err := New(Options{TenantID: testTenant, ClientID: "app-1", WorkloadIdentity: true, TokenFile: file,
		GraphURL: web.URL, AuthorityURL: web.URL, Transport: web.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	if records, err := collect(src, Users, "", ingest.Window{}); err != nil || len(records) != 4 {
		t.Errorf("%d users, %v", len(records), err)
	}
}

// TestClouds shows where each cloud is, and that a URL of one's own wins.
func TestClouds(t *testing.T) {
	for name, want := range map[string]string{"": "https://graph.microsoft.com", "usgov": "https://graph.microsoft.us",
		"usgovdod": "https://dod-graph.microsoft.us", "china": "https://microsoftgraph.chinacloudapi.cn"} {
		src, err := New(Options{Cloud: name, AccessToken: "x"})
		if err != nil || src.client.Base() != want {
			t.Errorf("%q: %v", name, err)
		}
	}
	o, err := Options{Cloud: "china", GraphURL: "https://proxy.example"}.withCloud()
	if err != nil || o.GraphURL != "https://proxy.example" || o.AuthorityURL != "https://login.chinacloudapi.cn" {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestOptions(t *testing.T) {
	for name, o := range map[string]Options{
		"no credentials":        {},
		"half a credential":     {TenantID: testTenant, ClientID: "app-1"},
		"a tenant with a slash": {TenantID: "a/b", ClientID: "app-1", ClientSecret: "x"},
		"an http authority":     {TenantID: testTenant, ClientID: "app-1", ClientSecret: "x", AuthorityURL: "http://127.0.0.1:1"},
		"two credentials":       {TenantID: testTenant, ClientID: "app-1", ClientSecret: "x", Certificate: "y"},
		"a broken certificate":  {TenantID: testTenant, ClientID: "app-1", Certificate: "-----BEGIN CERTIFICATE-----"},
		"no workload":           {WorkloadIdentity: true},
		"a cloud of nobody":     {AccessToken: "x", Cloud: "mars"},
		"a url that is none":    {AccessToken: "x", GraphURL: "graph"},
		"plain http":            {AccessToken: "x", GraphURL: "http://graph.example"},
	} {
		if _, err := New(o); err == nil || access.HintOf(err) == "" {
			t.Errorf("%s: %v, hint %q", name, err, access.HintOf(err))
		}
	}
	if _, err := New(Options{TenantID: testTenant, ClientID: "app-1", ClientSecret: "x"}); err != nil {
		t.Error(err)
	}
}
