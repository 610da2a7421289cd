//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	script      = "peers/run.sh"
	unavailable = 3               // the script's exit status where a peer cannot be had
	installing  = 5 * time.Minute // longest time for npm
	starting    = time.Minute     // longest time until a peer answers
)

// installed installs the peers, once. It skips the test where they cannot be
// had.
func installed(t *testing.T) {
	t.Helper()
	if err := install(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == unavailable {
			t.Skip(err)
		}
		t.Fatal(err)
	}
}

var install = sync.OnceValue(func() error {
	ctx, cancel := context.WithTimeout(context.Background(), installing)
	defer cancel()
	var said bytes.Buffer
	c := exec.CommandContext(ctx, script, "install")
	c.Stderr = &said
	c.WaitDelay = time.Second // npm's own children may hold the pipe
	if err := c.Run(); err != nil {
		return fmt.Errorf("install the peers: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return nil
})

// start runs a peer until the test ends and returns the lines that it writes.
// What it complains of is shown where the test fails.
func start(t *testing.T, args ...string) (lines <-chan string) {
	t.Helper()
	installed(t)
	c := exec.Command(script, args...)
	var said bytes.Buffer
	c.Stderr = &said
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	read := make(chan string, 64)
	go func() {
		defer close(read)
		for s := bufio.NewScanner(out); s.Scan(); {
			select {
			case read <- s.Text():
			default: // nobody asks for more
			}
		}
	}()
	t.Cleanup(func() {
		_ = c.Process.Kill()
		for range read { // the pipe must be read to its end before Wait
		}
		_ = c.Wait()
		if t.Failed() && said.Len() > 0 {
			t.Logf("%s said: %s", args[0], said.String())
		}
	})
	return read
}

// emulator starts the Okta emulator on seeds and returns its address.
func emulator(t *testing.T, seeds any) string {
	t.Helper()
	port := freePort(t)
	start(t, "emulate", seedFile(t, seeds), port)
	base := "http://127.0.0.1:" + port
	ctx, cancel := context.WithTimeout(t.Context(), starting)
	defer cancel()
	for {
		if _, err := get(ctx, base+"/api/v1/users", "SSWS t1"); err == nil {
			return base
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the emulator did not answer within %s", starting)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// provider starts a SCIM provider on seeds, which allows pages of page
// resources, and returns its address.
func provider(t *testing.T, seeds any, token, page string) string {
	t.Helper()
	select {
	case port, ok := <-start(t, "scimmy", seedFile(t, seeds), token, page):
		if !ok {
			t.Fatal("the provider ended before it had a port")
		}
		return "http://127.0.0.1:" + port + "/scim/v2"
	case <-time.After(starting):
		t.Fatalf("the provider had no port within %s", starting)
	}
	return ""
}

// freePort returns a port that was free a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// seedFile writes seeds as JSON, of which YAML is a superset.
func seedFile(t *testing.T, seeds any) string {
	t.Helper()
	b, err := json.Marshal(seeds)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "seeds.json")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// get is a plain request, without winnow's client, for a list in JSON.
func get(ctx context.Context, url, credential string) ([]json.RawMessage, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", credential)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		return nil, err
	}
	if a.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s: %s", url, a.Status, body)
	}
	var items []json.RawMessage
	return items, json.Unmarshal(body, &items)
}

// bare sends requests without their credential.
type bare struct{}

// RoundTrip implements http.RoundTripper.
func (bare) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Del("Authorization")
	return http.DefaultTransport.RoundTrip(r)
}
