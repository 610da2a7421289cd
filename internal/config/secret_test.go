package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/access"
)

func TestSecretRevealsWhatItRefersTo(t *testing.T) {
	t.Setenv("WINNOW_TEST_SECRET", " s3cret\n")
	dir := t.TempDir()
	private, open, empty := filepath.Join(dir, "private"), filepath.Join(dir, "open"), filepath.Join(dir, "empty")
	for path, mode := range map[string]os.FileMode{private: 0o600, open: 0o640, empty: 0o600} {
		text := "from-a-file\n"
		if path == empty {
			text = " \n"
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ ref, want, fault string }{
		{"${WINNOW_TEST_SECRET}", "s3cret", ""},
		{"file:" + private, "from-a-file", ""},
		{"file:" + open, "", "can be read by others"},
		{"file:" + empty, "", "is empty"},
		{"file:" + dir, "", "can be read by others"},
		{"file:" + dir + "/absent", "", "no such file"},
		{"${WINNOW_TEST_UNSET}", "", "WINNOW_TEST_UNSET is not set"},
	} {
		s, err := parseSecret(c.ref)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Reveal()
		if got != c.want || (err == nil) != (c.fault == "") {
			t.Errorf("%s: Reveal = %q, %v", c.ref, got, err)
		}
		if err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: Reveal = %v, want it to say %q", c.ref, err, c.fault)
		}
	}
}

func TestSecretNeverPrintsItself(t *testing.T) {
	t.Setenv("WINNOW_TEST_SECRET", "s3cret")
	s := Source{Name: "o", APIToken: Secret{env: "WINNOW_TEST_SECRET"}}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{fmt.Sprintf("%v %+v %#v %s", s, s, s, s.APIToken), string(b)} {
		if strings.Contains(text, "s3cret") {
			t.Errorf("printed: %s", text)
		}
	}
}

func TestParseSecretRefusesWithoutRepeating(t *testing.T) {
	for _, text := range []string{"", "hunter2", "$NAME", "${}", "${A} ${B}", "file:", "${A-B}"} {
		_, err := parseSecret(text)
		if err == nil || (text != "" && strings.Contains(err.Error(), text)) || access.HintOf(err) == "" {
			t.Errorf("parseSecret(%q) = %v", text, err)
		}
	}
}

func TestReadyReportsEverySecretAndFolder(t *testing.T) {
	c, err := Load(write(t, `
sources:
  e: {type: entra, access_token: "${WINNOW_TEST_UNSET}"}
  o: {type: okta, org_url: https://x.okta.com, api_token: file:absent}
  saved: {type: okta, dir: absent, api_token: file:not-needed}
`))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(c.Sources.Ready("winnow.yaml"))
	for _, want := range []string{"3 faults", "sources.e.access_token", "sources.o.api_token", "sources.saved.dir"} {
		if !strings.Contains(got, want) {
			t.Errorf("Ready = %s\nwant it to name %s", got, want)
		}
	}
}

func TestDigest(t *testing.T) {
	const base = "sources: {o: {type: okta, org_url: https://x.okta.com, api_token: 'file:a'}}\n"
	digest := func(text string) string {
		c, err := Load(write(t, text))
		if err != nil {
			t.Fatal(err)
		}
		return c.Digest()
	}
	want := digest(base)
	for name, text := range map[string]string{
		"the same again":      base,
		"a rotated secret":    strings.Replace(base, "file:a", "file:b", 1),
		"a default spelt out": base + "policy: {wait_days: 7}\n",
		"resources":           base + "threads: 3\nmemory_limit: 1GB\n",
		"another data folder": base + "data_dir: elsewhere\n",
		"another address":     strings.Replace(base, "x.okta.com", "y.okta.com", 1),
		"saved answers":       "sources: {o: {type: okta, dir: saved}}\n",
	} {
		if digest(text) != want {
			t.Errorf("%s changes the digest", name)
		}
	}
	if digest(base+"policy: {wait_days: 8}\n") == want {
		t.Error("a changed policy keeps the digest")
	}
	for name, text := range map[string]string{
		"a renamed source":  strings.Replace(base, "{o:", "{p:", 1),
		"an ignored client": strings.Replace(base, "api_token: 'file:a'", "client_id: c, private_key: 'file:a', key_id: k", 1),
	} {
		if digest(text) == want {
			t.Errorf("%s keeps the digest", name)
		}
	}
}
