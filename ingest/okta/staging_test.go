package okta

import (
	"strings"
	"testing"
)

// contract runs a staging model over the saved org and compares the rows of the
// source okta; those of the other source must be the same but for its name.
func contract(t *testing.T, name, columns, want string) {
	t.Helper()
	c := database(t)
	landOrg(t, c)
	text := model(t, "staging/"+name+"/okta.sql")
	// What a model leaves out of its contract is null there; it adds nothing.
	same(t, name+": columns", rows(t, c, "select column_name, column_type from (describe ("+text+`))
		except select column_name, column_type from (describe (`+model(t, "staging/"+name+"/_contract.sql")+"))"), "")
	of := func(source string) string {
		return short(rows(t, c, "select "+columns+" from ("+text+") where source = '"+source+"' order by all"))
	}
	got := of("okta")
	same(t, name, got, want)
	same(t, name+": the other source", strings.ReplaceAll(of("emea"), "emea:", "okta:"), got)
}

func TestAccounts(t *testing.T) {
	contract(t, "account", "account_id, login, display_name, status, "+
		" employee_number, department, title, location, manager, created_at, disabled_at, last_seen_at", `
okta:0u1|ada.berg@acme.example|Ada Berg|active|1001|Finance|Controller|Oslo|1004|2024-02-01 08:00:00|-|2026-03-01 09:15:00
okta:0u2|bo.lind@acme.example|Bo Lind|deprovisioned|1002|Finance|Clerk|Oslo|Dora Quist|2024-02-02 08:00:00|2025-01-02 08:00:00|2026-03-02 09:15:00
okta:0u3|cem.yilmaz@acme.example|Cem Y.|active|1003|IT|Engineer|Remote|-|2024-02-03 08:00:00|-|2026-03-03 09:15:00
okta:0u4|dora.quist@acme.example|Dora Quist|suspended|1004|Finance|Head of finance|Bergen|-|2024-02-04 08:00:00|-|2026-03-04 09:15:00
okta:0u5|eve.new@acme.example|Eve New|staged|-|-|-|-|-|2024-02-05 08:00:00|-|-
okta:0u6|svc-backup@acme.example|svc backup|active|-|-|-|-|-|2024-02-06 08:00:00|-|2026-03-06 09:15:00`)
}

func TestEntitlements(t *testing.T) {
	contract(t, "entitlement", "entitlement_id, kind, name, privileged, mastering, sign_on", `
okta:0g1|group|Everyone|false|builtin|-
okta:0g2|group|Finance|false|local|-
okta:0g3|group|Domain Users|false|imported|-
okta:0g4|group|Admins of the helpdesk|true|local|-
okta:oa1|app|Ledger|false|local|federated
okta:oa1/ent1|app_role|Ledger: Duty: Post|false|local|-
okta:oa1/ent2|app_role|Ledger: Duty: Close|false|local|-
okta:oa2|app|Shifts|false|local|federated
okta:oa2/ent3|app_role|Shifts: Crew: Roster|false|local|-
okta:oa3|app|Canteen|false|local|bookmark
okta:oa4|app|Old portal|false|local|password
okta:oa5|app|Radius|false|local|none
okta:HELP_DESK_ADMIN|directory_role|Help desk administrator|true|local|-
okta:SUPER_ADMIN|directory_role|Super administrator|true|local|-
okta:cr000000000000000001/iam00000000000000001|directory_role|User creator|true|local|-`)
}

func TestAssignmentEdges(t *testing.T) {
	contract(t, "assignment_edge", "account_id, entitlement_id, path_kind, via_id, native_ref, since, eligible", `
okta:0u1|okta:0g1|direct||-|-|false
okta:0u1|okta:0g2|rule|okta:pr1|-|-|false
okta:0u1|okta:oa2|direct||-|2025-06-01 10:00:00|false
okta:0u1|okta:oa2/ent3|direct||-|-|false
okta:0u1|okta:cr000000000000000001/iam00000000000000001|direct||ra000000000000000003|2025-03-03 00:00:00|false
okta:0u2|okta:0g1|direct||-|-|false
okta:0u2|okta:0g2|rule|okta:pr1|-|-|false
okta:0u3|okta:0g1|direct||-|-|false
okta:0u3|okta:0g3|direct||-|-|false
okta:0u3|okta:0g4|direct||-|-|false
okta:0u3|okta:oa1|direct||-|2025-06-03 10:00:00|false
okta:0u3|okta:oa1/ent1|direct||-|2026-01-01 00:00:00|false
okta:0u3|okta:oa1/ent2|direct||-|2026-02-01 00:00:00|false
okta:0u3|okta:SUPER_ADMIN|direct||ra000000000000000001|2025-03-01 00:00:00|false
okta:0u4|okta:0g1|direct||-|-|false
okta:0u4|okta:0g2|direct||-|-|false
okta:0u5|okta:0g1|direct||-|-|false
okta:0u6|okta:0g1|direct||-|-|false`)
}

func TestOpens(t *testing.T) {
	contract(t, "opens", "entitlement_id, opens_id, native_ref, since, until", `
okta:0g1|okta:oa3|-|-|-
okta:0g2|okta:oa1|-|-|-
okta:0g4|okta:HELP_DESK_ADMIN|ra000000000000000004|2025-03-04 00:00:00|-`)
}

// What reviewers decided, an entitlement inside an app by its value; what nobody
// answered is no decision.
func TestDecisions(t *testing.T) {
	contract(t, "decision", `decision_id, "at", account_id, entitlement_id, decision, reviewer`, `
okta:icr1|2026-02-03 09:00:00|okta:0u1|okta:0g2|approve|0u4
okta:icr2|2026-02-03 09:01:00.25|okta:0u2|okta:0g2|deny|0u4
okta:icr3|2026-02-12 09:00:00|okta:0u3|okta:oa1/ent2|deny|0u4`)
}

func TestRules(t *testing.T) {
	contract(t, "rule", "rule_id, entitlement_id, name, expression, status, owner, excluded", `
okta:pr1|okta:0g2|finance people|user.department=="Finance"|active|-|[0u4]
okta:pr2|okta:0g2|helpdesk|user.title=="Engineer"|inactive|-|[]
okta:pr2|okta:0g4|helpdesk|user.title=="Engineer"|inactive|-|[]`)
}

func TestAliases(t *testing.T) {
	contract(t, "alias", "alias, entitlement_id", `shifts-web|okta:oa2`)
}
