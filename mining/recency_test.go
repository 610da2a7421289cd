package mining_test

import "testing"

// With idle.method: recency the covered days of silence alone speak: at the
// horizon with medium confidence, never with high, whatever the log would bear;
// the evidence says so, and no coefficient of the model is at work.
func TestRecencyTurnsTheModelOff(t *testing.T) {
	c := newTenant(300)
	c.app("crm")
	c.office(30, "crm")
	for id, last := range map[string]int{"half": 45, "short": 89, "just": 91, "long": 250} {
		c.person(id, "Finance", "Clerk")
		c.hold(id, "crm", "2020-01-01")
		c.use(id, "crm", every(299, last, 3)...)
	}
	c.person("never", "Finance", "Clerk")
	c.hold("never", "crm", "2020-01-01")
	c.policy["idle_method"] = "recency"
	db := c.mine(t)
	wantRows(t, ask(t, db, "select model, feature, round(coefficient, 2), method from marts.model_fit order by all"),
		"idle_never|intercept|6.82|recency", "idle_never|x_quiet|-2|recency", "idle_used|intercept|6.82|recency", "idle_used|x_quiet|-2|recency")
	wantRows(t, ask(t, db, `select identity_id, action, confidence, fit, codes[1] from marts.proposal where action <> 'abstain' order by 1`),
		"hr:just|revoke|medium|recency|idle_quiet", "hr:long|revoke|medium|recency|idle_quiet", "hr:never|revoke|medium|recency|idle_never")
	wantRows(t, ask(t, db, "select identity_id, idle_method, horizon_days, quiet_days from marts.evidence where identity_id = 'hr:just'"), "hr:just|recency|90|91")
	wantRow(t, ask(t, db, `select list_contains(codes, 'idle_recency'), list_contains(codes, 'idle_score'), list_contains(codes, 'prior_fit')
		from marts.proposal where identity_id = 'hr:long'`), "true|false|false")
	wantRow(t, ask(t, db, "select codes from marts.proposal where identity_id = 'hr:never'"), "[idle_never peers_use holders_active path_direct coverage]")
	wantRow(t, ask(t, db, "select bool_and(p_use = p_long) from marts.idle"), "true")
	wantRow(t, ask(t, db, "select json_extract_string(c.claims, '$[1].values.days') from marts.undrafted as c where identity_id = 'hr:long'"), "251")
}
