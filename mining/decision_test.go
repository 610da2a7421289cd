package mining_test

import (
	"fmt"
	"testing"
	"time"
)

// decide adds a decision so many days before the as-of time, at a time of day.
func (c *tenant) decide(account, entitlement, decision, reviewer string, ago int, clock string) {
	c.add("legacy/decisions", `{"_id":"%s-%s-%d-%s","at":"%sT%sZ","account_id":%q,"entitlement_id":%q,"decision":%q,"reviewer":%q}`,
		account, entitlement, ago, clock, day(ago), clock, account, entitlement, decision, reviewer)
}

const labelled = `select c.decision, i.identity_id, l.needed, l.judged_by, l.agreed from marts.decision_label as l
	join marts.decision_case as c using (decision_id) join core.identity as i using (identity_key) where c.reviewer = 'careful' order by 2`

// What followed a decision outranks it: use, silence on covered days, and being
// given the access again. What no log shows, what is too fresh, and what was
// used only while the denial was carried out leaves the decision as it is.
func TestWhatFollowsADecisionOutranksIt(t *testing.T) {
	c := newTenant(300)
	c.app("crm")
	c.add("legacy/entitlements", `{"entitlement_id":"badge","kind":"group","name":"Badge"}`)
	c.add("legacy/entitlements", `{"entitlement_id":"team","kind":"group","name":"Team"}`)
	c.add("legacy/opens", `{"entitlement_id":"team","opens_id":"crm"}`)
	c.office(12, "crm")
	for _, id := range []string{"used", "quiet", "denied", "again", "fresh", "blind", "late", "opened", "gone"} {
		c.person(id, "Finance", "Clerk")
		c.hold(id, "crm", "2020-01-01")
		c.hold(id, "badge", "2020-01-01")
	}
	c.hold("opened", "team", "2020-01-01")
	c.use("used", "crm", 120)
	c.use("opened", "crm", 120)
	c.use("late", "crm", 145)
	c.add("legacy/events", `{"_id":"g1","at":"%sT00:00:00Z","action":"grant","account_id":"again","entitlement_id":"crm"}`, day(100))
	for id, decision := range map[string]string{"used": "approve", "quiet": "approve", "denied": "deny", "again": "deny", "late": "deny"} {
		c.decide(id, "crm", decision, "careful", 150, "10:00:00")
	}
	c.decide("fresh", "crm", "approve", "careful", 10, "10:00:00")
	c.decide("denied", "crm", "approve", "later", -3, "10:00:00") // is not known yet
	c.decide("blind", "badge", "approve", "careful", 150, "10:00:00")
	c.decide("opened", "team", "approve", "careful", 150, "10:00:00")
	wantRows(t, ask(t, c.mine(t), labelled), "deny|hr:again|1|request|false", "approve|hr:blind|1|decision|<nil>",
		"deny|hr:denied|0|decision|<nil>", "approve|hr:fresh|1|decision|<nil>", "deny|hr:late|0|decision|<nil>",
		"approve|hr:opened|1|use|true", "approve|hr:quiet|0|use|false", "approve|hr:used|1|use|true")
}

// Who approves everything at once counts for little, unless what they approve
// is used; who chooses counts fully, and few decisions say little of anybody.
func TestARubberStampCountsForLess(t *testing.T) {
	c := newTenant(300)
	c.app("crm")
	c.office(30, "crm")
	for i := range 40 {
		id := fmt.Sprintf("q%02d", i)
		c.person(id, "Finance", "Clerk")
		c.hold(id, "crm", "2020-01-01")
		c.decide(id, "crm", "approve", "stamp", 20, "10:00:00")
		c.decide(id, "crm", []string{"approve", "deny"}[i%2], "careful", 20, fmt.Sprintf("11:%02d:00", i))
		if i < 3 {
			c.decide(id, "crm", "approve", "rare", 20, "12:00:00")
		}
	}
	for i := range 30 {
		c.decide("p"+string(rune('a'+i/26))+string(rune('a'+i%26)), "crm", "approve", "proven", 150, "13:00:00")
		c.decide("p"+string(rune('a'+i/26))+string(rune('a'+i%26)), "crm", "approve", "daily", 5, "00:00:00")
	}
	db := c.mine(t)
	wantRows(t, ask(t, db, `select reviewer, decisions, share_approved, lines_per_minute, largest_bulk, judged, agreement, rubber_stamp,
		case when weight < 0.45 then 'little' when weight > 0.8 then 'much' else 'some' end from marts.reviewer order by reviewer`),
		"careful|40|0.5|1|1|0|<nil>|false|much", "daily|30|1|<nil>|<nil>|30|1|false|much", "proven|30|1|30|30|30|1|false|much",
		"rare|3|1|3|3|0|<nil>|false|much", "stamp|40|1|40|40|0|<nil>|true|little")
	wantRows(t, ask(t, db, `select distinct r.reviewer, l.weight = if(c.decision = 'deny', 1, r.weight), c.decision from marts.decision_label as l
		join marts.decision_case as c using (decision_id) join marts.reviewer as r using (source, reviewer) where l.judged_by = 'decision' order by all`),
		"careful|true|approve", "careful|true|deny", "rare|true|approve", "stamp|true|approve")
}

