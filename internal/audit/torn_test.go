package audit

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// newest returns the path and the bytes of the newest file of a chain.
func newest(t testing.TB, dir string) (string, []byte) {
	t.Helper()
	files, err := months(dir)
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	path := filepath.Join(dir, files[len(files)-1])
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, b
}

// A last line that is torn anywhere is told, mended by the next writer with an
// entry of its own, and stays in the file byte for byte, once and again.
func TestTornLine(t *testing.T) {
	_, dir := chain(t, 25)
	path, whole := newest(t, dir)
	start := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for cut := start; cut <= len(whole)-1; cut++ {
		torn := whole[:cut]
		if err := os.WriteFile(path, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		if cut > start {
			if r := verify(t, dir, false); r.Fault.Reason != "is cut short" || r.Fault.Seq != 25 {
				t.Fatalf("cut at %d: %v", cut, r.Fault)
			}
		}
		l, err := Open(dir, clock())
		if err != nil {
			t.Fatal(err)
		}
		add(t, l, fact(1))
		_, b := newest(t, dir)
		if !bytes.HasPrefix(b, torn) {
			t.Fatal("what was torn is gone")
		}
		mends := min(1, cut-start)
		if r := verify(t, dir, true); r.Mends != mends {
			t.Fatalf("cut at %d: %d mends, want %d", cut, r.Mends, mends)
		}
		if cut%7 > 0 { // torn again while it was mended
			continue
		}
		if err := os.WriteFile(path, b[:cut+1+(len(b)-cut)/3], 0o600); err != nil {
			t.Fatal(err)
		}
		verify(t, dir, false)
		add(t, l, fact(2), fact(3))
		if r := verify(t, dir, true); r.Mends != 1 {
			t.Fatalf("cut at %d and again: %d mends", cut, r.Mends)
		}
	}
}

// The very first line can be torn, a power failure can leave zeros, and what a
// mend does not account for is no mend.
func TestTornOddly(t *testing.T) {
	l, dir := chain(t, 1)
	path, whole := newest(t, dir)
	for _, torn := range [][]byte{whole[:40], append(bytes.Clone(whole), make([]byte, 4096)...), []byte("\n\n"), append(bytes.Clone(whole), "x\ny\nz"...)} {
		if err := os.WriteFile(path, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		verify(t, dir, false)
		add(t, l, fact(1))
		if r := verify(t, dir, true); r.Mends != 1 {
			t.Errorf("%q: %d mends", torn, r.Mends)
		}
		_, b := newest(t, dir)
		forged := bytes.Replace(b, torn, append([]byte("x"), torn[1:]...), 1)
		if err := os.WriteFile(path, forged, 0o600); err != nil {
			t.Fatal(err)
		}
		verify(t, dir, false)
	}
}

// The first line of a month can be torn, and a month's file be empty: the chain
// goes on from the month before.
func TestTornMonth(t *testing.T) {
	for _, size := range []int64{0, 1, 50} {
		_, dir := chain(t, 25)
		path, _ := newest(t, dir)
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		before := verify(t, dir, size == 0)
		l, err := Open(dir, clock())
		if err != nil {
			t.Fatal(err)
		}
		add(t, l, fact(1))
		if r := verify(t, dir, true); r.Mends != int(min(size, 1)) || r.Entries != before.Entries+int64(r.Mends)+1 {
			t.Errorf("%d bytes left: %+v after %+v", size, r, before)
		}
	}
}

// killed, in the environment of a child process, lets it append to the chain in
// its working folder until it is killed.
const killed = "WINNOW_AUDIT_KILLED"

// A process that is killed while it writes leaves a chain on which the next one
// goes on; whatever it said that it had entered is there.
func TestKilled(t *testing.T) {
	if os.Getenv(killed) != "" {
		appendForever("audit")
		return
	}
	home, mends := t.TempDir(), 0
	dir := filepath.Join(home, "audit")
	for round := range 6 {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestKilled$")
		cmd.Dir, cmd.Env = home, append(os.Environ(), killed+"=1")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(40+round*17)*time.Millisecond, func() { _ = cmd.Process.Kill() })
		said := int64(0)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if n, err := strconv.ParseInt(lines.Text(), 10, 64); err == nil {
				said = n
			}
		}
		timer.Stop()
		_ = cmd.Wait() // it was killed
		l, err := Open(dir, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		add(t, l, Fact{Kind: Run, State: "begun"})
		r := verify(t, dir, true)
		if r.Entries <= said {
			t.Fatalf("%d entries, and it said %d", r.Entries, said)
		}
		mends = r.Mends
	}
	t.Logf("%d torn lines", mends)
}

// appendForever enters batches and says how far it came.
func appendForever(dir string) {
	l, err := Open(dir, time.Now)
	if err != nil {
		panic(err)
	}
	facts := make([]Fact, 400)
	for i := range facts {
		facts[i] = fact(i)
	}
	for {
		out, err := l.Append(facts...)
		if err != nil {
			panic(err)
		}
		_, _ = os.Stdout.WriteString(strconv.FormatInt(out[len(out)-1].Seq, 10) + "\n")
	}
}
