package files_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"winnow/export/files"
	"winnow/export/internal/sample"
	"winnow/internal/access"
	"winnow/internal/store"
)

// recs are rows with names that a spreadsheet or a terminal would act on.
func recs(t *testing.T) []access.Recommendation {
	t.Helper()
	claims, err := access.ParseClaims([]byte(`[{"id":"c1","code":"idle_quiet","values":{"days":142,"share":0.0310,"last_use":"2026-03-02"}}]`))
	if err != nil {
		t.Fatal(err)
	}
	var all []access.Recommendation
	for i, name := range []string{
		`=HYPERLINK("http://evil.example","open")`, "+1", "-2", "@SUM(A1)", "\tcmd", "\rcmd", "＝1", "plain", "a, \"b\"", " padded ", "line\nbreak", "x\u202ey", "Größe",
	} {
		r := sample.Revoke("okta", string(rune('a'+i)), "g1", "group", name, "idle_quiet", "moved")
		r.IdentityName, r.Claims, r.Rationale = name, claims, "End it. "+name
		r.Removability = json.RawMessage(`{"reversible": true, "paths": []}`)
		r.EvidenceQuery = "select *\nfrom marts.evidence\nwhere name = 'a, \"b\"'"
		all = append(all, r)
	}
	grant := sample.Revoke("okta", "z", "g2", "group", "Designers")
	grant.Action, grant.Confidence, grant.ExportFrom = access.Grant, access.Low, ""
	return append([]access.Recommendation{grant}, all...)
}

// parquet is what cmd hands in: the store's COPY.
func parquet(ctx context.Context, jsonFile, parquetFile string) (err error) {
	db, err := store.Open(ctx, "", store.Options{Threads: 1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "copy ("+files.Select(jsonFile)+") to "+store.Quote(parquetFile)+" (format parquet, compression zstd)")
	return err
}

func write(t *testing.T) (dir string, paths []string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out's")
	paths, err := files.Write(t.Context(), dir, recs(t), parquet)
	if err != nil {
		t.Fatal(err)
	}
	return dir, paths
}

func TestWritePrivately(t *testing.T) {
	dir, paths := write(t)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 3 || len(paths) != 3 {
		t.Fatalf("%v, %v, %v", entries, paths, err)
	}
	for _, p := range append(paths, dir) {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", p, info.Mode())
		}
	}
}

func TestCSV(t *testing.T) {
	dir, _ := write(t)
	data, err := os.ReadFile(filepath.Join(dir, files.CSVName))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) || !utf8.Valid(data) || bytes.Count(data, []byte("\r\n")) != 1+len(recs(t)) {
		t.Error("not the CSV of RFC 4180 in UTF-8 without a byte order mark")
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	var names []string
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]) {
				t.Errorf("%s begins with %q", rows[0][i], cell)
			}
		}
		names = append(names, row[column("identity_name")])
	}
	for _, want := range []string{`'=HYPERLINK("http://evil.example","open")`, "'+1", "'-2", "'＝1", "plain", `a, "b"`, " padded ", `line\u000abreak`, `x\u202ey`, "Größe"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %q among %q", want, names)
		}
	}
	first := rows[1]
	if got := first[column("evidence_query")]; got != "select *\nfrom marts.evidence\nwhere name = 'a, \"b\"'" {
		t.Errorf("evidence_query = %q", got)
	}
	if first[column("reason_codes")] != "idle_quiet moved" || first[column("score")] != "0.97" || !strings.Contains(first[column("claims")], `"share":0.0310`) {
		t.Errorf("row = %q", first)
	}
}

func TestJSON(t *testing.T) {
	dir, _ := write(t)
	data, err := os.ReadFile(filepath.Join(dir, files.JSONName))
	if err != nil {
		t.Fatal(err)
	}
	var read []access.Recommendation
	if err := json.Unmarshal(data, &read); err != nil {
		t.Fatal(err)
	}
	want := recs(t)
	access.SortRecommendations(want)
	for i := range want {
		if read[i].RecommendationID != want[i].RecommendationID || read[i].IdentityName != want[i].IdentityName || !read[i].AsOf.Equal(want[i].AsOf) {
			t.Errorf("row %d is %+v", i, read[i])
		}
	}
	if lines := bytes.Count(data, []byte("\n")); lines != len(want)+2 {
		t.Errorf("%d lines", lines)
	}
	again, err := files.JSON(read)
	if err != nil || !bytes.Equal(again, data) {
		t.Errorf("written again it differs: %v", err)
	}
}

// TestParquet asks the engine for what the CSV and the JSON file say.
func TestParquet(t *testing.T) {
	dir, _ := write(t)
	db, err := store.Open(t.Context(), "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var ids, claims, codes, at string
	var rows, waiting int
	err = db.QueryRowContext(t.Context(), `select count(*), string_agg(recommendation_id, ' ' order by file_row_number), min(claims)::varchar,
		min(reason_codes[1]), max(as_of)::varchar, count(export_from) from read_parquet(`+store.Quote(filepath.Join(dir, files.ParquetName))+`, file_row_number = true)
		where action <> 'nothing'`).Scan(&rows, &ids, &claims, &codes, &at, &waiting)
	if err != nil {
		t.Fatal(err)
	}
	want := recs(t)
	access.SortRecommendations(want)
	var order []string
	for _, r := range want {
		order = append(order, r.RecommendationID)
	}
	if rows != len(want) || ids != strings.Join(order, " ") || codes != "idle_quiet" || at != "2026-06-30 04:30:00" || waiting != len(want)-1 {
		t.Errorf("%d rows, codes %s, as of %s, %d waiting, order %s", rows, codes, at, waiting, ids)
	}
}

// TestNoRows writes the files of a night without a recommendation: all three are
// there, with their columns.
func TestNoRows(t *testing.T) {
	dir := t.TempDir()
	if _, err := files.Write(t.Context(), dir, nil, parquet); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var rows, columns int
	path := store.Quote(filepath.Join(dir, files.ParquetName))
	err = db.QueryRowContext(t.Context(), "select (select count(*) from read_parquet("+path+")), count(*) from parquet_schema("+path+") where type is not null").Scan(&rows, &columns)
	if err != nil || rows != 0 || columns < 25 {
		t.Errorf("%d rows, %d columns, %v", rows, columns, err)
	}
}

func TestNothingIsLeftOfAFailure(t *testing.T) {
	dir := t.TempDir()
	cause := errors.New("disk full")
	_, err := files.Write(t.Context(), dir, recs(t), func(_ context.Context, _, out string) error {
		return errors.Join(os.WriteFile(out, []byte("half"), 0o600), cause)
	})
	if !errors.Is(err, cause) {
		t.Errorf("error = %v", err)
	}
	for _, name := range []string{files.ParquetName, files.ParquetName + ".part"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there: %v", name, err)
		}
	}
}

func TestSameBytes(t *testing.T) {
	a, _ := write(t)
	b, _ := write(t)
	for _, name := range []string{files.CSVName, files.JSONName, files.ParquetName} {
		x, errX := os.ReadFile(filepath.Join(a, name))
		y, errY := os.ReadFile(filepath.Join(b, name))
		if errX != nil || errY != nil || !bytes.Equal(x, y) {
			t.Errorf("%s differs between two runs: %v %v", name, errX, errY)
		}
	}
}
