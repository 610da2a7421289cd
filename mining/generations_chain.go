package mining

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// A chain is the history of one contract in one source: a file for each night
// that changed what its models read. A file is named by the night and by a
// digest of the file before it, the models' text and the segments, so that what
// exists under its name is up to date, and whatever changes is replayed from
// there on.
type chain struct {
	contract historyContract
	source   access.SourceName
	kind     string // type of the source
	dir      string
	lineage  lineage
	config   string // what the source's configuration says to the models

	older []string // files of nights whose manifests are gone
	links []*link
	full  []time.Time // instants at which all streams were seen
}

// A link is one night of a chain.
type link struct {
	at     time.Time // when the newest of its streams was pulled; its year is before 1990 where that is not known
	before time.Time // the last full night before; zero where there is none
	parts  []Part    // the state of every stream that the models read
	path   string
	due    bool // the file is still to be written
}

// historyVersion is that of the files of links; a change writes them anew.
const historyVersion = "1"

// nightForm is how a file's name tells its night.
const nightForm = "20060102T150405.000000"

// chains lists the histories of all sources, with what is still to be written.
func (b *Build) chains(ctx context.Context) (out []*chain, err error) {
	pulls, err := b.inventories()
	if err != nil {
		return nil, err
	}
	ordered, reading, err := Graph(ctx, b.conn)
	if err != nil {
		return nil, err
	}
	for _, source := range slices.Sorted(maps.Keys(b.Types)) {
		past := nights(pulls[source])
		for _, h := range historyContracts {
			kind := b.Types[source]
			c := &chain{contract: h, source: source, kind: kind, lineage: lineageOf(ordered, reading, h.name, kind),
				dir: filepath.Join(b.Lake.Dir, "history", h.name, "source="+string(source))}
			if len(c.lineage.staging) == 0 {
				continue
			}
			if c.config, err = b.told(ctx, c); err != nil {
				return nil, err
			}
			if err := b.plan(c, past); err != nil {
				return nil, err
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// inventories reads the manifests of the configured sources.
func (b *Build) inventories() (map[access.SourceName][]lake.Manifest, error) {
	streams, err := b.Lake.Streams()
	if err != nil {
		return nil, err
	}
	out := map[access.SourceName][]lake.Manifest{}
	for _, id := range streams {
		if _, ok := b.Types[id.Source]; !ok {
			continue
		}
		manifests, err := b.Lake.Manifests(id)
		if err != nil {
			return nil, err
		}
		if len(manifests) > 0 && !manifests[0].Events {
			out[id.Source] = append(out[id.Source], manifests...)
		}
	}
	return out, nil
}
