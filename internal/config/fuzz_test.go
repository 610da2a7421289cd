package config

import "testing"

// FuzzParse looks for a file that makes the parser panic or hang.
func FuzzParse(f *testing.F) {
	f.Add("data_dir: x\nsources: {f: {type: file, dir: d}}\npolicy: {sod: [{name: a, left: [x], right: [y], severity: low}]}\n")
	f.Add("sources:\n  o:\n    type: okta\n    api_token: ${T}\npeers: [title]\n")
	f.Add("a: |\n  b\n? c\n: d\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parse("fuzz.yaml", []byte(text))
		if (c == nil) == (err == nil) {
			t.Errorf("parse = %v, %v: want one of the two", c, err)
		}
	})
}
