package acceptance_test

import (
	"strings"
	"testing"
)

// A run is a function of the landed data, the configuration and the as-of
// instant: two folders publish the same, whatever the number of threads, and so
// does a second run in one.
func TestSameInputsPublishTheSame(t *testing.T) {
	t.Parallel()
	first := firstNight(t)
	second := first.beside(t)
	second.write(t, "winnow.yaml", strings.Replace(configuration, "threads: 1", "threads: 3", 1))
	second.night(t, yesterday, 0)
	same(t, first, second)
	second.night(t, yesterday, 0)
	same(t, first, second)
}
