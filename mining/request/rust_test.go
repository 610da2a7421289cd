package request

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"
)

// A change is one row of the real data: somebody got or lost something.
type change struct {
	at         time.Time
	grant      bool
	who, thing string
}

// rustChanges reads the real data, restructurings left out: instants that change
// 50 pairs or more.
func rustChanges(t *testing.T) (out []change) {
	t.Helper()
	f, err := os.Open("../../../shared/data/rust-team-access/events.csv.gz")
	if err != nil {
		t.Skip("the real data is not at hand: ", err)
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
	size := map[string]int{}
	for _, r := range rows[1:] {
		size[r[0]]++
	}
	for _, r := range rows[1:] {
		at, err := time.Parse(time.RFC3339, r[0])
		if err != nil {
			t.Fatal(err)
		}
		if size[r[0]] < 50 {
			out = append(out, change{at, r[1] == "grant", r[2], r[3] + "/" + r[4]})
		}
	}
	slices.SortStableFunc(out, func(a, b change) int { return a.at.Compare(b.at) })
	return out
}

// rustRequests makes a request of every grant, and one that was not granted
// beside it: something that others were given within the year before, that the
// person lacked and was not given for 180 days after. Attributes are what was
// known then: the oldest and the newest thing held, and how many.
func rustRequests(changes []change) (cases []Case, at []time.Time) {
	rnd := rand.New(rand.NewPCG(1, 2))
	held, given := map[string][]string{}, map[string][]time.Time{}
	for _, c := range changes {
		if c.grant {
			given[c.who+"\x00"+c.thing] = append(given[c.who+"\x00"+c.thing], c.at)
		}
	}
	var recent []change
	for _, c := range changes {
		own := held[c.who]
		if !c.grant {
			held[c.who] = slices.DeleteFunc(own, func(s string) bool { return s == c.thing })
			continue
		}
		for len(recent) > 0 && c.at.Sub(recent[0].at) > 365*24*time.Hour {
			recent = recent[1:]
		}
		if len(own) > 0 && len(recent) > 20 {
			add := func(thing string, needed float64) {
				cases, at = append(cases, Case{ID: fmt.Sprint(len(cases)), Who: c.who, Entitlement: thing, Weight: 1, Needed: needed,
					Attributes: map[string]string{"first": own[0], "newest": own[len(own)-1], "holds": fmt.Sprint(min(len(own), 5))},
					Peers:      like(held, c.who, own, thing)}), append(at, c.at)
			}
			add(c.thing, 1)
			for range 50 {
				other := recent[rnd.IntN(len(recent))].thing
				soon := slices.ContainsFunc(given[c.who+"\x00"+other], func(g time.Time) bool { d := g.Sub(c.at); return d >= 0 && d < 180*24*time.Hour })
				if other != c.thing && !soon && !slices.Contains(own, other) {
					add(other, 0)
					break
				}
			}
		}
		held[c.who], recent = append(own, c.thing), append(recent, c)
	}
	return cases, at
}

// like counts those who hold what the person holds, and those among them who
// hold the thing asked for: of the person's things the one whose holders do so
// most often, as a team is one's peers whatever it is called.
func like(held map[string][]string, who string, own []string, thing string) (best Peers) {
	for _, group := range own {
		p := Peers{Group: group}
		for other, things := range held {
			if other != who && slices.Contains(things, group) {
				p.N++
				if slices.Contains(things, thing) {
					p.K++
				}
			}
		}
		if p.N >= 5 && (best.N == 0 || p.K*best.N > best.K*p.N || p.K*best.N == best.K*p.N && p.Group < best.Group) {
			best = p
		}
	}
	return best
}

// TestMethodsOnRustRequests prints what the methods reach on real grants and
// things not granted, learnt until the start of 2023 and tried on what came
// later: go test ./mining/request -run RustRequests -v
func TestMethodsOnRustRequests(t *testing.T) {
	cases, at := rustRequests(rustChanges(t))
	cut := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	n := slices.IndexFunc(at, func(x time.Time) bool { return !x.Before(cut) })
	train, test := cases[:n], cases[n:]
	aucs := map[Method]float64{}
	for _, method := range Methods {
		m := fitAs(t, method, train)
		p, rate := make([]float64, len(test)), make([]float64, len(test))
		for i, c := range test {
			p[i] = m.Score(c).Probability
			rate[i] = float64(c.Peers.K) / float64(max(1, c.Peers.N))
		}
		aucs[method] = AUC(p, test)
		t.Logf("%-10s %d learnt, %d tried: AUC %.3f, log-loss %.4f (share of peers alone: AUC %.3f)", method, len(train), len(test), aucs[method], LogLoss(p, test), AUC(rate, test))
	}
	m, err := Fit(train)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("chosen: %s, trials %+v", m.Method, m.Trials)
	if best := max(aucs[Lattice], aucs[Logistic]); aucs[m.Method] < best-0.02 {
		t.Errorf("the method chosen reaches %.3f where the best would reach %.3f", aucs[m.Method], best)
	}
}
