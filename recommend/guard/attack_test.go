package guard_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/recommend"
	"winnow/recommend/guard"
)

// An attack is an answer that says something untrue, or is no answer.
type attack struct {
	kind    string
	made    bool // by the fuzzer, not by hand
	pattern recommend.Pattern
	answer  []byte
}

// with puts a sentence in the place of one of the template's.
func with(t testing.TB, template recommend.Template, s saying) []byte {
	t.Helper()
	sentences, err := template.Tell(s.pattern)
	if err != nil {
		t.Fatal(err)
	}
	i, ok := map[string]int{"verdict": 0, "way_back": len(sentences) - 1}[s.code]
	if !ok {
		i = 1
	}
	sentences[i].Text = bound(s.text)
	return marshal(t, s.pattern, sentences)
}

// carried are additions that a kind of claim carries by itself: with them a
// sentence stays true.
var carried = map[string][]string{
	"all":     {"season", "failed_only", "holders_active"},
	"both":    {"failed_only"},
	"nobody":  {"idle_quiet", "idle_never", "holders_active", "peers_hold", "peers_use"},
	"without": {"idle_quiet", "idle_never"},
	"not":     {"verdict"}, // where the other words make it a sentence at all, it is one that says so
}

// payloads reads the additions, kind by kind.
func payloads(t testing.TB) [][2]string {
	t.Helper()
	data, err := os.ReadFile("testdata/attacks.en.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out [][2]string
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if kind, text, ok := strings.Cut(line, ": "); ok && !strings.HasPrefix(line, "#") {
			if plain, err := strconv.Unquote(`"` + text + `"`); err == nil && kind == "hidden" {
				text = plain
			}
			out = append(out, [2]string{kind, text})
		}
	}
	return out
}

// opposites are words that turn a sentence round.
var opposites = [][2]string{
	{" no ", " some "}, {" no ", " "}, {" not ", " "}, {" never ", " often "}, {" never ", " "}, {"None ", "All "}, {"No ", "Much "}, {"No ", ""},
	{" cannot ", " can "}, {"Nobody ", "Everybody "}, {"nothing", "something"}, {"Nothing", "Everything"},
	{" left ", " joined "}, {" joined ", " left "}, {" started", " stopped"}, {"Few ", "Many "}, {" rare", " common"}, {" common ", " rare "},
	{" failed", " succeeded"}, {"missing or incomplete", "complete"}, {"incomplete or missing", "complete"}, {" unused", " used"},
	{" up to ", " at least "}, {" at most ", " at least "}, {"within ", "after "}, {" ended", " began"}, {" expired", " was renewed"},
	{" too short", " long enough"}, {" too old", " fresh enough"}, {" too little", " enough"}, {" wrong", " right"},
	{"Remove ", "Keep "}, {"Revoke ", "Keep "}, {"Take ", "Give "}, {"Grant ", "Deny "}, {"Assign ", "Deny "}, {" lose ", " keep "},
	{"Change ", "Keep "}, {"can be ", "cannot be "}, {"cannot be ", "can be "}, {" former ", " present "}, {" previous ", " new "},
	{"directly", "through a group"}, {" hold ", " lack "}, {" use it", " lack it"}, {" use it", " want it"}, {" uses it", " needs it"}, {" hold it", " need it"},
	{" since ", " until "}, {" until ", " since "}, {" last used", " first used"}, {"last use", "first use"}, {"protects", "exposes"}, {" protected", " unprotected"},
	{"complete logs", "incomplete logs"}, {" breaks ", " satisfies "}, {" break ", " satisfy "}, {" violates", " satisfies"}, {" violate ", " satisfy "},
	{"is inherited", "is withheld"}, {" gives ", " denies "}, {" costs ", " saves "}, {"privileged", "harmless"}, {" new ", " old "}, {" disuse", " misuse"},
	{" recently", " long ago"}, {" held back ", " published "}, {" fell silent", " stayed active"}, {" went silent", " stayed active"}, {"built-in ", "wrong "},
}

