package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	fakeentra "winnow/internal/fake/entra"
	"winnow/internal/fake/faulty"
	fakeokta "winnow/internal/fake/okta"
	"winnow/internal/lake"
)

// sickTenant starts an Okta org that granted one scope too few and whose clock
// is two hours ahead, and an Entra tenant without a licence, and writes the
// configuration for them into a folder.
func sickTenant(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	org, err := fakeokta.New(t.TempDir(), fakeokta.Options{ClientID: "c1", KeyID: "k1", PublicKey: key.Public(), NoGovernance: true,
		Granted: []string{"okta.logs.read", "okta.users.read", "okta.apps.read", "okta.roles.read",
			"okta.governance.entitlements.read", "okta.governance.accessCertifications.read"}})
	if err != nil {
		t.Fatal(err)
	}
	okta := httptest.NewServer(faulty.New(org, faulty.Options{Skew: 2 * time.Hour}))
	t.Cleanup(okta.Close)
	tenant, err := fakeentra.New(t.TempDir(), fakeentra.Options{AccessToken: "not-a-secret", Free: true})
	if err != nil {
		t.Fatal(err)
	}
	entra := httptest.NewServer(tenant)
	t.Cleanup(entra.Close)
	conf := fmt.Sprintf(`sources:
  okta: {type: okta, org_url: %q, client_id: c1, key_id: k1, private_key: "file:key.pem"}
  entra: {type: entra, graph_url: %q, access_token: "${WINNOW_TEST_TOKEN}"}
`, okta.URL, entra.URL)
	for name, text := range map[string]string{"winnow.yaml": conf,
		"key.pem": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// ledgerWithGap writes forty days of complete System Log, three of them
// missing, up to the last day before 2026-11-01.
func ledgerWithGap(t *testing.T, dir string) {
	t.Helper()
	lk, err := lake.Open(filepath.Join(dir, "data", "lake"))
	if err != nil {
		t.Fatal(err)
	}
	m := lake.Manifest{Source: "okta", Stream: "system_log", Pull: "p000001", Events: true, Complete: true}
	for d := access.Day("2026-09-22"); d < "2026-11-01"; d = d.Add(1) {
		if d < "2026-10-12" || d > "2026-10-14" {
			m.Coverage = append(m.Coverage, lake.DayCoverage{Day: d, Status: lake.Complete})
		}
	}
	if err := lk.WriteManifest(m); err != nil {
		t.Fatal(err)
	}
}

// TestDoctorNamesWhatIsWrong drives a tenant with a scope, a licence, three
// days and two hours amiss: doctor names all four with their way out.
func TestDoctorNamesWhatIsWrong(t *testing.T) {
	dir := sickTenant(t)
	ledgerWithGap(t, dir)
	cmd, _ := winnow(dir, "--json", "--as-of", "2026-11-01T06:00:00Z", "doctor")
	out, err := cmd.Output()
	if code := cmd.ProcessState.ExitCode(); code != exitFailed {
		t.Errorf("status %d (%v), want %d: a required scope is missing", code, err, exitFailed)
	}
	var d diagnosis
	if err := json.Unmarshal(out, &d); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, want := range []struct {
		area, check   string
		level         ingest.Level
		found, wayOut string
	}{
		{"okta", "scope", ingest.Failure, "scope okta.groups.read is not granted: no groups, group_members, group_rules", "grant the service app the scope okta.groups.read"},
		{"okta", "credentials", ingest.OK, "held: okta.logs.read, okta.users.read, okta.apps.read", ""},
		{"okta", "clock", ingest.Warning, "the platform's clock is 2h0m0s ahead of this machine's", "by NTP"},
		{"okta", "licence", ingest.Warning, "no Identity Governance", "nothing to do"},
		{"entra", "licence", ingest.Warning, "no licence for sign_ins", "Entra ID P1"},
		{"entra", "clock", ingest.OK, "agree", ""},
		{"conclusions", "need", ingest.Warning, "entra: no non-interactive sign-ins (sign_ins_export or sign_ins_noninteractive): nothing is called unused in entra", "dir:"},
		{"conclusions", "gap", ingest.Warning, "okta system_log: 3 days missing, 12–14 Oct 2026: they count for nothing", "winnow pull --source okta"},
		{"conclusions", "horizon", ingest.Warning, "okta: log begins 40 days ago, 37 days covered, the last is 31 Oct 2026: horizons are 12 days", "history:"},
		{"last run", "snapshot", ingest.Warning, "no snapshot", "winnow run"},
	} {
		if !slices.ContainsFunc(d.Symptoms, func(s symptom) bool {
			return s.Area == want.area && s.Check == want.check && s.Level == want.level &&
				strings.Contains(s.Found, want.found) && strings.Contains(s.WayOut, want.wayOut)
		}) {
			t.Errorf("not found: %+v\nin %s", want, out)
		}
	}
	if len(d.Calendar) != 2 || d.Calendar[1].Days != "###########---#################" {
		t.Errorf("calendar %+v", d.Calendar)
	}
}

// TestDoctorForPeople looks at the same tenant through eyes: every way out
// stands under its finding, the calendar last, and nothing secret anywhere.
func TestDoctorForPeople(t *testing.T) {
	dir := sickTenant(t)
	ledgerWithGap(t, dir)
	cmd, stderr := winnow(dir, "--as-of", "2026-11-01T06:00:00Z", "doctor", "--source", "entra,okta")
	out, _ := cmd.Output()
	text := string(out)
	for _, want := range []string{"\nokta\n", "  failure  scope okta.groups.read", "\n           → grant the service app",
		"           1   5    10   15   20   25   30\n  2026-09                       #########\n  2026-10  ###########---#################\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	if !strings.Contains(stderr.String(), "found 1 failure and") || strings.Contains(text+stderr.String(), "not-a-secret") {
		t.Errorf("stderr: %s", stderr)
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "data")); err != nil || len(entries) != 1 {
		t.Errorf("doctor changed the data folder: %v, %v", entries, err)
	}
}
