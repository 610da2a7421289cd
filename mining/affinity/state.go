package affinity

import "math"

// A standing is what was known at one instant.
type standing struct {
	a       *affinity
	at      int64
	held    *bipartite
	used    *bipartite
	implied [][]implication
	peers   *peerTree
	even    []vector // by item: the inputs of who has nothing in common with its holders
	open    []bool   // by item: it can be given, and somebody holds it
}

const recentDays = 180

// stand builds the state just before an instant, in unix seconds.
func (a *affinity) stand(at int64) (*standing, error) {
	used, err := a.use(at)
	if err != nil {
		return nil, err
	}
	s := &standing{a: a, at: at, held: newBipartite(a.people, a.items, a.heldAt(at)), used: newBipartite(a.people, a.items, used),
		peers: a.peers.at(), even: make([]vector, a.items), open: make([]bool, a.items)}
	s.implied = implied(s.held, a.given)
	recent := a.gotWithin(at-recentDays*day, at)
	for i := range s.even {
		n := s.held.count(int32(i))
		s.open[i] = a.given[i] && n > 0
		s.even[i] = vector{math.Log(math.Max(1, float64(n))), math.Log(0.5 + float64(recent[i])), lnFloor, lnFloor, lnFloor, lnFloor}
	}
	return s, nil
}

// A tie is what a person has in common with the holders of an item.
type tie struct {
	similar, use float64 // summed similarity of those alike who hold it
	similarK     int32   // how many of those most alike hold it
	useK         int32
	implied      float32 // the highest share
	ln           float32 // of it
	by           int32   // the held item whose holders have that share; -1 without one
	share        float32 // in the peer group
	round        int32   // the person for whom this was written
}

// A view weighs items for one person after the other. It is for one goroutine.
type view struct {
	s        *standing
	alike    *finder
	coUser   *finder
	ties     []tie
	held     []int32 // by item: the round in which it was found held
	list     []scored
	touched  []int32 // items with a tie
	round    int32
	similarN int // people most alike by what they hold
	useN     int // by what they use
	group    *shareOf
}

func (s *standing) view() *view {
	return &view{s: s, alike: newFinder(s.held), coUser: newFinder(s.used), ties: make([]tie, s.a.items), held: make([]int32, s.a.items)}
}

// look finds the person's ties. The group's shares may be nil.
func (v *view) look(person int32, group *shareOf) {
	s := v.s
	v.round++
	v.touched, v.group = v.touched[:0], group
	near := v.alike.nearest(person)
	v.similarN = len(near)
	for _, n := range near {
		for _, i := range s.held.itemsOf(n.person) {
			t := v.tie(i)
			t.similar += n.sim
			t.similarK++
		}
	}
	near = v.coUser.nearest(person)
	v.useN = len(near)
	for _, n := range near {
		for _, i := range s.held.itemsOf(n.person) {
			t := v.tie(i)
			t.use += n.sim
			t.useK++
		}
	}
	for _, h := range s.held.itemsOf(person) {
		for _, m := range s.implied[h] {
			if t := v.tie(m.item); m.share > t.implied {
				t.implied, t.ln, t.by = m.share, m.ln, h
			}
		}
	}
	if group != nil {
		for _, i := range group.telling {
			v.tie(i)
		}
	}
}

// tie returns the item's tie, emptied when it is another person's.
func (v *view) tie(i int32) *tie {
	t := &v.ties[i]
	if t.round != v.round {
		*t = tie{round: v.round, by: -1, ln: float32(lnFloor)}
		if v.group != nil {
			t.share = v.group.share[i]
		}
		v.touched = append(v.touched, i)
	}
	return t
}

// inputs returns the inputs of giving the item to the person looked at.
func (v *view) inputs(i int32) vector {
	out := v.s.even[i]
	t := &v.ties[i]
	if t.round != v.round {
		return out
	}
	out[xSimilar], out[xImplied], out[xUse] = math.Log(floor+t.similar), float64(t.ln), math.Log(floor+t.use)
	if v.group != nil {
		out[xPeers] = float64(v.group.ln[i])
	}
	return out
}

const (
	useDays = 400 // days of use before an instant that are looked at
	useHalf = 60  // days after which a day of use weighs half
)

// useWeight is the weight of a day of use so many days ago.
func useWeight(days float64) float64 { return math.Pow(0.5, days/useHalf) }