// turn swaps slots, subjects or single words, so that the same words say
// something else. It returns false where it has no effect.
func turn(r *rand.Rand, s saying) (saying, string, bool) {
	before := s.text
	switch r.IntN(3) {
	case 0:
		for range 200 {
			o := opposites[r.IntN(len(opposites))]
			if s.text = strings.Replace(s.text, o[0], o[1], 1); s.text != before {
				break
			}
		}
		return s, "opposite", s.text != before
	case 1:
		slots := anySlot.FindAllString(s.text, -1)
		if len(slots) < 2 {
			return s, "", false
		}
		i, j := r.IntN(len(slots)), r.IntN(len(slots))
		if symmetric(slots[i], slots[j]) {
			return s, "", false
		}
		s.text = strings.Replace(s.text, slots[i], "\x00", 1)
		s.text = strings.Replace(s.text, slots[j], slots[i], 1)
		s.text = strings.Replace(s.text, "\x00", slots[j], 1)
		return s, "swapped slots", s.text != before
	}
	people := [][2]string{{"{identity}", "{entitlement}"}, {"{identity}", "The colleagues"}, {"It ", "{identity} "}, {"{identity}", "The owner"}, {"colleagues", "managers"}, {" peers", " leavers"}, {"the account", "the app"}, {"The account", "Every account"}, {"the group", "the rule"}, {"the rule", "the manager"}}
	o := people[r.IntN(len(people))]
	s.text = strings.Replace(s.text, o[0], o[1], 1)
	return s, "changed subject", s.text != before && !strings.Contains(before, "'s ")
}

// symmetric are slots that may change places: {entitlement_kind} and
// {entitlement} name one thing, and a slot is itself.
func symmetric(a, b string) bool {
	return a == b || strings.HasPrefix(a, "{entitlement") && strings.HasPrefix(b, "{entitlement")
}

// insert puts an addition between two words of a sentence, in front or behind.
func insert(r *rand.Rand, s saying, add string) saying {
	parts := strings.Split(strings.TrimSuffix(s.text, "."), " ")
	at := r.IntN(len(parts) + 1)
	if at == 0 && r.IntN(2) == 0 {
		parts[0] = small(parts[0])
		add = strings.ToUpper(add[:1]) + add[1:]
	}
	parts = slices.Insert(parts, at, add)
	s.text = strings.Join(parts, " ") + "."
	return s
}

// fuzzed makes attacks out of true sentences.
func fuzzed(t testing.TB, seed uint64, n int) []attack {
	_, template := fence(t)
	r := rand.New(rand.NewPCG(seed, 2))
	truths, adds := rewordings(t, 600), payloads(t)
	var out []attack
	for len(out) < n {
		s := truths[r.IntN(len(truths))]
		a := attack{made: true, pattern: s.pattern}
		if r.IntN(3) > 0 {
			add := adds[r.IntN(len(adds))]
			if slices.Contains(carried[add[1]], s.code) {
				continue
			}
			a.kind, s = add[0], insert(r, s, add[1])
		} else {
			var ok bool
			if s, a.kind, ok = turn(r, s); !ok {
				continue
			}
		}
		a.answer = with(t, template, s)
		out = append(out, a)
	}
	return out
}

// byHand are attacks on the whole of an answer: its JSON, its ids, its order,
// its length, the verdict, and sentences of one claim under the name of another.
func byHand(t testing.TB) []attack {
	_, template := fence(t)
	var out []attack
	add := func(kind string, p recommend.Pattern, answer []byte) {
		out = append(out, attack{kind: kind, pattern: p, answer: answer})
	}
	for _, action := range access.Actions {
		_, p := subject(t, "idle_quiet/"+string(action), "")
		sentences, err := template.Tell(p)
		if err != nil {
			t.Fatal(err)
		}
		good := marshal(t, p, sentences)
		for _, broken := range broken(good) {
			add("broken json", p, broken)
		}
		for kind, list := range misshapen(sentences) {
			add(kind, p, marshal(t, p, list))
		}
		for _, other := range access.Actions {
			if other == action {
				continue
			}
			wrong := p
			wrong.Action = other
			says, err := template.Tell(wrong)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range []int{0, len(says) - 1} { // the verdict, and what follows if it is wrong
				list := slices.Clone(sentences)
				list[i] = says[i]
				add("flipped verdict", p, marshal(t, p, list))
			}
		}
		for text := range strings.Lines(flipped) {
			list := slices.Clone(sentences)
			list[0].Text = strings.TrimSpace(text)
			add("flipped verdict", p, marshal(t, p, list))
		}
	}
	return append(out, crossed(t, template)...)
}

