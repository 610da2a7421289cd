package scim

import (
	"testing"

	"winnow/ingest/sourcetest"
)

// saved lands the folder as the source a, its lines twice as the source b, so
// that models which mix sources up show.
func saved(t *testing.T) *sourcetest.DB {
	t.Helper()
	d := sourcetest.Open(t, "scim")
	for _, s := range Streams() {
		lines := sourcetest.Saved(t, dir, s.Name)
		d.Land(s.Name, "a", lines...)
		d.Land(s.Name, "b", append(lines, lines...)...)
	}
	return d
}

func TestShapes(t *testing.T) { sourcetest.Shapes(t, "scim", Streams()) }

func TestStaging(t *testing.T) {
	d := saved(t)
	d.Contract("account", "account_id, login, email, display_name, status, employee_number, department, title, location, manager, created_at, attributes", `
a:u1|ada.berg|ada.berg@acme.example|Ada Berg|active|1001|Finance|Controller|Oslo|u2|2024-02-01 08:00:00|{"user_type":"Employee","external_id":"x1","cost_center":"C1"}
a:u2|bo.lind|bo.lind@acme.example|Bo Lind|suspended|-|-|-|-|-|-|{}
a:u3|cem|-|-|active|-|-|-|-|u2|-|{}`)
	d.Contract("entitlement", "entitlement_id, kind, name, mastering, sign_on", `
a:entitlement/export|app_role|May export|local|-
a:g1|group|Finance|local|-
a:g2|group|Ledger|local|-
a:g3|group|All|local|-
a:g4|group|Empty|local|-
a:g9|group|Unlisted|local|-
a:role/admin|app_role|Administrator|local|-`)
	d.Contract("assignment_edge", "account_id, entitlement_id, path_kind, eligible", `
a:u1|a:entitlement/export|direct|false
a:u1|a:g1|direct|false
a:u1|a:role/admin|direct|false
a:u2|a:g2|direct|false
a:u2|a:g9|direct|false
a:u2|a:role/admin|direct|false
a:u3|a:g1|direct|false
a:u7|a:g3|direct|false`)
	d.Contract("nesting", "child_id, parent_id", `
a:g1|a:g3
a:g2|a:g3`)
}

func TestTimesBecomeFaults(t *testing.T) {
	d := sourcetest.Open(t, "scim")
	d.Land(Users, "a", `{"id":"1","meta":{"created":"x"}}`, `{"id":"2","meta":{"lastModified":"?"}}`)
	d.Land(Groups, "a", `{"id":"1","meta":{"created":"x"}}`, `{"id":"2","meta":{"lastModified":"?"}}`)
	for _, table := range []string{"users", "groups"} {
		d.Same(table, "select fault from landed.scim_"+table+" order by id", `
meta.created "x" is not a timestamp
meta.lastModified "?" is not a timestamp`)
	}
}
