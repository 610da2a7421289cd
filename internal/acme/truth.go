package acme

// A kind names why a grant is wrong or missing, or why it looks wrong and is
// right.
type kind uint8

const (
	right kind = iota // held rightly, and it shows
	// Wrong, and held.
	staleApp
	neverUsed
	staleGroup
	nestedStale
	projectOver
	moverLeftover
	leaverStays
	contractOver
	ruleGivenStale
	failedOnly
	orphanAccount
	// Needed, and not held.
	hireMissing
	moverMissing
	wasForgotten
	// Not held yet, and given in the first days after the as-of day.
	onItsWay
	// Held, rightly, against appearances.
	keepBreakGlass
	keepService
	keepShared
	keepUnlinkable
	keepLeave
	keepHire
	keepMover
	keepFresh
	keepBookmark
	keepUnobservable
	keepYearly
	keepQuarterly
	keepSlow
	keepBundled
)

var kindNames = [...]string{"right", "stale_app", "never_used", "stale_group", "nested_stale", "project_over",
	"mover_leftover", "leaver_active", "contractor_past_end", "rule_given_stale", "failed_only", "orphan_account",
	"hire_missing", "mover_missing", "forgotten", "on_its_way",
	"break_glass", "service_account", "shared_account", "unlinkable", "on_leave", "fresh_hire", "fresh_mover", "fresh_grant",
	"bookmark_app", "unobservable_group", "yearly", "quarterly_in_rhythm", "slow_but_alive", "bundled_app"}

func (k kind) wrong() bool { return k >= staleApp && k <= orphanAccount }

// The actions of a truth row.
const (
	actRevoke = "revoke"
	actGrant  = "grant"
	actRule   = "change_rule"
	actKeep   = "keep"
	actDue    = "due" // given in the first days after the as-of day: neither missing nor too much
)

// A TruthRow says what is right for one account and one entitlement. Pairs
// that are held and not listed are rightly held and in ordinary use.
type TruthRow struct {
	EmployeeNumber  string // empty for accounts of nobody
	Login           string
	Source          string
	AccountID       string // native id
	EntitlementID   string // native id
	EntitlementName string
	Kind            string // see the package's list of kinds
	Action          string // revoke, grant, change_rule, keep or due
	Visible         bool   // a log that covers the horizon can show it
	Derived         bool   // held, or wished for, through another entitlement only
}

// Truth returns the rows in order of source, account and entitlement. Group,
// app role and app are listed each on their own: a stale group is wrong, and
// so is the use of an app that the group alone gives.
func (c *Company) Truth() []TruthRow { return append([]TruthRow(nil), c.truth...) }

// graceDays is the age up to which a grant, a hire or a silence proves
// nothing.
const graceDays = 90

// horizon is the silence that a log must show before it can accuse.
func (c *Company) horizon() int { return min(graceDays, c.opt.LogDays) }

// deriveTruth judges every held pair, direct or derived, and every wish.
func (c *Company) deriveTruth() {
	for a := range c.accounts {
		if c.accounts[a].alive() {
			for _, h := range c.holdings(a) {
				c.judge(a, &h)
			}
		}
	}
	for _, w := range c.missing {
		c.addWish(w, actGrant)
	}
	for _, w := range c.due {
		c.addWish(w, actDue)
	}
}

// addWish lists a missing grant, and with it the apps that it would open.
func (c *Company) addWish(w wish, action string) {
	if !c.accounts[w.acct].alive() || c.edgeOf(w.acct, w.ent) >= 0 {
		return
	}
	held := map[int]bool{}
	for _, h := range c.holdings(w.acct) {
		held[h.ent] = true
	}
	for _, o := range append([]opening{{w.ent, longAgo}}, c.ents[w.ent].reach...) {
		if !held[o.ent] {
			row := c.truthRow(w.acct, o.ent, w.kind, action, len(c.tools(o.ent)) > 0)
			row.Derived = o.ent != w.ent
			c.truth = append(c.truth, row)
		}
	}
}

func (c *Company) truthRow(acct, ent int, k kind, action string, visible bool) TruthRow {
	a, e := &c.accounts[acct], &c.ents[ent]
	row := TruthRow{Login: a.login, Source: sourceNames[a.source], AccountID: a.id, EntitlementID: e.id,
		EntitlementName: e.name, Kind: kindNames[k], Action: action, Visible: visible}
	if a.person >= 0 {
		row.EmployeeNumber = c.people[a.person].number
	}
	return row
}
