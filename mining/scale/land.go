package scale

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"winnow/internal/lake"
)

// generator is the version of the company; a change to what is generated makes
// it, and with it every kept lake, another.
const generator = 3

// A mark says what a folder holds. It is written last.
type mark struct {
	Generator int
	Size      Size
}

// Land seals the company of a size in a lake, its log and its directory as they
// were served after the last day, unless the lake holds it already. It reports
// whether it had to. Another company, or an unfinished one, is removed first.
func Land(ctx context.Context, dir string, s Size) (made bool, err error) {
	path := filepath.Join(dir, "company.json")
	want, err := json.Marshal(mark{generator, s})
	if err != nil {
		return false, fmt.Errorf("describe the company: %w", err)
	}
	if have, err := os.ReadFile(path); err == nil && string(have) == string(want) {
		return false, nil
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("read what the folder holds: %w", err)
	}
	if err := errors.Join(remove(path), remove(filepath.Join(dir, "lake"))); err != nil {
		return false, err
	}
	lk, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		return false, err
	}
	c := found(s)
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(2)
	for n := range s.Days {
		work.Go(func() error { return errors.Join(ctx.Err(), c.landDay(lk, n)) })
	}
	work.Go(func() error { return c.landDirectory(lk, s.Days-1) })
	if err := work.Wait(); err != nil {
		return true, fmt.Errorf("land the company: %w", err)
	}
	return true, lake.WriteFile(path, want)
}

// LandNight seals what the night after the log would pull: one more day of it,
// and the whole directory anew.
func LandNight(lk *lake.Lake, s Size, directory bool) error {
	c := found(s)
	if directory {
		return c.landDirectory(lk, s.Days)
	}
	return c.landDay(lk, s.Days)
}

// remove removes what may be absent.
func remove(path string) error {
	if err := os.RemoveAll(path); err != nil {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	return nil
}

// derived are the folders of a lake that a run makes from what landed.
var derived = []string{"event", "inventory", "usage_day", "change", "tmp"}

// Bare removes from a lake what runs have derived, so that the next is the
// first one.
func Bare(lk *lake.Lake) error {
	for _, name := range derived {
		if err := remove(filepath.Join(lk.Dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// Link makes a second lake of the same segments. Sealed files never change, so
// that they need no second place on the disk.
func Link(from *lake.Lake, dir string) (*lake.Lake, error) {
	to, err := lake.Open(dir)
	if err != nil {
		return nil, err
	}
	root := filepath.Join(from.Dir, "landed")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from.Dir, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(dir, rel), 0o700)
		}
		return os.Link(path, filepath.Join(dir, rel))
	})
	if err != nil {
		return nil, fmt.Errorf("link a lake: %w", err)
	}
	return to, nil
}
