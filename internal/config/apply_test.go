package config

import (
	"strings"
	"testing"
)

// TestLoadApply reads who approves and refuses approvers who cannot be told
// apart.
func TestLoadApply(t *testing.T) {
	const ok, a, b = "sources: {f: {type: file, dir: d}}\n", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
	c, err := Load(write(t, ok+"apply: {approvers: [{name: ada, public_key: "+a+", identity: 'hr:1'}, {name: bo, public_key: "+b+"}], canary: 0, caps: {day: 9}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p := c.Apply; len(p.Approvers) != 2 || len(p.Approvers[1].Key()) != 32 || p.Canary != 0 || p.CanaryHours != 24 || p.Caps.Access().Day != 9 || p.Caps.Person != 5 {
		t.Errorf("read %+v", p)
	}
	plain, err := Load(write(t, ok))
	if err != nil || plain.Digest() != c.Digest() {
		t.Errorf("who approves changes the digest of the configuration: %v", err)
	}
	for text, want := range map[string]string{
		"approvers: [{name: ada}]":                                                        `apply.approvers.1.public_key is no ed25519 key`,
		"approvers: [{public_key: " + a + "}]":                                            "apply.approvers.1 has no name",
		"approvers: [{name: ada, public_key: AAAA}]":                                      `apply.approvers.1.public_key "AAAA" is no ed25519 key of 32 bytes`,
		"approvers: [{name: x, public_key: " + a + "}, {name: y, public_key: " + a + "}]": "apply.approvers.2.public_key",
		"approvers: [{name: x, public_key: " + a + "}, {name: x, public_key: " + b + "}]": `apply.approvers.2.name "x" is given twice`,
		"approvals: 0":       "apply.approvals",
		"caps: {share: 2}":   "apply.caps.share",
		"caps: {persons: 2}": "apply.caps.persons is not a known key (did you mean person?)",
	} {
		if _, err := Load(write(t, ok+"apply: {"+text+"}\n")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
