package mining

import "testing"

func TestJumped(t *testing.T) {
	for _, c := range []struct {
		before, now int64
		want        bool
	}{
		{0, 0, false}, {0, 20, false}, {0, 21, true}, {5, 25, false}, {5, 26, true},
		{10, 30, false}, {10, 31, true}, {100, 300, false}, {100, 301, true}, {100, 0, false},
	} {
		if got := jumped(c.before, c.now); got != c.want {
			t.Errorf("from %d to %d: %v, want %v", c.before, c.now, got, c.want)
		}
	}
}
