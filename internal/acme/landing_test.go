package acme

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"winnow/internal/store"
)

// landed counts the rows of a landing model over one written file, those at
// fault, and those of each kind.
func landed(t *testing.T, db *sql.DB, dir, kind, source, stream string) (rows, faults int, kinds map[string]int) {
	t.Helper()
	ctx := context.Background()
	model, err := os.ReadFile(filepath.Join("../../mining/models/landing", kind+"_"+stream+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Glob(filepath.Join(dir, source, stream+".ndjson*"))
	if err != nil || len(path) != 1 {
		t.Fatalf("%s of %s: %v %v", stream, source, path, err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, statement := range []string{
		"set variable files = [" + store.Quote(path[0]) + "]",
		"set variable source = " + store.Quote(source),
		"create or replace temp table landed as " + string(model),
	} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			t.Fatalf("%s: %v", stream, err)
		}
	}
	if err := conn.QueryRowContext(ctx, "select count(*), count(fault) from landed").Scan(&rows, &faults); err != nil {
		t.Fatal(err)
	}
	kinds = map[string]int{}
	found, err := conn.QueryContext(ctx, "select kind || ' ' || outcome, count(*) from landed group by all")
	if err != nil {
		return rows, faults, kinds // inventory has no kinds
	}
	defer found.Close()
	for found.Next() {
		var k sql.NullString
		var n int
		if err := found.Scan(&k, &n); err != nil {
			t.Fatal(err)
		}
		kinds[k.String] = n
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return rows, faults, kinds
}

// TestModelsReadIt runs the landing models of the product over what Write
// made: every line becomes a row without a fault, and the log tells of use,
// presence, grants, removals and openings.
func TestModelsReadIt(t *testing.T) {
	dir := writeFresh(t, Options{People: 300, LogDays: 70, HistoryDays: 80})
	db, err := store.Open(context.Background(), "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	streams := map[[2]string][]string{
		{"okta", Okta}: {"system_log", "users", "groups", "group_members", "group_rules", "apps", "app_users", "app_groups",
			"user_roles", "group_roles"},
		{"entra", Entra}: {"sign_ins", "sign_ins_noninteractive", "directory_audits", "users", "groups", "group_members",
			"service_principals", "app_role_assignments", "role_definitions", "role_assignments"},
		{"hris", HR}: {"workers"},
	}
	for key, names := range streams {
		for _, stream := range names {
			t.Run(fmt.Sprint(key[1], "/", stream), func(t *testing.T) {
				rows, faults, kinds := landed(t, db, dir, key[0], key[1], stream)
				if rows == 0 || faults > 0 {
					t.Errorf("%d rows, %d at fault", rows, faults)
				}
				for _, want := range wantKinds[stream] {
					if kinds[want] == 0 {
						t.Errorf("no event is %q: %v", want, kinds)
					}
				}
			})
		}
	}
}

var wantKinds = map[string][]string{
	"system_log": {"use success", "use failure", "use weak", "presence success", "grant success", "revoke success",
		"opens_grant success", "other success"},
	"sign_ins":                {"use success", "use failure", "use weak"},
	"sign_ins_noninteractive": {"use success"},
	"directory_audits":        {"grant success", "revoke success", "account_change success", "other success"},
}
