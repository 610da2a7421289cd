package access_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"winnow/internal/access"
)

func TestParseClaims(t *testing.T) {
	claims, err := access.ParseClaims([]byte(`[
		{"id":"c1","code":"idle_quiet","values":{"days":142,"share":0.0310,"last_use":"2026-03-02","gone":null}},
		{"id":"c2","code":"via_app","values":{"apps":["Ledger","Payroll"]}}]`))
	if err != nil {
		t.Fatal(err)
	}
	v := claims[0].Values
	if v["days"].Text() != "142" || !v["days"].IsNumber() || v["share"].Text() != "0.0310" {
		t.Errorf("numbers lost their digits: %+v", v)
	}
	if !v["gone"].IsUnknown() || !v["absent"].IsUnknown() {
		t.Error("null and absent must be unknown")
	}
	if got := claims[1].Values["apps"].List(); len(got) != 2 || got[1] != "Payroll" {
		t.Errorf("list = %v", got)
	}
	again, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(again), `"share":0.0310`) || !strings.Contains(string(again), `"apps":["Ledger","Payroll"]`) {
		t.Errorf("written again: %s", again)
	}
}

func TestParseClaimsRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"no id":         `[{"code":"privileged","values":{}}]`,
		"slot in an id": `[{"id":"c1}{x","code":"privileged","values":{}}]`,
		"id twice":      `[{"id":"c1","code":"privileged"},{"id":"c1","code":"no_signal"}]`,
		"no code":       `[{"id":"c1","values":{}}]`,
		"object value":  `[{"id":"c1","code":"moved","values":{"x":{"y":1}}}]`,
		"not a list":    `{"id":"c1"}`,
	} {
		if _, err := access.ParseClaims([]byte(body)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestNoClaims(t *testing.T) {
	for _, body := range []string{"", " ", "null", "[]"} {
		if claims, err := access.ParseClaims([]byte(body)); err != nil || len(claims) != 0 {
			t.Errorf("%q: %v, %v", body, claims, err)
		}
	}
}

func TestQuoteName(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"Dana Reyes", "“Dana Reyes”"},
		{"two\r\nlines\tand\u00a0more", "“two lines and more”"},
		{"close” and “open \" «x»", "“close' and 'open ' 'x'”"},
		{"abc\u202etxt.exe", `“abc\u202etxt.exe”`},
		{"\x1b[2J", `“\u001b[2J”`},
		{"", "“”"},
	} {
		if got := access.QuoteName(c.name, "“", "”"); got != c.want {
			t.Errorf("QuoteName(%q) = %s, want %s", c.name, got, c.want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add(strings.Repeat("\u202e", 100), 60)
	f.Add("a b", 2)
	f.Add("\xff\xfe", 1)
	f.Fuzz(func(t *testing.T, name string, limit int) {
		limit = min(max(limit, 0), 200)
		got := access.CleanName(name, limit)
		if n := utf8.RuneCountInString(got); n > limit {
			t.Errorf("%d runes of at most %d: %q", n, limit, got)
		}
		if got != access.Printable(got) || strings.ContainsAny(got, "\r\n\t\v\f\u0085\u2028") {
			t.Errorf("not fit for a line: %q", got)
		}
	})
}