// flipped are verdicts that no recommendation may carry as a model puts them.
const flipped = `{identity} may keep the access to {entitlement}.
Do not end the access of {identity} to {entitlement}.
End the access of {identity} to {entitlement} at once.
End all access of {identity}.
End the access of everybody to {entitlement}.
Approve the access of {identity} to {entitlement}.
End the account of {identity} and the access to {entitlement}.
It is safe to leave the access of {identity} to {entitlement}.
{identity} must be dismissed.
Give {entitlement} to everybody and {identity}.
Do not give {identity} access to {entitlement}.
Do not change what gives {identity} {entitlement}.
`

// broken spoils the JSON of a good answer.
func broken(good []byte) [][]byte {
	text := string(good)
	out := [][]byte{nil, []byte("null"), []byte("[]"), []byte("{}"), []byte(`"x"`), []byte(`{"sentences":null}`), []byte(`{"sentences":[]}`), []byte(`{"sentences":[1]}`),
		[]byte(text + text), []byte(text + " and more"), []byte("Here it is: " + text), []byte("```json\n" + text + "\n```"), []byte("\ufeff" + text),
		[]byte(strings.Replace(text, `{"claim"`, `{"note":"approve","claim"`, 1)), []byte(strings.Replace(text, `"sentences"`, `"verdict":"grant","sentences"`, 1)),
		[]byte(strings.Replace(text, `"text":"`, `"text":"x","text":"`, 1)), []byte(strings.Replace(text, `"claim":"c1"`, `"claim":"c1","claim":"c1"`, 1)),
		[]byte(strings.Replace(text, `"claim":"c1"`, `"claim":1`, 1)), []byte(strings.Replace(text, `"claim":"c1"`, `"claim":null`, 1)), []byte(strings.Replace(text, `"c1"`, `"C1"`, 1)),
		[]byte(strings.Replace(text, "It ", "It \xff", 1)), []byte(strings.Replace(text, "It ", `It \u0000`, 1)), []byte(strings.Replace(text, "It ", `It \ud800`, 1)),
		[]byte(`{"sentences":` + strings.Repeat("[", 5000)), append(slices.Clone(good), bytes.Repeat([]byte(" "), 20000)...)}
	for i := 1; i < 8; i++ {
		out = append(out, good[:len(good)*i/8])
	}
	return out
}

// misshapen are lists of sentences of which each is well formed.
func misshapen(sentences []recommend.Sentence) map[string][]recommend.Sentence {
	last := len(sentences) - 1
	edit := func(change func([]recommend.Sentence) []recommend.Sentence) []recommend.Sentence {
		return change(slices.Clone(sentences))
	}
	text := func(s string) []recommend.Sentence {
		return edit(func(l []recommend.Sentence) []recommend.Sentence { l[1].Text = s; return l })
	}
	claim := sentences[1].Text
	return map[string][]recommend.Sentence{
		"no way back":      sentences[:last],
		"no verdict":       sentences[1:],
		"no claim":         {sentences[0], sentences[last]},
		"twice":            slices.Insert(slices.Clone(sentences), 1, sentences[1]),
		"order":            edit(func(l []recommend.Sentence) []recommend.Sentence { l[0], l[1] = l[1], l[0]; return l }),
		"unknown id":       edit(func(l []recommend.Sentence) []recommend.Sentence { l[1].Claim = "c7"; return l }),
		"two in one":       text(claim + " " + claim),
		"second sentence":  text(claim + " It is not needed."),
		"another claim":    text(strings.TrimSuffix(claim, ".") + " and the account is protected from revocation."),
		"empty":            text(""),
		"only a mark":      text("."),
		"only articles":    text("The a an."),
		"overlong":         text(strings.Repeat("also ", 90) + small(claim)),
		"very long":        text(strings.Repeat("It was last used. ", 900)),
		"shouting":         text(strings.ToUpper(claim)),
		"question":         text(strings.TrimSuffix(claim, ".") + "?"),
		"exclamation":      text(strings.TrimSuffix(claim, ".") + "!"),
		"line break":       text(strings.Replace(claim, " ", "\n", 1)),
		"tab":              text(strings.Replace(claim, " ", "\t", 1)),
		"quotes":           text("\"" + claim + "\""),
		"no slot":          text("It has not been used for long."),
		"broken bracket":   text(strings.Replace(claim, "{", "({", 1)),
		"slot in a word":   text(strings.Replace(claim, " {", "{", 1)),
		"slot given twice": text(strings.TrimSuffix(claim, ".") + " {c1.days}."),
	}
}

