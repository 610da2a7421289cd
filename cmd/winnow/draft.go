package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/recommend"
	"winnow/recommend/ollama"
)

// draftRows is how many recommendations are drafted and written at once.
const draftRows = 2000

// drafter returns who writes the sentences, and the catalogue of their
// language. Warn is told why the template writes in a model's place.
func drafter(c *config.Config, warn func(error)) (recommend.Drafter, *recommend.Catalogue, error) {
	catalogue, err := recommend.Load(c.Language)
	if err != nil {
		return nil, nil, usage(err)
	}
	if c.LLM.Provider != "ollama" {
		return recommend.Template{Catalogue: catalogue}, catalogue, nil
	}
	settings := modelSettings(c)
	settings.Warn = warn
	d, err := ollama.New(settings, catalogue)
	if err != nil {
		return nil, nil, usage(err)
	}
	return d, catalogue, nil
}

// modelSettings are the settings of the model that drafts.
func modelSettings(c *config.Config) ollama.Config {
	return ollama.Config{
		Host: c.LLM.Host, Model: c.LLM.Model, Names: c.LLM.Names == "quoted", Free: c.LLM.Wording == "free",
		CallTime: time.Duration(c.LLM.CallSeconds) * time.Second, TotalTime: time.Duration(c.LLM.TotalMinutes) * time.Minute,
		MaxCalls: c.LLM.MaxCalls, Concurrency: c.LLM.Concurrency, Cache: filepath.Join(c.DataDir, "drafts.ndjson"),
	}
}

// draft fills marts.draft: it reads the verdicts from marts.undrafted and
// writes their words, and returns how many there are. What a drafter learnt is
// kept also when it is interrupted. The pages follow the id, since a connection
// answers one question at a time.
func draft(ctx context.Context, conn *sql.Conn, d *keeper, c *recommend.Catalogue, told func(done int)) (done int, err error) {
	if c, ok := d.Drafter.(io.Closer); ok {
		defer func() { err = errors.Join(err, c.Close()) }()
	}
	pages, err := draftPages(ctx, conn)
	if err != nil {
		return 0, err
	}
	after := ""
	for _, last := range pages {
		recs, err := undrafted(ctx, conn, after, last)
		if err != nil {
			return done, err
		}
		var rows []draftRow
		for rec, err := range recommend.Write(ctx, d, c, recs) {
			if err != nil {
				return done, err
			}
			rows = append(rows, draftRow{rec.RecommendationID, rec.Rationale, rec.DraftedBy, rec.Guard, d.hash[rec.RecommendationID]})
		}
		if err := writeDrafts(ctx, conn, rows); err != nil {
			return done, err
		}
		after, done = last, done+len(recs)
		told(done)
	}
	return done, nil
}

// A draftRow is one row of marts.draft.
type draftRow struct {
	ID        string `json:"recommendation_id"`
	Rationale string `json:"rationale"`
	DraftedBy string `json:"drafted_by"`
	Guard     string `json:"guard"`
	DraftHash string `json:"draft_hash"`
}

// drafted are the columns of a verdict that its words may need: neither the
// select that asks again nor its hash, which are the longest.
const drafted = "* exclude (run_id, as_of, reason_codes, evidence_query, evidence_hash, first_as_of, export_from, basis, bar)"

// undrafted reads the verdicts of one page: those after an id, up to another.
func undrafted(ctx context.Context, conn *sql.Conn, after, last string) ([]access.Recommendation, error) {
	recs, err := collect(ctx, conn, "select to_json(u)::varchar from (select "+drafted+` from marts.undrafted
		where recommendation_id > ? and recommendation_id <= ?) as u order by recommendation_id`,
		func(rows *sql.Rows, rec *access.Recommendation) error {
			var text []byte
			if err := rows.Scan(&text); err != nil {
				return err
			}
			return json.Unmarshal(text, rec)
		}, after, last)
	if err != nil {
		return nil, fmt.Errorf("read the verdicts to draft: %w", err)
	}
	return recs, nil
}

// draftPages returns the last id of each page. Looking for one page after the
// other with a limit would sort all that is left each time.
func draftPages(ctx context.Context, conn *sql.Conn) ([]string, error) {
	pages, err := collect(ctx, conn, `select recommendation_id from (select recommendation_id, row_number() over (order by recommendation_id) as nth,
		count(*) over () as n from marts.undrafted) where nth % ? = 0 or nth = n order by recommendation_id`,
		func(rows *sql.Rows, id *string) error { return rows.Scan(id) }, draftRows)
	if err != nil {
		return nil, fmt.Errorf("divide the verdicts into pages: %w", err)
	}
	return pages, nil
}

func writeDrafts(ctx context.Context, conn *sql.Conn, rows []draftRow) error {
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("encode the drafts: %w", err)
	}
	_, err = conn.ExecContext(ctx, `insert into snapshot.marts.draft by name
		select unnest(from_json(?::json, '[{"recommendation_id": "VARCHAR", "rationale": "VARCHAR", "drafted_by": "VARCHAR", "guard": "VARCHAR", "draft_hash": "VARCHAR"}]'), recursive := true)`,
		string(text))
	if err != nil {
		return fmt.Errorf("write the drafts: %w", err)
	}
	return nil
}

// missed notes what went well enough and still wants a look, with its way out.
func (r *runReport) missed(err error) {
	text := err.Error()
	if hint := access.HintOf(err); hint != "" {
		text += ": " + hint
	}
	r.Warnings = append(r.Warnings, text)
}
