package guard_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/recommend"
	"winnow/recommend/guard"
)

// A saying is a sentence on one subject: a claim, the verdict or the way back.
type saying struct {
	line    string // of the file from which it comes
	code    string // of the claim, or "verdict" or "way_back"
	pattern recommend.Pattern
	text    string // slots without the id of a claim
	made    bool   // by the fuzzer, not by hand
}

var (
	anySlot = regexp.MustCompile(`\{([a-z_]+)(\|[a-z]+)?\}`)
	bracket = regexp.MustCompile(`\[([^\]]*)\]`)
)

// sayings reads a file of sentences and spells out their alternatives.
func sayings(t testing.TB, name string) []saying {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []saying
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		head, text, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("%s: %q is no saying", name, line)
		}
		code, p := subject(t, head, text)
		for _, spelled := range spell(text) {
			out = append(out, saying{line: line, code: code, pattern: p, text: spelled})
		}
	}
	return out
}

// subject reads what stands before the colon: code, /verdict, ?slot=form.
func subject(t testing.TB, head, text string) (string, recommend.Pattern) {
	t.Helper()
	head, condition, _ := strings.Cut(head, "?")
	_, form, _ := strings.Cut(condition, "=")
	if form == "" {
		form = "other"
	}
	code, rest, _ := strings.Cut(head, "/")
	action, back, _ := strings.Cut(rest, ".")
	p := recommend.Pattern{Action: access.Revoke, WayBack: access.Reversible}
	if action != "" {
		p.Action = access.Action(action)
	}
	if back != "" {
		p.WayBack = access.WayBack(back)
	}
	if code == "path_group" && !strings.Contains(text, "{count") {
		form = "one" // one group only
	}
	if code == "sod" {
		p.Action = access.Abstain
	}
	claim := access.ClaimCode("privileged") // beside a sentence on the verdict
	if code != "verdict" && code != "way_back" {
		claim = access.ClaimCode(code)
	}
	p.Claims = []recommend.BriefClaim{claimWith(t, claim, form, fields(t, claim))}
	return code, p
}

// spell writes each choice of the alternatives in brackets.
func spell(text string) []string {
	at := bracket.FindStringSubmatchIndex(text)
	if at == nil {
		return []string{text}
	}
	var out []string
	for option := range strings.SplitSeq(text[at[2]:at[3]], "/") {
		out = append(out, spell(text[:at[0]]+option+text[at[1]:])...)
	}
	return out
}

// judge puts a saying into an answer that is else the template's.
func judge(t testing.TB, g *guard.Guard, template recommend.Template, s saying) *guard.Fault {
	t.Helper()
	sentences, err := template.Tell(s.pattern)
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{"verdict": 0, "way_back": len(sentences) - 1}
	i, ok := at[s.code]
	if !ok {
		i = 1
	}
	sentences[i].Text = bound(s.text)
	_, fault := g.Check(s.pattern, marshal(t, s.pattern, sentences))
	return fault
}

// bound names the claim in its slots.
func bound(text string) string {
	return anySlot.ReplaceAllStringFunc(text, func(slot string) string {
		name := anySlot.FindStringSubmatch(slot)[1]
		if slices.Contains(recommend.Globals(), name) {
			return slot
		}
		return "{c1." + slot[1:]
	})
}

// same are words and phrases that may stand for each other in these sentences.
// They were gathered without the grammar, from how people write of access.
var same = [][]string{
	{"It ", "This access ", "The access ", "This entitlement "},
	{" it.", " this access.", " the access."},
	{" use it", " make use of it", " are using it", " actively use it"},
	{" hold it", " have it", " hold this access"},
	{" was seen", " was recorded", " was observed", " was noted", " has been seen"},
	{" show ", " record ", " indicate "},
	{"complete logs", "full logs", "complete log coverage"},
	{"was last used", "was last in use"},
	{" chance", " likelihood", " probability"},
	{" within {", " in the next {", " over the coming {", " during the next {"},
	{" usually ", " typically ", " normally ", " mostly "},
	{" is rare", " is uncommon", " is rarely held"},
	{" left the company", " left the organisation", " departed from the company"},
	{" joined", " started"},
	{" ended on", " expired on", " ran out on"},
	{" gives ", " grants ", " provides "},
	{"through the", "via the", "by the"},
	{"The log is", "The logs are"},
	{"The log covers", "The logs cover"},
	{" missing or incomplete", " incomplete or missing"},
	{"too short", "not long enough", "too brief"},
	{" a person", " any person", " an individual"},
	{" cannot be seen", " is not visible", " cannot be observed"},
	{" per month", " a month", " each month"},
	{" costs ", " comes to "},
	{" is protected", " is shielded", " is exempt"},
	{" silent ", " quiet "},
	{" together", " at the same time"},
	{" held back", " on hold", " put on hold"},
	{" taken away", " removed", " revoked", " withdrawn"},
	{" moved ", " transferred ", " went ", " has moved "},
	{" breaks ", " violates ", " is against "},
	{" would break ", " would violate ", " would breach "},
	{" former team", " previous team", " old team"},
	{" assigned ", " granted "},
	{" should ", " ought to "},
	{"Remove ", "Revoke ", "Withdraw ", "End "},
	{" restored", " given back", " reinstated"},
	{", so ask", ", and so ask", "; ask"},
	{" because the ", " since the ", " as the "},
	{" because it ", " since it ", " as it "},
	{", and ", "; "},
	{"} ago", "} back"},
	{" Among ", " Of "},
	{" usual ", " typical "},
	{" too fresh", " too recent", " too new"},
	{" been on leave", " been away on leave"},
}

