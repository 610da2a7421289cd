package affinity

import (
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// rustDir holds the history of a public project's teams; see its README for
// the protocol.
const rustDir = "../../../shared/data/rust-team-access"

func rustRows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(rustDir, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the team access data is not here: " + rustDir)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// dense numbers names in order of their first mention.
type dense map[string]int32

func (d dense) key(name string) int32 {
	if _, ok := d[name]; !ok {
		d[name] = int32(len(d))
	}
	return d[name]
}

// A history is a tenant's past: its changes in order of time, and its use.
type history struct {
	a       *affinity
	changes []spell // one a change: from is its instant; to is never for a grant
	used    map[int64][]edge
}

// rustHistory reads the changes and the use.
func rustHistory(t *testing.T) *history {
	t.Helper()
	people, items := dense{}, dense{}
	h := &history{a: &affinity{}, used: map[int64][]edge{}}
	for _, r := range rustRows(t, "events.csv.gz") {
		at, err := time.Parse(time.RFC3339, r[0])
		if err != nil {
			t.Fatal(err)
		}
		c := spell{people.key(r[2]), items.key(r[3] + "/" + r[4]), at.Unix(), never}
		if r[1] == "revoke" {
			c.to = longAgo
		}
		h.changes = append(h.changes, c)
	}
	slices.SortStableFunc(h.changes, func(a, b spell) int {
		if a.from != b.from {
			return int(max(-1, min(1, a.from-b.from)))
		}
		return int(max(-1, min(1, (a.to-b.to)/2)))
	})
	for _, r := range rustRows(t, "activity.csv.gz") {
		at, err := time.Parse(time.DateOnly, r[0])
		if err != nil {
			t.Fatal(err)
		}
		h.used[at.Unix()] = append(h.used[at.Unix()], edge{people.key(r[1]), items.key("repo:" + r[2]), 1})
	}
	h.a.people, h.a.items = len(people), len(items)
	return h
}

// before returns what was known just before an instant.
func (h *history) before(at int64) *affinity {
	a := &affinity{people: h.a.people, items: h.a.items, at: at, given: make([]bool, h.a.items),
		source: make([]uint8, h.a.items), reach: make([]uint64, h.a.people), use: h.use}
	open := map[[2]int32]int64{}
	for _, c := range h.changes {
		if c.from >= at {
			break
		}
		key := [2]int32{c.person, c.item}
		since, held := open[key]
		switch {
		case c.to == never && !held:
			open[key] = c.from
		case c.to != never && held:
			a.spells = append(a.spells, spell{c.person, c.item, since, c.from})
			delete(open, key)
		}
	}
	for key, since := range open {
		a.spells = append(a.spells, spell{key[0], key[1], since, never})
	}
	for i := range a.given {
		a.given[i] = true
	}
	for p := range a.reach {
		a.reach[p] = 1
	}
	a.sortSpells()
	for p := range int32(a.people) {
		if slices.ContainsFunc(a.spells, func(s spell) bool { return s.person == p && s.to == never }) {
			a.hopeful = append(a.hopeful, p)
		}
	}
	return a
}

// use weighs the days of use before an instant as marts.use_weight does.
func (h *history) use(at int64) ([]edge, error) {
	sum := map[[2]int32]float64{}
	for when, list := range h.used {
		if when >= at || when < at-useDays*day {
			continue
		}
		seen := map[[2]int32]bool{}
		for _, e := range list {
			if key := [2]int32{e.person, e.item}; !seen[key] {
				seen[key] = true
				sum[key] += useWeight(float64(at-when) / day)
			}
		}
	}
	out := make([]edge, 0, len(sum))
	for key, v := range sum {
		out = append(out, edge{key[0], key[1], math.Log1p(v)})
	}
	sortEdges(out)
	return out, nil
}

func sortEdges(edges []edge) {
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.item, b.item)) })
}

// rustCuts are the protocol's: quarterly, the first two years in, the last one
// half a year before the end.
func (h *history) rustCuts() (out []int64) {
	first, last := h.changes[0].from, h.changes[len(h.changes)-1].from
	for at := first + 730*day; at <= last-180*day; at += 91 * day {
		out = append(out, at)
	}
	return out
}

// At every cut the product's own ranking, fitted on earlier cuts alone, finds
// what people get next, and no simple method does better.
func TestRankingForetellsTheRustTeams(t *testing.T) {
	if testing.Short() {
		t.Skip("22 cuts take their time")
	}
	h := rustHistory(t)
	names := []string{"product", "popularity", "similar", "implied", "even"}
	ranks := map[string][]int{}
	all := h.before(never)
	for _, at := range h.rustCuts() {
		a := h.before(at)
		s, err := a.stand(at)
		if err != nil {
			t.Fatal(err)
		}
		cases, err := a.choices()
		if err != nil {
			t.Fatal(err)
		}
		methods, err := judge(cases)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(time.Unix(at, 0).UTC().Format(time.DateOnly), len(cases), told(methods))
		future := &standing{a: all, at: at, held: s.held, open: s.open}
		all.reach = a.reach
		got := future.gotAfter()
		weights := map[string]vector{"product": chosen(methods)}
		for _, m := range simple() {
			weights[m.name] = m.weights
		}
		for _, name := range names {
			list, err := s.ranking(weights[name], 10000, s.held)
			if err != nil {
				t.Fatal(err)
			}
			ranks[name] = append(ranks[name], firstGot(list, got)...)
		}
	}
	for _, name := range names {
		hit5, mrr := score(ranks[name])
		t.Logf("%-10s %d cases, hit@5 %.3f, MRR %.3f", name, len(ranks[name]), hit5, mrr)
	}
	hit5, mrr := score(ranks["product"])
	if hit5 < .30 || mrr < .24 {
		t.Errorf("hit@5 %.3f and MRR %.3f, want at least .30 and .24", hit5, mrr)
	}
}

func told(methods []method) string {
	var b strings.Builder
	for _, m := range methods {
		fmt.Fprintf(&b, "%s %d %.3f %.3f %.3f", m.name, m.cases, m.hit5, m.mrr, m.ln)
		if m.chosen {
			fmt.Fprintf(&b, " chosen %.2f", m.weights)
		}
		b.WriteString("; ")
	}
	return b.String()
}

// firstGot gives, for each person who got something, the rank of the first of it.
func firstGot(list []ranked, got map[int32][]int32) (out []int) {
	best := map[int32]int{}
	for _, r := range list {
		if slices.Contains(got[r.person], r.item) && (best[r.person] == 0 || r.rank < best[r.person]) {
			best[r.person] = r.rank
		}
	}
	for _, p := range sortedPeople(got) {
		if best[p] == 0 {
			best[p] = 1e6
		}
		out = append(out, best[p])
	}
	return out
}

func sortedPeople(got map[int32][]int32) (out []int32) {
	for p := range got {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

func score(ranks []int) (hit5, mrr float64) {
	for _, r := range ranks {
		if r <= 5 {
			hit5++
		}
		mrr += 1 / float64(r)
	}
	return hit5 / float64(len(ranks)), mrr / float64(len(ranks))
}
