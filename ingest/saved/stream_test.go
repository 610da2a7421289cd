package saved

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// A table that arrives is read like one that lies in a file, and is told apart
// from one that breaks off.
func TestTablesThatArrive(t *testing.T) {
	closed := false
	body := struct {
		io.Reader
		io.Closer
	}{io.MultiReader(strings.NewReader("A,B\n1,2\n3,"), failing{}), closer(func() { closed = true })}
	table, err := NewTable(t.Context(), "https://host/report", body, TableOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	var last error
	for _, err := range table.Rows(t.Context()) {
		if last = err; err == nil {
			rows++
		}
	}
	var cut *Truncated
	if err := table.Close(); err != nil || !closed || rows != 1 || !errors.As(last, &cut) || !strings.Contains(last.Error(), "https://host/report") {
		t.Errorf("%d rows, closed %v, close %v, last %v", rows, closed, err, last)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

type closer func()

func (c closer) Close() error { c(); return nil }
