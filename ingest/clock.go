package ingest

import (
	"fmt"
	"time"
)

// maxSkew is the difference between two clocks that does no harm.
const maxSkew = 30 * time.Second

// ClockFinding judges how far the platform's clock is ahead of ours.
func ClockFinding(ahead time.Duration, err error) Finding {
	f := Finding{Level: OK, Check: "clock", Text: "the clocks agree"}
	word := "ahead of"
	if ahead < 0 {
		ahead, word = -ahead, "behind"
	}
	switch {
	case err != nil:
		f.Level, f.Text, f.Hint = Warning, "the platform's clock could not be read: "+err.Error(), "check the base url and the proxy"
	case ahead > maxSkew:
		f.Level = Warning
		f.Text = fmt.Sprintf("the platform's clock is %s %s this machine's", ahead.Round(time.Second), word)
		f.Hint = "set this machine's clock by NTP: sign-ins are refused and a day is called complete before it has ended when it is wrong"
	}
	return f
}
