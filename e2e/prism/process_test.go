//go:build prism

package prism

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	script      = "./run.sh"
	unavailable = 3               // the script's exit status where prism cannot be had
	installing  = 5 * time.Minute // longest time for npm
	starting    = 2 * time.Minute // longest time until prism answers
)

var install = sync.OnceValue(func() error {
	ctx, cancel := context.WithTimeout(context.Background(), installing)
	defer cancel()
	var said bytes.Buffer
	c := exec.CommandContext(ctx, script, "install")
	c.Stderr, c.WaitDelay = &said, time.Second // npm's own children may hold the pipe
	if err := c.Run(); err != nil {
		return fmt.Errorf("install prism: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return nil
})

// installed installs prism, once, and skips the test where it cannot be had.
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

// start runs a proxy until the test ends, and waits in the background until it
// answers.
func start(t *testing.T, wait *sync.WaitGroup, spec, upstream, port string) {
	t.Helper()
	c := exec.Command(script, spec, upstream, port)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = c.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = c.Process.Kill()
		<-ended
		if t.Failed() && said.Len() > 0 {
			t.Logf("prism on %s said: %s", spec, said.String())
		}
	})
	wait.Go(func() {
		for deadline := time.Now().Add(starting); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
			if conn, err := net.Dial("tcp", "127.0.0.1:"+port); err == nil {
				_ = conn.Close()
				return
			}
			select {
			case <-ended:
				t.Errorf("prism ended before it answered: %s", spec)
				return
			default:
			}
		}
		t.Errorf("prism did not answer within %s: %s", starting, spec)
	})
}

// freePort returns a port that was free a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func address(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
