package acceptance_test

import (
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/ingest/entra"
	"winnow/ingest/file"
	"winnow/ingest/okta"
)

// What reviewers decide comes back from campaigns, access reviews and files:
// who, why, through which review, and what became of it. What is still open is
// told apart from what is decided.
func TestDecisionsComeBack(t *testing.T) {
	t.Parallel()
	c := newTenant(t, "2026-06-01")
	c.add("okta", "okta", okta.Saved(folder(t, map[string]string{
		"users.ndjson":         `{"id":"00u1","status":"ACTIVE","created":"2020-01-01T00:00:00.000Z","profile":{"login":"a@acme.example","email":"a@acme.example"}}` + "\n",
		"groups.ndjson":        `{"id":"00g1","type":"OKTA_GROUP","profile":{"name":"Ledger"}}` + "\n" + `{"id":"00g2","type":"OKTA_GROUP","profile":{"name":"Till"}}` + "\n",
		"group_members.ndjson": `{"parent_id":"00g1","item":{"id":"00u1"}}` + "\n" + `{"parent_id":"00g2","item":{"id":"00u1"}}` + "\n",
		"apps.ndjson":          "", "app_users.ndjson": "", "app_groups.ndjson": "",
		"campaigns.ndjson": `{"id":"ici1","name":"winnow 2026-05-01 “Ledger” (0123abcd)","status":"ACTIVE"}` + "\n" +
			`{"id":"ici2","name":"Spring","status":"SCHEDULED"}` + "\n" + `{"id":"ici3","name":"Old","status":"COMPLETED"}` + "\n",
		"reviews.ndjson": strings.Join([]string{
			`{"id":"icr1","campaignId":"ici1","resourceId":"00g1","decision":"REVOKE","decided":"2026-05-04T09:00:00Z","remediationStatus":"MANUAL","principalProfile":{"id":"00u1"},"reviewerProfile":{"id":"00u9"},"note":{"id":"n1","note":" no longer <b>hers</b> "}}`,
			`{"id":"icr2","campaignId":"ici1","resourceId":"00g2","decision":"UNREVIEWED","remediationStatus":"NONE","principalProfile":{"id":"00u1"},"note":null}`,
			`{"id":"icr3","campaignId":"ici3","resourceId":"00g2","decision":"UNREVIEWED","remediationStatus":"SUCCESS","principalProfile":{"id":"00u1"}}`,
			`{"id":"icr4","campaignId":"ici3","resourceId":"00g1","decision":"APPROVE","decided":"2026-03-04T09:00:00Z","remediationStatus":"SUCCESS","principalProfile":{"id":"00u1"}}`,
		}, "\n") + "\n",
	}), nil))
	c.add("entra", "entra", ingest.NewDir(folder(t, map[string]string{
		"users.ndjson":              `{"id":"u1","userPrincipalName":"a@acme.example","accountEnabled":true}` + "\n",
		"groups.ndjson":             `{"id":"g1","displayName":"Vault","groupTypes":[],"securityEnabled":true}` + "\n",
		"group_members.ndjson":      `{"parent_id":"g1","item":{"@odata.type":"#microsoft.graph.user","id":"u1"}}` + "\n",
		"service_principals.ndjson": `{"id":"s1","appId":"a1","displayName":"Payroll","appRoles":[{"id":"p1","displayName":"Approver","isEnabled":true}]}` + "\n",
		"app_role_assignments.ndjson": `{"parent_id":"s1","item":{"id":"x1","resourceId":"s1","appRoleId":"p1","principalId":"u1","principalType":"User","createdDateTime":"2025-01-01T00:00:00Z"}}` + "\n" +
			`{"parent_id":"s1","item":{"id":"x2","resourceId":"s1","appRoleId":"p2","principalId":"u1","principalType":"User","createdDateTime":"2026-05-20T00:00:00Z"}}` + "\n",
		"access_reviews.ndjson": `{"id":"r1","displayName":"winnow 2026-05-01 “Vault” (89abcdef)","status":"InProgress"}` + "\n" +
			`{"id":"r2","displayName":"Other","status":"Completed"}` + "\n",
		"access_review_decisions.ndjson": strings.Join([]string{
			`{"parent_id":"r1/i1","item":{"id":"d1","accessReviewId":"i1","decision":"NotReviewed","justification":"","applyResult":"New","principal":{"id":"u1"},"resource":{"id":"g1","type":"group"}}}`,
			`{"parent_id":"r2/i2","item":{"id":"d2","accessReviewId":"i2","decision":"Deny","justification":"left the team","reviewedDateTime":"2026-05-05T10:00:00Z","applyResult":"ApplyNotSupported","principal":{"id":"u1"},"resource":{"id":"g1","type":"group"},"reviewedBy":{"id":"u9"}}}`,
			`{"parent_id":"r2/i2","item":{"id":"d4","accessReviewId":"i2","decision":"Approve","reviewedDateTime":"2026-05-05T10:01:00Z","applyResult":"New","principal":{"id":"u1"},"resource":{"id":"s1","type":"servicePrincipal"},"reviewedBy":{"id":"u9"}}}`,
			`{"parent_id":"r2/i2","item":{"id":"d3","accessReviewId":"i2","decision":"DontKnow","applyResult":"New","principal":{"id":"u1"},"resource":{"id":"g1","type":"group"}}}`,
		}, "\n") + "\n",
	}), entra.Streams(), ingest.DirOptions{Route: entra.Route, Exchange: entra.Exchange}))
	tickets, err := file.New(file.Options{Dir: folder(t, map[string]string{
		"assignments.csv": "account_id,entitlement_id,path\na,till,direct\n",
		"decisions.csv":   "at,account_id,entitlement_id,decision,reviewer,reason,review\n2026-05-06T08:00:00Z,a,till,keep,ines,\"=needed, she says\",T-17\n",
	})})
	if err != nil {
		t.Fatal(err)
	}
	c.add("desk", "file", tickets)
	c.pull(t)
	db := c.mine(t)
	expect(t, db, "select source, decided_at, entitlement_id, decision, reviewer, review, reason, remediation, advised from core.decision",
		"okta|2026-05-04 09:00:00|okta:00g1|deny|00u9|ici1|no longer <b>hers</b>|by_hand|·", "okta|2026-03-04 09:00:00|okta:00g1|approve|·|ici3|·|done|·",
		"entra|2026-05-05 10:00:00|entra:g1|deny|u9|r2|left the team|by_hand|·", "desk|2026-05-06 08:00:00|desk:till|approve|ines|T-17|=needed, she says|·|·",
		"entra|2026-05-05 10:01:00|entra:s1/p1|approve|u9|r2|·|open|·") // the role of that time, not the one that was given later
	expect(t, db, "select source, review_id, instance, account_id, entitlement_id from core.open_review",
		"okta|ici1|·|okta:00u1|okta:00g2", "entra|r1|i1|entra:u1|entra:g1")
	expect(t, db, "select source, review_id, status, mark from core.review", "okta|ici1|open|0123abcd", "okta|ici2|scheduled|·", "okta|ici3|ended|·",
		"entra|r1|open|89abcdef", "entra|r2|ended|·")
	expect(t, db, "select entitlement_id, action, owner, reason, until from core.dismissal",
		"okta:00g1|grant|00u9|no longer <b>hers</b>|2026-08-02", "entra:g1|grant|u9|left the team|2026-08-03", "desk:till|revoke|ines|=needed, she says|2026-08-04", "entra:s1/p1|revoke|u9|·|2026-08-03")
}
