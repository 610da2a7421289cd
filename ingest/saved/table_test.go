package saved_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"winnow/ingest/saved"
	"winnow/internal/access"
)

// read opens a table of the given name and content and reads it to its end.
func read(t *testing.T, name, content string) (columns []string, rows [][]string, faults []*access.Fault, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := saved.OpenTable(context.Background(), path, saved.TableOptions{})
	if err != nil {
		return nil, nil, nil, err
	}
	defer table.Close()
	for row, rerr := range table.Rows(context.Background()) {
		var f *access.Fault
		switch {
		case errors.As(rerr, &f):
			faults = append(faults, f)
		case rerr != nil:
			err = rerr
		default:
			rows = append(rows, row.Cells)
		}
	}
	return table.Columns, rows, faults, err
}

func TestTableSniffsDelimiterAndMarks(t *testing.T) {
	want := [][]string{{"1", "a,b"}, {"2", "c\nd"}, {"3", `say "x"`}}
	for name, text := range map[string]string{
		"comma.csv":   "\ufeffid,name\r\n1,\"a,b\"\r\n2,\"c\nd\"\r\n\r\n3,\"say \"\"x\"\"\"",
		"semi.csv":    "id;name\n1;\"a,b\"\n2;\"c\nd\"\n3;\"say \"\"x\"\"\"\n",
		"tab.tsv":     "id\t name \n 1 \ta,b\n2\t\"c\nd\"\n3\t\"say \"\"x\"\"\"\n",
		"sep.csv":     "sep=;\nid;name\n1;a,b\n2;\"c\nd\"\n3;\"say \"\"x\"\"\"\n",
		"no-ending":   "id|name\n1|a,b\n2|\"c\nd\"\n3|\"say \"\"x\"\"\"\n",
		"quoted.csv":  "\"id\",\"name\"\n\"1\",\"a,b\"\n2,\"c\nd\"\n3,\"say \"\"x\"\"\"\n",
		"packed.csv":  gz("id,name\n1,\"a,b\"\n2,\"c\nd\"\n3,\"say \"\"x\"\"\"\n"),
		"another.csv": "id,\"na;me;\"\n1,\"a,b\"\n2,\"c\nd\"\n3,\"say \"\"x\"\"\"\n",
	} {
		columns, rows, faults, err := read(t, name, text)
		if err != nil || len(faults) > 0 || len(columns) != 2 || columns[0] != "id" {
			t.Errorf("%s: columns %q faults %v err %v", name, columns, faults, err)
		}
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Errorf("%s: rows %q", name, rows)
		}
	}
}

func gz(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.String()
}

func TestTableRefusesRowsAndGoesOn(t *testing.T) {
	text := "id,name\n" +
		"1,ok\n" +
		"2,too,many\n" + // 3
		"3\n" + // 4
		"4,5\" pipe\n" + // 5
		"5,\"never closed\n" + // 6
		"6,ok\n" +
		"7,M\xfcller\n" + // 8
		"8,\"x\"y\n" + // 9
		"9,ok\n"
	_, rows, faults, err := read(t, "x.csv", text)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range rows {
		ids = append(ids, r[0])
	}
	if !slices.Equal(ids, []string{"1", "6", "9"}) {
		t.Errorf("rows %q", rows)
	}
	want := map[int]string{3: "3 values", 4: "1 values", 5: "quote inside", 6: "not closed", 8: "not UTF-8", 9: "not closed"}
	for _, f := range faults {
		word, ok := want[f.Origin.Line]
		if !ok || !strings.Contains(f.Reason, word) || f.Hint == "" || len(f.Body) == 0 {
			t.Errorf("line %d: %s (%s) %q", f.Origin.Line, f.Reason, f.Hint, f.Body)
		}
		delete(want, f.Origin.Line)
	}
	if len(want) > 0 {
		t.Errorf("no fault for %v", want)
	}
	if len(faults) > 3 && string(faults[3].Body) != `5,"never closed` {
		t.Errorf("body %q", faults[3].Body)
	}
}

func TestTableRefusesHeadersAndForeignFiles(t *testing.T) {
	for text, word := range map[string]string{
		"id,,x\n1,2,3\n":     "no name",
		"id,id\n1,2\n":       "stands twice",
		"id,M\xfcller\n1,2":  "not UTF-8",
		"PK\x03\x04":         "zip",
		"PAR1xxxxPAR1":       "Parquet",
		"":                   "is empty",
		"id,\"open\n1,2\n":   "header",
		"\xff\xfei\x00d\x00": "UTF-16",
	} {
		if _, _, _, err := read(t, "x.csv", text); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTableTellsACutFile(t *testing.T) {
	whole := gz("id,name\n" + strings.Repeat("1,abc\n", 50000) + "2,def\n")
	for _, text := range []string{"id,name\n1,a\n2", whole[:len(whole)-30]} {
		_, rows, _, err := read(t, "x.csv", text)
		var cut *saved.Truncated
		if !errors.As(err, &cut) || len(rows) == 0 {
			t.Errorf("%d rows, err %v", len(rows), err)
		}
	}
}
