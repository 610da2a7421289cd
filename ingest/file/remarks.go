package file

import (
	"context"
	"fmt"
	"strings"

	"winnow/internal/access"
)

// Remarks names the columns of the stream's file that are no field of it. It
// implements ingest.Remarker.
func (s *Source) Remarks(ctx context.Context, stream access.StreamName) []string {
	f := Finding{Stream: stream}
	var err error
	if f.Path, err = s.path(stream); err != nil || f.Path == "" {
		return nil // the pull has told
	}
	s.inspect(ctx, &f)
	if f.Err != nil || len(f.Unknown) == 0 {
		return nil
	}
	fate := "kept, and not read"
	if stream == "accounts" {
		fate = "kept as an attribute of the account"
	}
	return []string{fmt.Sprintf("no field of ours: column %s (%s; columns: in the configuration maps it, if it is one)",
		access.Printable(strings.Join(f.Unknown, ", ")), fate)}
}