// fronts begin a sentence: three ways of going on, one of naming the records and
// one of naming the logs.
var fronts = []string{"Also, ", "In addition, ", "Moreover, ", "The records show that ", "According to the logs, "}

// said returns how many of the ways of naming a source fit: the logs tell of use
// only, and a limit or a judgement is in no record.
func said(s saying) int {
	section := s.pattern.Claims[0].Section
	switch {
	case strings.Contains(s.text, "log") || strings.HasPrefix(s.text, "According") || s.code == "idle_score",
		section == recommend.Limit, section == recommend.Stake:
		return 0
	case strings.HasPrefix(s.code, "idle_") || s.code == "peers_use" || s.code == "holders_active" || s.code == "own_pace" || s.code == "failed_only":
		return 2
	}
	return 1
}

// mutate rewords a sentence a little: a phrase for another, what stands at the
// end put in front, a way of beginning, a comma less.
func mutate(r *rand.Rand, s saying) saying {
	s.made = true
	for range 1 + r.IntN(3) {
		switch r.IntN(8) {
		case 0:
			if begun(s.text) {
				continue
			}
			if at := strings.LastIndex(s.text, " on {"); at > 0 && strings.Count(s.text[at:], "{") == 1 && strings.HasSuffix(s.text, "}.") {
				s.text = "On " + strings.TrimSuffix(s.text[at+4:], ".") + ", " + small(strings.TrimSuffix(s.text[:at], ",")) + "."
			}
		case 1:
			s.text = strings.Replace(s.text, ", ", " ", 1)
		case 2:
			if s.code != "verdict" && s.code != "way_back" && !begun(s.text) {
				s.text = fronts[r.IntN(3+said(s))] + small(s.text)
			}
		default:
			s.text = swap(r, s.text)
		}
	}
	return s
}

func begun(text string) bool {
	return slices.ContainsFunc(fronts, func(f string) bool { return strings.HasPrefix(text, f) })
}

// small begins a sentence with a small letter, as it stands after others.
func small(text string) string {
	if strings.HasPrefix(text, "{") {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// impersonal are beginnings in which the first word does not stand for the access
// alone.
var impersonal = regexp.MustCompile(`^(The access of|It is not known|It was not possible|It will be used again)`)

// swap puts one phrase of the table in place of another.
func swap(r *rand.Rand, text string) string {
	for range 20 {
		row := same[r.IntN(len(same))]
		from := row[r.IntN(len(row))]
		to := row[r.IntN(len(row))]
		if slices.Contains([]string{"It ", "The access "}, from) && impersonal.MatchString(text) {
			continue
		}
		if from != to && strings.Contains(text, from) {
			return strings.Replace(text, from, to, 1)
		}
	}
	return text
}

// rewordings makes distinct true rewordings: those of the file, and as many of
// the fuzzer as are wanted.
func rewordings(t testing.TB, fuzzed int) []saying {
	all := sayings(t, "testdata/rewordings.en.txt")
	seen := map[string]bool{}
	key := func(s saying) string { return fmt.Sprint(s.pattern, s.text) }
	for _, s := range all {
		seen[key(s)] = true
	}
	byHand := len(all)
	r := rand.New(rand.NewPCG(5, 1000))
	for tries := 0; len(all) < byHand+fuzzed && tries < 100*fuzzed; tries++ {
		s := mutate(r, all[r.IntN(byHand)])
		if !seen[key(s)] {
			seen[key(s)] = true
			all = append(all, s)
		}
	}
	return all
}

// held reports whether a line was kept aside while the grammar was written.
func held(s saying) bool {
	h := fnv.New32a()
	h.Write([]byte(s.line))
	return h.Sum32()%2 == 0
}

// TestRewordings counts how many true rewordings the guard refuses: at most one
// in ten of all, and of those that were kept aside.
func TestRewordings(t *testing.T) {
	g, template := fence(t)
	var total, refused, hands, handsRefused, aside, asideRefused int
	for _, s := range rewordings(t, 1000) {
		fault := judge(t, g, template, s)
		total++
		count(&refused, fault != nil)
		if held(s) {
			aside++
			count(&asideRefused, fault != nil)
		}
		if !s.made {
			hands++
			count(&handsRefused, fault != nil)
		}
		if fault != nil && (!held(s) || os.Getenv("WINNOW_SHOW_ASIDE") != "") {
			t.Logf("refused %s %s: %s", s.code, fault.Code, s.text)
		}
	}
	t.Logf("%d true rewordings, %d refused (%.1f %%): by hand %d of %d, by the fuzzer %d of %d; kept aside %d of %d",
		total, refused, 100*float64(refused)/float64(total), handsRefused, hands, refused-handsRefused, total-hands, asideRefused, aside)
	if total < 1000 || total-hands < 300 || refused*10 > total {
		t.Errorf("%d of %d true rewordings are refused", refused, total)
	}
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}
