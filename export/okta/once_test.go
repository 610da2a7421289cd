package okta_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"winnow/export"
	"winnow/export/apply"
	"winnow/export/internal/apispec"
	"winnow/export/internal/sample"
	"winnow/export/okta"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
	"winnow/internal/rest"
)

type ssws string

func (s ssws) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", "SSWS "+string(s))
	return nil
}

// ledger is the folder of an org with one group and its member.
func ledger(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, lines := range map[string][]string{
		"users":         {`{"id":"00uALICE","status":"ACTIVE","profile":{"login":"alice"}}`},
		"groups":        {`{"id":"00gLEDGER","type":"OKTA_GROUP","profile":{"name":"Ledger"}}`},
		"group_members": {`{"parent_id":"00gLEDGER","item":{"id":"00uALICE","status":"ACTIVE","profile":{"login":"alice"}}}`},
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A campaign whose order was answered by nothing is found by its name, hash and
// all, and is not ordered again; the request that looks for it is one that the
// platform's document knows.
func TestACampaignIsOrderedOnce(t *testing.T) {
	doc := apispec.Load(t, "okta-governance-3.2.0.yaml.gz")
	dir := ledger(t)
	now := sample.AsOf
	clock := func() time.Time { return now }
	org, err := fake.New(dir, fake.Options{APIToken: "t", Writable: true, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	var lost atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && lost.Add(1) == 1 { // carried out, and never answered
			org.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		org.ServeHTTP(w, r)
	}))
	defer server.Close()
	sleep := func(ctx context.Context, d time.Duration) error { now = now.Add(d); return ctx.Err() }
	client, err := rest.New(server.URL, ssws("t"), rest.Options{Once: true, Now: clock, Sleep: sleep})
	if err != nil {
		t.Fatal(err)
	}
	c := config()
	c.OrgURL = server.URL
	name := "Ledger \"=1\" \\ \u202e <b>"
	p := plan(t, c, []access.Recommendation{sample.Revoke("okta", "00uALICE", "00gLEDGER", "group", name)})
	apispec.Request(t, doc, access.Request{Method: "GET", Path: p.Operations[0].Probe.Path})
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	public, key, err := ed25519.GenerateKey(bytes.NewReader(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		e, err := apply.Open(data, apply.Options{Dir: filepath.Join(dir, "receipts"), Now: clock, Sleep: sleep,
			Tenants: map[access.SourceName]apply.Tenant{"okta": {Name: server.URL, Client: client}},
			Rules:   apply.Rules{Approvers: []apply.Approver{{Name: "ines", Key: public}}}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := e.Apply(context.Background(), []apply.Approval{apply.Sign(&p, "ines", key, now)}, true)
		if err != nil || r.Count(apply.Done) != 1 {
			t.Errorf("%+v, %v", r, err)
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}
	page, err := client.Get(context.Background(), "/governance/api/v1/campaigns", nil)
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Data []struct{ ID, Name string } }
	if err := json.Unmarshal(page.Body, &list); err != nil || len(list.Data) != 1 {
		t.Fatalf("%d campaigns, %v", len(list.Data), err)
	}
	launch, err := export.Build(export.Header{AsOf: now}, nil, export.Directory{}, okta.Launch{Source: "okta", OrgURL: server.URL,
		Campaigns: []okta.Campaign{{ID: list.Data[0].ID, Name: list.Data[0].Name}}})
	if err != nil || len(launch.Operations) != 1 || !strings.Contains(launch.Operations[0].Path, list.Data[0].ID+"/launch") {
		t.Error(fmt.Sprint(launch.Operations), err)
	}
}
