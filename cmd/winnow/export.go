package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"winnow/export/files"
	"winnow/internal/access"
	"winnow/internal/store"
)

func exportCommand(a *app) *cobra.Command {
	var out string
	var launch bool
	cmd := &cobra.Command{
		Use: "export", Short: "write the published recommendations as files", Args: cobra.NoArgs,
		Long: `export writes the published recommendations, grants and abstentions too, as CSV for spreadsheets, JSON for
programs and Parquet for engines, into the folder of export.files or --out.

What policy.max_lines_per_reviewer leaves out is in no file; marts.left_out lists it.

Where a review is configured it also writes plan.json: every request that would ask for the review, what it is for and
what undoes it, without the verdicts that are still in their waiting time. Nothing is sent to any system.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.job(cmd.Context(), "export", func(ctx context.Context, j *job) error {
				dir, err := j.exportTo(out)
				if err != nil {
					return err
				}
				j.launch = launch
				return j.report.stage("export", func() error { return j.export(ctx, dir) })
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "the folder (default: export.files of the configuration)")
	cmd.Flags().BoolVar(&launch, "launch", false, "plan the start of our scheduled Okta campaigns as well, in "+launchPlanName)
	return cmd
}

// export writes the files of the published recommendations.
func (j *job) export(ctx context.Context, dir string) (err error) {
	j.progress.begin("export")
	db, err := j.site.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	recs, err := recommendations(ctx, db, "recommendation_id not in (select recommendation_id from marts.left_out)")
	if err != nil {
		return err
	}
	paths, err := files.Write(ctx, dir, recs, writeParquet)
	if err != nil {
		return err
	}
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return fmt.Errorf("inspect what was written: %w", err)
		}
		j.report.Files = append(j.report.Files, writtenFile{p, info.Size()})
	}
	j.progress.finish("files", fmt.Sprintf("%s recommendations in %s", thousands(int64(len(recs))), dir), false)
	if err := errors.Join(j.plan(ctx, db, dir), j.ends(ctx, db, dir), j.custom(ctx, db, dir)); err != nil {
		return err
	}
	return j.enterExport(int64(len(recs)))
}

// recommendations reads the published recommendations that fulfil a condition
// of ours and are about people of the cohort: whatever leaves is read here, so
// that nothing leaves about anybody else. They come in the order in which people
// read them.
func recommendations(ctx context.Context, db querier, where string, args ...any) ([]access.Recommendation, error) {
	recs, err := collect(ctx, db, "select to_json(r)::varchar from marts.recommendation as r where identity_id in (select identity_id from marts.cohort) and ("+where+")",
		func(rows *sql.Rows, rec *access.Recommendation) error {
			var text []byte
			if err := rows.Scan(&text); err != nil {
				return err
			}
			return json.Unmarshal(text, rec)
		}, args...)
	if err != nil {
		return nil, fmt.Errorf("read the recommendations: %w", err)
	}
	access.SortRecommendations(recs)
	return recs, nil
}

// writeParquet turns the JSON file into Parquet with the engine of the store.
func writeParquet(ctx context.Context, jsonFile, parquetFile string) (err error) {
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "copy ("+files.Select(jsonFile)+") to "+store.Quote(parquetFile)+" (format parquet, compression zstd)")
	if err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	return nil
}