// What somebody decided to keep is not proposed again for 90 days, and neither
// is what somebody refused to give; a move, an end of employment, or the passing
// of time is another matter.
func TestADecisionDismissesWhatItRefused(t *testing.T) {
	c := newTenant(200)
	c.app("crm")
	c.app("wiki")
	c.office(12, "crm")
	for i := range 12 {
		id := "p" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		c.hold(id, "wiki", "2020-01-01")
		c.use(id, "wiki", every(200, 1, 2)...)
	}
	for _, who := range []string{"asked", "kept", "long", "moved", "refused"} {
		c.person(who, "Finance", "Clerk")
		if who != "refused" {
			c.hold(who, "crm", "2020-01-01")
		}
	}
	c.leaver("left", "")
	c.hold("left", "crm", "2020-01-01")
	c.hold("refused", "crm", "2020-01-01")
	c.use("refused", "crm", every(200, 1, 2)...)
	c.add("hr/transfers", `{"id":"moved","on":%q,"from":"Sales","to":"Finance"}`, day(60))
	for who, ago := range map[string]int{"kept": 80, "long": 95, "moved": 80, "left": 80} {
		c.decide(who, "crm", "approve", "careful", ago, "10:00:00")
	}
	c.decide("refused", "wiki", "approve", "careful", 70, "10:00:00")
	c.decide("refused", "wiki", "deny", "careful", 50, "10:00:00")
	db := c.mineRemoval(t)
	wantRows(t, ask(t, db, `select identity_id, action, coalesce(bar, '-') from marts.verdict
		where identity_id in ('hr:asked', 'hr:kept', 'hr:long', 'hr:moved', 'hr:left', 'hr:refused') and (entitlement_id = 'legacy:crm' or identity_id = 'hr:refused') order by 1`),
		"hr:asked|revoke|-", "hr:kept|abstain|dismissed", "hr:left|revoke|-", "hr:long|revoke|-", "hr:moved|revoke|-", "hr:refused|abstain|dismissed")
	wantRow(t, ask(t, db, `select reason_codes[1], json_extract_string(claims, '$[0].code') from marts.undrafted
		where identity_id = 'hr:refused' and entitlement_id = 'legacy:wiki'`), "dismissed|dismissed")
}

// A decision is held against the advice that stood when it was made, whichever
// night is repeated, and another basis than that of the advice is new evidence.
func TestADecisionIsHeldAgainstTheAdviceOfItsTime(t *testing.T) {
	c := newTenant(200)
	c.app("crm")
	c.office(12, "crm")
	for _, who := range []string{"gone", "lost", "new"} {
		c.person(who, "Finance", "Clerk")
		c.hold(who, "crm", "2020-01-01")
	}
	at := asOf.Add(12 * time.Hour).Format(time.RFC3339)
	for who, decision := range map[string]string{"gone": "deny", "lost": "approve", "paa": "approve"} {
		c.add("legacy/decisions", `{"_id":"d-%s","at":%q,"account_id":%q,"entitlement_id":"crm","decision":%q,"reviewer":"r"}`, who, at, who, decision)
	}
	dir := t.TempDir()
	lk := c.land(t, dir)
	keepVerdicts(t, lk, "never_used", "prior", 0.8, 120)
	const advice = `select split_part(identity_id, ':', 2), action, confidence, first_as_of, ended_as_of from marts.advice order by 1, 4`
	today, tomorrow := day(0), asOf.AddDate(0, 0, 1).Format(time.DateOnly)
	first := []string{"gone|revoke|medium|" + today + "|<nil>", "lost|revoke|medium|" + today + "|<nil>", "new|revoke|medium|" + today + "|<nil>"}
	for range 2 {
		wantRows(t, c.night(t, lk, dir, asOf, advice), first...)
	}
	second := []string{first[0], "lost|revoke|medium|" + today + "|" + tomorrow, first[2]}
	for range 2 {
		wantRows(t, c.night(t, lk, dir, asOf.AddDate(0, 0, 1), advice), second...)
	}
	next := asOf.AddDate(0, 0, 1)
	wantRows(t, c.night(t, lk, dir, next, `select week, decisions, advised, followed, silent, silent_kept, agreement, expected, kappa from marts.shadow_week`),
		"2026-10-26|3|2|1|1|1|0.6667|0.4444|0.4")
	wantRows(t, c.night(t, lk, dir, next, "select identity_id, coalesce(bar, '-') from marts.verdict where identity_id in ('hr:gone', 'hr:lost') order by 1"),
		"hr:gone|-", "hr:lost|dismissed")
	wantRows(t, c.night(t, lk, dir, next, "select kind, fit, n, hits from marts.calibration_bin"), "never_used|prior|2|1")
	wantRows(t, c.night(t, lk, dir, asOf, advice), first...)
}
