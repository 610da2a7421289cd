package workday_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/ingest/hris/workday"
	fake "winnow/internal/fake/workday"
)

// The public samples of Workday in CSV come out with every cell of every row.
func TestRecordedTablesDecodeWithoutLoss(t *testing.T) {
	files, err := filepath.Glob("../../../../shared/data/logs/hr/workday_csv/*.csv")
	if err != nil || len(files) == 0 {
		t.Skip("the HR samples are not here: shared/data/logs/hr/workday_csv")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cells, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		s, _ := open(t, fake.Options{Intercept: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "text/csv")
			_, _ = w.Write(text)
			return true
		}}, workday.Config{CSV: true, Reports: streams{"workers": "o/P"}, Columns: map[string]string{"employee_id": cells[0][0]}})
		got, err := read(t, s, "workers")
		if err != nil || len(got) != len(cells)-1 {
			t.Fatalf("%s: %d of %d rows, err %v", filepath.Base(file), len(got), len(cells)-1, err)
		}
		for i, row := range got {
			var members map[string]string
			if err := json.Unmarshal([]byte(row), &members); err != nil {
				t.Fatal(err)
			}
			for j, name := range cells[0] {
				if members[name] != strings.TrimSpace(cells[i+1][j]) || len(members) != len(cells[0]) {
					t.Errorf("%s row %d %s: %q, want %q", filepath.Base(file), i, name, members[name], cells[i+1][j])
				}
			}
		}
	}
}
