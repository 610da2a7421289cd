package affinity

import "math"

// A peerTree is the chain of ever narrower peer groups, see marts.peer_group.
type peerTree struct {
	parent   []int32    // by group; -1 for everyone
	level    []int32    // by group
	members  [][]int32  // by group, ascending
	chain    [][]int32  // by person: their groups, widest first
	strength []float64  // by level: the weight of the wider group's share, in members
	least    int        // members that a group needs to speak
	bySource [][]int32  // by group and source: members with an account there
	cache    []*shareOf // by group; only for large ones
}

// A shareOf gives the shares of one group's members who hold each item, for a
// member that does not: the subject left out.
type shareOf struct {
	share, ln []float32 // by item; ln(floor + share)
	telling   []int32   // items with a share of at least a twentieth, ascending
}

// cached is the number of members from which a group's shares are kept, since
// many narrower groups need them.
const cached = 500

// defaultStrength is a level's strength where its groups do not tell.
const defaultStrength = 4

// narrowest returns the narrowest group of a person with enough members besides
// them, or -1 when only everyone is left: that is what popularity says.
func (t *peerTree) narrowest(person int32) int32 {
	if t == nil {
		return -1
	}
	for k := len(t.chain[person]) - 1; k > 0; k-- {
		if g := t.chain[person][k]; len(t.members[g]) > t.least {
			return g
		}
	}
	return -1
}

// shares counts the holders in a group and shrinks their share towards the next
// wider group's: the mean of the beta posterior whose prior is that share with
// the level's strength.
func (t *peerTree) shares(a *affinity, g *bipartite, group int32) *shareOf {
	if t.cache[group] != nil {
		return t.cache[group]
	}
	out := &shareOf{share: make([]float32, a.items), ln: make([]float32, a.items)}
	held := make([]int32, a.items)
	for _, p := range t.members[group] {
		for _, i := range g.itemsOf(p) {
			held[i]++
		}
	}
	var wider *shareOf
	if up := t.parent[group]; up >= 0 {
		wider = t.shares(a, g, up)
	}
	for i := range held {
		n := math.Max(0, float64(t.bySource[group][a.source[i]])-1)
		share := (float64(held[i]) + 0.5) / (n + 1.5)
		if s := t.strength[t.level[group]]; wider != nil {
			share = (float64(held[i]) + s*float64(wider.share[i])) / (n + s)
		}
		share = math.Min(1, share)
		out.share[i], out.ln[i] = float32(share), float32(math.Log(floor+share))
		if share >= 0.05 {
			out.telling = append(out.telling, int32(i))
		}
	}
	if len(t.members[group]) >= cached {
		t.cache[group] = out
	}
	return out
}

// at returns the tree for another instant: the same groups, nothing counted.
func (t *peerTree) at() *peerTree {
	if t == nil {
		return nil
	}
	out := *t
	out.cache = make([]*shareOf, len(t.parent))
	return &out
}

// groups orders people by their narrowest group, so that each group's shares
// are counted once, and by key within it.
func (t *peerTree) groups(people []int32) map[int32][]int32 {
	out := map[int32][]int32{}
	for _, p := range people {
		g := t.narrowest(p)
		out[g] = append(out[g], p)
	}
	return out
}
