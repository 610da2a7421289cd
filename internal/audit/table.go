package audit

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// A Row is one entry as the table marts.audit has it. Empty texts are null.
type Row struct {
	Seq      int64  `json:"seq"`
	At       string `json:"at"`
	Kind     Kind   `json:"kind"`
	N        int64  `json:"n"`
	Run      string `json:"run_id,omitempty"`
	Verb     string `json:"verb,omitempty"`
	State    string `json:"state,omitempty"`
	Config   string `json:"config_digest,omitempty"`
	Data     string `json:"data_digest,omitempty"`
	Evidence string `json:"evidence_hash,omitempty"`
	Pattern  string `json:"pattern,omitempty"`
	By       string `json:"drafted_by,omitempty"`
	Prompt   string `json:"prompt_version,omitempty"`
	Model    string `json:"model_digest,omitempty"`
	Draft    string `json:"draft_hash,omitempty"`
	Guard    string `json:"guard,omitempty"`
	Plan     string `json:"plan_hash,omitempty"`
	File     string `json:"file_hash,omitempty"`
	Torn     string `json:"torn_hash,omitempty"`
	Who      string `json:"who,omitempty"`
	Body     string `json:"body,omitempty"`
	Prev     string `json:"prev"`
	Hash     string `json:"hash"`
	Place    string `json:"file"`
	Line     int    `json:"line"`
}

// WriteRows writes the entries as JSON, one Row a line, up to the first line that
// does not follow, which it returns as a fault.
func WriteRows(dir string, w io.Writer) (*Fault, error) {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	var failed error
	walked, err := follow(dir, func(e Entry, at Place) {
		if failed == nil {
			failed = enc.Encode(Row{e.Seq, e.At.Format(timeForm), e.Kind, e.N, e.Run, e.Verb, e.State, e.Config, e.Data, e.Evidence,
				e.Pattern, e.By, e.Prompt, e.Model, e.Draft, e.Guard, e.Plan, e.File, e.Torn, e.Who, e.Body, e.Prev, e.Hash, at.File, at.Line})
		}
	})
	if err != nil {
		return nil, err
	}
	if failed == nil {
		failed = out.Flush()
	}
	if failed != nil {
		return nil, fmt.Errorf("write the audit trail's rows: %w", failed)
	}
	return walked.bad, nil
}

// Columns are the names and types of a Row, as DuckDB's read_json takes them.
var Columns = columns()

func columns() string {
	t := reflect.TypeFor[Row]()
	out := make([]string, t.NumField())
	for i := range out {
		kind := "VARCHAR"
		if k := t.Field(i).Type.Kind(); k == reflect.Int || k == reflect.Int64 {
			kind = "BIGINT"
		}
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		out[i] = `"` + name + `": '` + kind + "'"
	}
	return "{" + strings.Join(out, ", ") + "}"
}
