package mining_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/mining"
)

// leavers is a company of which so many have left and still hold their access.
func leavers(t *testing.T, n int) (*tenant, string) {
	t.Helper()
	c := newTenant(60)
	c.app("crm")
	c.office(8, "crm")
	for i := range n {
		id := fmt.Sprintf("gone%02d", i)
		c.add("legacy/accounts", `{"account_id":%q,"login":%q,"employee_number":%q,"department":"Finance","title":"Clerk"}`, id, id, id)
		c.add("hr/workers", `{"id":%q,"dept":"Finance","title":"Clerk","hired":"2015-01-01","status":"terminated","left":%q}`, id, day(20))
		c.hold(id, "crm", "2020-01-01")
	}
	return c, t.TempDir()
}

// When revokes jump from one night to the next, the old snapshot stands, byte
// for byte, until a person accepts the jump.
func TestJumpOfRevokesIsHeldBack(t *testing.T) {
	c, dir := leavers(t, 1)
	count := "select count(*) from marts.recommendation where action = 'revoke'"
	if got := c.night(t, c.land(t, dir), dir, asOf, count); got[0] != "1" {
		t.Fatalf("%s revokes on the first night", got)
	}
	before, err := os.ReadFile(filepath.Join(dir, "winnow.duckdb"))
	if err != nil {
		t.Fatal(err)
	}
	many, other := leavers(t, 22)
	lk := many.land(t, other)
	publish := func(accept bool) error {
		b := &mining.Build{Lake: lk, Types: map[access.SourceName]string{"legacy": "file", "hr": "hris"},
			WorkDir: filepath.Join(dir, "work"), Out: filepath.Join(dir, "winnow.duckdb"), AsOf: asOf.AddDate(0, 0, 1), RunID: "r2",
			Settings: map[string]any{"policy": []any{c.policy}, "column_map": columnMap}, AcceptJump: accept}
		err := b.Run(context.Background())
		if err == nil {
			err = b.Publish(context.Background())
		}
		return errors.Join(err, b.Close())
	}
	err = publish(false)
	if err == nil || !strings.Contains(err.Error(), "22 revokes where the published one, as of 2026-11-01, advises 1") ||
		!strings.Contains(err.Error(), `21 of the new ones rest on "left" in source legacy`) || !strings.Contains(access.HintOf(err), "--accept-drop") {
		t.Errorf("error %v, hint %q", err, access.HintOf(err))
	}
	after, err := os.ReadFile(filepath.Join(dir, "winnow.duckdb"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the published snapshot changed: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "winnow.duckdb.next")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the refused snapshot is still there: %v", err)
	}
	if err := publish(true); err != nil {
		t.Errorf("with the jump accepted: %v", err)
	}
}
