package mining

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"winnow/internal/store"
)

// A loader writes rows that Go knows into tables of a database.
type loader struct {
	conn    *sql.Conn
	catalog string // database that the tables are created in
	dir     string // for the files that the rows pass through
}

// exec runs statements one after the other.
func (l loader) exec(ctx context.Context, statements ...string) error {
	return execute(ctx, l.conn, statements...)
}

// load creates a table from JSON bytes, NDJSON or one array.
func (l loader) load(ctx context.Context, table, columns string, rows []byte) error {
	path := filepath.Join(l.dir, table+".json")
	if err := os.WriteFile(path, rows, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	defer os.Remove(path)
	format := "newline_delimited"
	if bytes.HasPrefix(rows, []byte("[")) {
		format = "array"
	}
	return l.exec(ctx, "create table "+l.catalog+"."+table+" as select * from read_json("+store.Quote(path)+
		", columns = "+columns+", format = "+store.Quote(format)+")")
}

// encodeRows appends values as NDJSON.
func encodeRows(buf *bytes.Buffer, rows []any) error {
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("encode the ledger: %w", err)
		}
	}
	return nil
}
