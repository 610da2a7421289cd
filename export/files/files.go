// Package files writes recommendations as files that people open: CSV for
// spreadsheets, JSON for programs, Parquet for engines. All verdicts are in
// them, grants and abstentions too.
package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"winnow/internal/access"
)

// Parquet writes the rows of a JSON file, an array of recommendations, to a
// Parquet file. The database does it; cmd hands it in: Select gives the query.
type Parquet func(ctx context.Context, jsonFile, parquetFile string) error

// The names of the files.
const (
	CSVName     = "recommendations.csv"
	JSONName    = "recommendations.json"
	ParquetName = "recommendations.parquet"
)

// Write writes the three files into the folder, in the order of
// access.SortRecommendations, and returns their paths. Each is complete or not
// there: it is written aside, synced and renamed into place. Only the owner may
// read them. Without a parquet function there is no Parquet file.
func Write(ctx context.Context, dir string, recs []access.Recommendation, parquet Parquet) ([]string, error) {
	recs = slices.Clone(recs)
	access.SortRecommendations(recs)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the folder of the files: %w", err)
	}
	js, err := JSON(recs)
	if err != nil {
		return nil, err
	}
	csv, err := CSV(recs)
	if err != nil {
		return nil, err
	}
	written := []string{filepath.Join(dir, CSVName), filepath.Join(dir, JSONName)}
	for i, content := range [][]byte{csv, js} {
		if err := place(written[i], func(aside string) error { return os.WriteFile(aside, content, 0o600) }); err != nil {
			return nil, err
		}
	}
	if parquet == nil {
		return written, nil
	}
	path := filepath.Join(dir, ParquetName)
	err = place(path, func(aside string) error { return parquet(ctx, written[1], aside) })
	if err != nil {
		return nil, err
	}
	return append(written, path), nil
}

// place lets write make a file aside, then puts it in place.
func place(path string, write func(aside string) error) error {
	aside := path + ".part"
	err := write(aside)
	if err == nil {
		err = settle(aside)
	}
	if err == nil {
		err = os.Rename(aside, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), remove(aside))
	}
	return nil
}

// settle narrows the file's mode, since the database creates it with the umask,
// and sees to it that its content is on the disk before its name is.
func settle(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Sync(), f.Close())
}

func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// JSON returns the recommendations as an array, each in canonical form on a line
// of its own, so that two nights can be compared with diff.
func JSON(recs []access.Recommendation) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("[")
	for i, r := range recs {
		r.Claims, r.ReasonCodes = listed(r.Claims), listed(r.ReasonCodes)
		line, err := access.CanonicalJSON(r)
		if err != nil {
			return nil, fmt.Errorf("write recommendation %s as JSON: %w", r.RecommendationID, err)
		}
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n")
		b.Write(line)
	}
	b.WriteString("\n]\n")
	return b.Bytes(), nil
}

// listed makes the empty list of no list, so that a reader finds one type.
func listed[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