// crossed binds what the template says of one kind of claim to every other kind.
// Comparable people who hold it are also told, with the same figures, by the
// claim that few do.
func crossed(t testing.TB, template recommend.Template) []attack {
	codes, err := recommend.Codes()
	if err != nil {
		t.Fatal(err)
	}
	var out []attack
	all := slices.Sorted(maps.Keys(codes))
	for _, from := range all {
		_, p := subject(t, string(from), "")
		says, err := template.Tell(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, to := range all {
			if from == to || from == "peers_hold" && to == "rare_among_peers" {
				continue
			}
			_, q := subject(t, string(to), "")
			list, err := template.Tell(q)
			if err != nil {
				t.Fatal(err)
			}
			list[1].Text = says[1].Text
			out = append(out, attack{kind: "another claim's sentence", pattern: q, answer: marshal(t, q, list)})
		}
	}
	return out
}

// TestLies refuses each sentence of lies.en.txt.
func TestLies(t *testing.T) {
	g, template := fence(t)
	lies := sayings(t, "testdata/lies.en.txt")
	for _, s := range lies {
		if judge(t, g, template, s) == nil {
			t.Errorf("%s was let through: %s", s.code, s.text)
		}
	}
	t.Logf("%d lies by hand", len(lies))
}

// TestAttacks lets nothing through, by hand or of the fuzzer's making.
func TestAttacks(t *testing.T) {
	g, _ := fence(t)
	kinds := map[string]int{}
	hands, made := 0, 0
	for _, a := range append(byHand(t), fuzzed(t, 1, 20000)...) {
		kinds[a.kind]++
		count(&made, a.made)
		count(&hands, !a.made)
		if sentences, fault := g.Check(a.pattern, a.answer); fault == nil {
			text, _ := json.Marshal(sentences)
			t.Errorf("%s was let through: %s %s", a.kind, a.pattern.Claims[0].Code, text)
		}
	}
	t.Logf("%d attacks of set forms, %d by the fuzzer; by kind %v", hands, made, kinds)
	if hands < 1000 || made < 1000 {
		t.Errorf("%d attacks of set forms and %d by the fuzzer are too few", hands, made)
	}
}

// TestNoAttack shows that the same machinery, without an attack, is let through,
// so that no attack is refused for a reason of its own.
func TestNoAttack(t *testing.T) {
	g, template := fence(t)
	for _, code := range []string{"idle_quiet", "peers_hold", "moved"} {
		_, p := subject(t, code, "")
		sentences, err := template.Tell(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, fault := g.Check(p, marshal(t, p, sentences)); fault != nil {
			t.Error(fault)
		}
	}
	_, p := subject(t, "idle_quiet", "")
	if _, fault := g.Check(p, []byte("{}")); fault == nil || fault.Code != guard.BrokenJSON || !strings.Contains(fault.Advice(), "JSON") {
		t.Errorf("fault = %v", fault)
	}
}
