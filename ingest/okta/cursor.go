package okta

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"winnow/internal/access"
)

// A cursor is where the System Log is read on.
type cursor struct {
	Version int `json:"v"`

	// Next is path and query of the polling link after the last page. It is
	// empty while the log is being read by time, and in cursors of version 1.
	Next string `json:"next,omitempty"`

	// Since is the event time from which everything is asked for again where
	// there is no link, or where the platform refuses it.
	Since time.Time `json:"since"`
}

// parseCursor reads a resting point; the empty one is the start.
func parseCursor(c access.Cursor) (cursor, error) {
	if c == "" {
		return cursor{}, nil
	}
	var out cursor
	if err := json.Unmarshal([]byte(c), &out); err != nil || out.Version < 1 || out.Version > 2 || out.Since.IsZero() {
		return cursor{}, access.WithHint(fmt.Errorf("read the cursor of the okta system log: %q is none of ours", access.Printable(string(c))),
			"it was written by a newer winnow, or the source was read from a folder before: give it a name of its own")
	}
	return out, nil
}

// String returns the resting point.
func (c cursor) String() access.Cursor {
	c.Version = 2
	b, err := json.Marshal(c)
	if err != nil { // only years beyond 9999 do not marshal
		return ""
	}
	return access.Cursor(b)
}

// relative cuts scheme and host off a link: what is kept for another day must
// not say where the credential goes.
func relative(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.RequestURI()
}

// absolute puts a kept link on the configured host.
func (s *Source) absolute(ref string) string {
	u, err := url.Parse(s.client.Base())
	if err != nil {
		return ref
	}
	return u.Scheme + "://" + u.Host + ref
}
