package rest

import (
	"net/http"
	"strings"
	"testing"
)

// collect joins the items with bars and names the error after them.
func collect(body, key string) string {
	var got []string
	for item, err := range Items([]byte(body), key) {
		if err != nil {
			return strings.Join(append(got, "error: "+err.Error()), "|")
		}
		got = append(got, string(item))
	}
	return strings.Join(got, "|")
}

func TestItemsAreVerbatim(t *testing.T) {
	for _, tc := range []struct{ body, key, want string }{
		{`[]`, "", ``},
		{"\xef\xbb\xbf [ ]\n", "", ``},
		{` [ {"a": "é<\u003c]}\"" , "b":[1,{}]} , {"a":1e400} ] `, "", `{"a": "é<\u003c]}\"" , "b":[1,{}]}|{"a":1e400}`},
		{`[1,"x",null,[2]]`, "", `1|"x"|null|[2]`},
		{`{"@odata.nextLink":"https:\/\/x","value":[{"a":1},{"a":2}]}`, "value", `{"a":1}|{"a":2}`},
		{`{"value":[{"a":1}],"nested":{"value":[3]}}`, "value", `{"a":1}`},
		{`{"nested":{"value":[3]},"v\u0061lue":[{"a":1}]}`, "value", `{"a":1}`},
		{`{"a":1}`, "value", `error: read the list: the answer has no member "value"`},
		{`{"value":{}}`, "value", `error: read the list: not a json array`},
		{`{"a":1}`, "", `error: read the list: not a json array`},
		{``, "", `error: read the list: not a json array`},
		{`[{"a":1},{"a":`, "", `{"a":1}|error: read the answer: the json breaks off`},
		{`[{"a":1}`, "", `{"a":1}|error: read the answer: the json breaks off`},
		{`[{"a":1} {"a":2}]`, "", `{"a":1}|error: read the answer: broken json at byte 9`},
		{`[,]`, "", `error: read the answer: broken json at byte 1`},
		{`["a\`, "", `error: read the answer: the json breaks off`},
		{`{"value":[{"a":1},{"a":`, "value", `{"a":1}|error: read the answer: the json breaks off`},
		{`{"value":`, "value", `error: read the list: not a json array`},
		{`{"value":[1,2],]`, "value", `1|2`}, // what stands after the list is not looked at
		{`{"value" [1]}`, "value", `error: read the answer: broken json at byte 9`},
	} {
		if got := collect(tc.body, tc.key); got != tc.want {
			t.Errorf("%s %s\ngot  %s\nwant %s", tc.body, tc.key, got, tc.want)
		}
	}
}

// Whoever walks over the items anyway says where they end; of the others the
// end is looked for.
func TestWalkedTakesTheLengthsThatItIsTold(t *testing.T) {
	body := `[ {"a":1} , [2],{"b":"]"}, {"c":3}]`
	var got, seen []string
	walk := func(b []byte) int {
		seen = append(seen, string(b[:3]))
		if b[2] == 'b' {
			return 0
		}
		return len(`{"a":1}`) * strings.Count(string(b[:1]), "{")
	}
	for item, err := range Walked([]byte(body), "", walk) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(item))
	}
	if want := `{"a":1}|[2]|{"b":"]"}|{"c":3}`; strings.Join(got, "|") != want || strings.Join(seen, "|") != `{"a|[2]|{"b|{"c` {
		t.Errorf("got %q, asked about %q", got, seen)
	}
}

func TestItemsStopWhenTheCallerDoes(t *testing.T) {
	n := 0
	for range Items([]byte(`[1,2,3]`), "") {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("got %d items", n)
	}
}

func TestStringField(t *testing.T) {
	body := []byte(`{"value":[1],"n":3,"@odata.nextLink":"https:\/\/h\/x?a=\u0026","z":null}`)
	for key, want := range map[string]string{"@odata.nextLink": "https://h/x?a=&", "n": "", "z": "", "absent": ""} {
		if got, err := StringField(body, key); got != want || err != nil {
			t.Errorf("%s: got %q, %v", key, got, err)
		}
	}
	if _, err := StringField([]byte(`[1]`), "x"); err == nil {
		t.Error("an array has no fields")
	}
	// An answer that was cut must not look like the last page of a list.
	for _, cut := range []string{`{"value":[1],"next":`, `{"value":[1],"next":"h`, `{"value":[1],"next":[`, `{"value":[1],"ne`, `{"value":[1],`} {
		if got, err := StringField([]byte(cut), "next"); err == nil {
			t.Errorf("%s: got %q", cut, got)
		}
	}
}

func TestNextLink(t *testing.T) {
	for _, tc := range []struct {
		links []string
		want  string
	}{
		{nil, ""},
		{[]string{`<https://h/a>; rel="self"`}, ""},
		{[]string{`<https://h/a>; rel="self"`, `<https://h/b?after=x,y&limit=1>; rel="next"`}, "https://h/b?after=x,y&limit=1"},
		{[]string{`<https://h/a>; title="a, b"; rel="self", <https://h/b>; rel=next`}, "https://h/b"},
		{[]string{`<https://h/b>;REL="prev next"`}, "https://h/b"},
		{[]string{`rel="next"`, `<broken`}, ""},
	} {
		if got := NextLink(http.Header{"Link": tc.links}); got != tc.want {
			t.Errorf("%v: got %q", tc.links, got)
		}
	}
}

func FuzzItems(f *testing.F) {
	f.Add(`[{"a":"\\"},[1]]`, "")
	f.Add(`{"value":[1]}`, "value")
	f.Fuzz(func(t *testing.T, body, key string) {
		for item, err := range Items([]byte(body), key) {
			if err == nil && (len(item) == 0 || !strings.Contains(body, string(item))) {
				t.Errorf("%q is not in %q", item, body)
			}
		}
	})
}
