package config

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHRSystemsOverTheNetwork(t *testing.T) {
	good := write(t, `
sources:
  a: {type: workday, url: "https://wd.example", tenant: acme, username: isu, password: "${P}", format: csv, reports: {workers: "isu/Workers?x=1"}}
  b: {type: bamboohr, url: "https://acme.bamboohr.com", api_key: "${K}"}
  c: {type: ukg, url: "https://ukg.example", username: svc, password: "${P}", api_key: "${K}", values: {worker_type: {CON: contractor}}}
  d: {type: ukg, dir: saved}
`)
	if _, err := Load(good); err != nil {
		t.Errorf("a good file: %v", err)
	}
	_, err := Load(write(t, `
sources:
  a: {type: workday, url: "https://wd.example", username: isu, format: xml, files: {workers: w.csv}}
  b: {type: bamboohr, url: "http://acme.bamboohr.com", api_key: "${K}", access_token: "${T}"}
  c: {type: ukg, url: "https://ukg.example", username: svc, api_key: "${K}", tenant: x}
  d: {type: bamboohr}
  e: {type: bamboohr, url: "https://acme.bamboohr.com", api_key: the-key-itself}
`))
	var f *Faults
	if !errors.As(err, &f) {
		t.Fatalf("Load = %v", err)
	}
	var got []string
	for _, fault := range f.List {
		got = append(got, fault.Field)
	}
	slices.Sort(got)
	want := []string{"sources.a", "sources.a.files", "sources.a.format", "sources.a.reports.workers", "sources.a.tenant",
		"sources.b", "sources.b.url", "sources.c", "sources.c.tenant", "sources.d.url", "sources.e.api_key"}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s\n%v", d, err)
	}
}

func TestSecretsOfHRAreNoPartOfTheDigest(t *testing.T) {
	c := Defaults()
	c.Sources = Sources{{Name: "hr", Type: "ukg", Password: Secret{env: "A"}, APIKey: Secret{env: "B"}}}
	before := c.Digest()
	c.Sources[0].Password, c.Sources[0].APIKey = Secret{env: "C"}, Secret{}
	if c.Digest() != before {
		t.Error("another secret gives another digest")
	}
}
