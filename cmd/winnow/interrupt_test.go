package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// org is an Okta org whose log has two pages. While stuck is set, the second
// one never comes.
type org struct {
	*httptest.Server
	stuck   atomic.Bool
	waiting chan struct{}
}

func newOrg() *org {
	o := &org{waiting: make(chan struct{}, 1)}
	o.Server = httptest.NewServer(http.HandlerFunc(o.serve))
	return o
}

func (o *org) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	second := r.URL.Query().Get("after") != ""
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/v1/iam/"):
		_, _ = fmt.Fprint(w, `{"value":[]}`)
	case strings.HasPrefix(r.URL.Path, "/governance/"):
		_, _ = fmt.Fprint(w, `{"data":[]}`)
	case r.URL.Path != "/api/v1/logs":
		_, _ = fmt.Fprint(w, "[]")
	case !second:
		w.Header().Set("Link", fmt.Sprintf(`<%s/api/v1/logs?after=2>; rel="next"`, o.URL))
		_, _ = fmt.Fprintf(w, "[%s,%s]", event("e1"), event("e2"))
	case o.stuck.Load():
		o.waiting <- struct{}{}
		<-r.Context().Done()
	default:
		_, _ = fmt.Fprintf(w, "[%s]", event("e3"))
	}
}

func event(id string) string {
	return fmt.Sprintf(`{"uuid":%q,"published":"2026-08-31T10:00:00.000Z","eventType":"user.authentication.sso",
		"actor":{"id":"00u1","type":"User"},"outcome":{"result":"SUCCESS"},"target":[{"id":"0oa1","type":"AppInstance"}]}`, id)
}

// TestInterruptedRunResumes ends a run in the middle of a page with the signal
// that a scheduler sends, and starts it again: every event is there, once.
func TestInterruptedRunResumes(t *testing.T) {
	o := newOrg()
	defer o.Close()
	dir := t.TempDir()
	conf := fmt.Sprintf("sources:\n  okta: {type: okta, org_url: %q, api_token: \"${WINNOW_TEST_TOKEN}\"}\n", o.URL)
	if err := os.WriteFile(filepath.Join(dir, "winnow.yaml"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	o.stuck.Store(true)
	cmd, stderr := winnow(dir, "--as-of", "2026-09-01", "run")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-o.waiting
	if out, code := wait(winnow(dir, "--as-of", "2026-09-01", "mine")); code != exitFailed || !strings.Contains(out, fmt.Sprintf("process %d", cmd.Process.Pid)) {
		t.Errorf("a second job beside the first: status %d, %s", code, out)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if out, code := exited(cmd, stderr); code != exitFailed || !strings.Contains(out, "interrupted") {
		t.Errorf("the interrupted run: status %d, %s", code, out)
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	o.stuck.Store(false)
	if out, code := wait(winnow(dir, "--as-of", "2026-09-01", "run")); code != exitDone {
		t.Fatalf("the next run: status %d, %s", code, out)
	}
	query, _ := winnow(dir, "query", "--csv", "select sum(landed), sum(quarantined) from core.ingest_count where stream = 'system_log'")
	out, err := query.Output()
	if got := strings.Fields(string(out)); err != nil || len(got) != 2 || got[1] != "3,0" {
		t.Errorf("landed and quarantined = %q, %v; want 3 and 0", out, err)
	}
}

// winnow prepares one process. Its path was set by testscript.Main.
func winnow(dir string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command("winnow", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "WINNOW_TEST_TOKEN=not-a-secret")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	return cmd, &stderr
}

func wait(cmd *exec.Cmd, stderr *bytes.Buffer) (string, int) {
	if err := cmd.Start(); err != nil {
		return err.Error(), -1
	}
	return exited(cmd, stderr)
}

func exited(cmd *exec.Cmd, stderr *bytes.Buffer) (string, int) {
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err.Error(), -1
	}
	return stderr.String(), cmd.ProcessState.ExitCode()
}
