package mining_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// The definition that tells what people were given is named; persons without a
// manager, with a title of their own or alone in their team break nothing.
func TestPeerChoiceNamesTheTellingGroups(t *testing.T) {
	c := newTenant(30)
	for _, app := range []string{"ledger", "pipeline", "mail"} {
		c.app(app)
	}
	for k := range 24 {
		id, dept, app := fmt.Sprintf("p%02d", k), "Finance", "ledger"
		if k%2 == 1 {
			dept, app = "Sales", "pipeline"
		}
		c.person(id, dept, fmt.Sprintf("Title %d", k)) // nobody shares a title
		c.hold(id, app, day(100+k))
		c.hold(id, "mail", day(100+k))
	}
	c.person("lone", "Board", "")
	c.hold("lone", "mail", day(50))
	c.person("bare", "", "")
	db := c.mine(t)
	got := ask(t, db, "select definition, n, own, chosen from marts.peer_choice order by definition")
	want := "[department|49|0.979592|true department+title|49|0|false everyone|49|0|false]"
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
	empty := newTenant(30)
	empty.app("a")
	if got := ask(t, empty.mine(t), "select * from marts.peer_choice where n > 0"); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

// The share of the whole company is the mean of the beta posterior with
// Jeffreys' prior, and each narrower one that of a beta prior around the wider
// one with the level's strength, as gonum's distribution has them.
func TestPeerShareIsAPosteriorMean(t *testing.T) {
	c := newTenant(30)
	c.app("ledger")
	c.app("mail")
	for k := range 30 {
		id, dept := fmt.Sprintf("p%02d", k), []string{"Finance", "Sales", "Legal"}[k%3]
		c.person(id, dept, "Clerk")
		c.hold(id, "mail", "2020-01-01")
		if dept == "Finance" && k%2 == 0 || k == 1 {
			c.hold(id, "ledger", "2020-01-01")
		}
	}
	db := c.mine(t)
	strength := ask(t, db, "select strength from marts.peer_strength where level in (1, 2) order by level")
	rows := ask(t, db, `select v.share, i.department, v.held::integer from marts.peer_view as v join core.identity as i using (identity_key)
		join core.entitlement as e using (entitlement_key) where e.native_id = 'ledger' and v.level = 2`)
	if len(strength) != 2 || len(rows) == 0 {
		t.Fatalf("strengths %v, rows %v", strength, rows)
	}
	for _, row := range rows {
		cell := strings.Split(row, "|")
		held := number(t, cell[2])
		inDept := map[string]float64{"Finance": 5, "Sales": 1, "Legal": 0}[cell[1]] - held
		mean := posterior(0.5, 0.5, 6-held, 29)
		for _, s := range strength { // everybody of a department has one title: its count speaks twice
			weight := number(t, s)
			mean = posterior(weight*mean, weight*(1-mean), inDept, 9)
		}
		if got := number(t, cell[0]); math.Abs(got-mean) > 1e-6 {
			t.Errorf("%s: got %v, want %v", row, got, mean)
		}
	}
}

// posterior is the mean of a beta distribution after k of n.
func posterior(a, b, k, n float64) float64 {
	return distuv.Beta{Alpha: a + k, Beta: b + n - k}.Mean()
}

func number(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
