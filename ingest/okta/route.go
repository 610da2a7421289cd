package okta

import (
	"winnow/internal/access"
	"winnow/internal/lake"
)

// Route says to which form of the System Log a saved line belongs: nested, as
// the API serves it, or one of the forms that data lakes make of it. Lines of
// other streams, and lines that are neither, keep the stream of their file.
func Route(stream access.StreamName, line []byte) access.StreamName {
	if stream != SystemLog && stream != SystemLogFlat {
		return stream
	}
	for _, form := range []struct {
		key    string
		stream access.StreamName
	}{
		{"eventType", SystemLog},
		{"eventType_s", SystemLogFlat},
		{"eventtype", SystemLogFlat},
		{"uuid_g", SystemLogFlat},
	} {
		if lake.TextAt(line, form.key) != "" {
			return form.stream
		}
	}
	return stream
}
