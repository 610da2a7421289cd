package acceptance_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/okta"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/internal/yardstick"
)

// logServer, in the environment of a child process, lets it serve a log of that
// many events instead of running tests: what serving costs is then not counted
// as what pulling costs.
const logServer = "WINNOW_BENCH_SERVE"

// logDays is the number of days that the served log spans.
const logDays = 10

// BenchmarkPull compares what it costs to pull a System Log from a local server
// into sealed segments with a bare read of those segments, in processor time of
// this process, and tells the memory that the pull took. The number of events is WINNOW_BENCH_EVENTS, 100,000 by default.
func BenchmarkPull(b *testing.B) {
	if n, err := strconv.Atoi(os.Getenv(logServer)); err == nil {
		serveLog(n)
		return
	}
	n := 100_000
	if v, err := strconv.Atoi(os.Getenv("WINNOW_BENCH_EVENTS")); err == nil {
		n = v
	}
	url := startLog(b, n)
	var peak float64
	for b.Loop() {
		dir := b.TempDir()
		pull := yardstick.CPU(func() { pullLog(b, dir, url, n) })
		if peak == 0 {
			peak = peakMiB(b) // the bare read takes more than the pull
		}
		bare := yardstick.CPU(func() { bareRead(b, dir, n) })
		b.ReportMetric(pull.Seconds(), "pull-cpu-s")
		b.ReportMetric(bare.Seconds(), "bare-cpu-s")
		b.ReportMetric(pull.Seconds()/bare.Seconds(), "pull/bare")
	}
	b.ReportMetric(peak, "peak-MiB")
}

// peakMiB is the most memory that this process has held until now.
func peakMiB(b *testing.B) float64 {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return float64(r.Maxrss) / 1024
}

// startLog starts the child and returns its address.
func startLog(b *testing.B, n int) string {
	b.Helper()
	child := exec.Command(os.Args[0], "-test.run", "^$", "-test.bench", "^BenchmarkPull$", "-test.benchtime", "1x")
	child.Env = append(os.Environ(), logServer+"="+strconv.Itoa(n))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := child.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _, _ = child.Process.Kill(), child.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), "serving "); ok {
			return url
		}
	}
	b.Fatal("the server did not start")
	return ""
}

// serveLog serves n events by pages of a thousand, oldest first, until it is
// killed.
func serveLog(n int) {
	start := logEnd.AddDate(0, 0, -logDays)
	step := logDays * 24 * time.Hour / time.Duration(n)
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, _ := strconv.Atoi(r.URL.Query().Get("after"))
		to := min(n, from+1000)
		var page bytes.Buffer
		page.WriteByte('[')
		for i := from; i < to; i++ {
			if i > from {
				page.WriteByte(',')
			}
			writeEvent(&page, start.Add(time.Duration(i)*step), i)
		}
		page.WriteByte(']')
		w.Header().Set("Content-Type", "application/json")
		if to > from {
			w.Header().Add("Link", fmt.Sprintf(`<%s/api/v1/logs?after=%d&limit=1000>; rel="next"`, server.URL, to))
		}
		_, _ = w.Write(page.Bytes())
	}))
	fmt.Println("serving " + server.URL)
	select {}
}

// logEnd is the instant at which the served log ends.
var logEnd = time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)

// writeEvent writes one sign-on of the platform's usual size.
func writeEvent(w *bytes.Buffer, at time.Time, i int) {
	user, app := i*7919%2000, i*104729%120
	fmt.Fprintf(w, `{"actor":{"id":"00u%017d","type":"User","alternateId":"person%d@acme.example","displayName":"Person %d","detailEntry":null},"published":"%s","uuid":"%08x-0000-11f0-a000-%012x",`,
		user, user, user, at.Format("2006-01-02T15:04:05.000Z"), i*2654435761%4294967296, i)
	fmt.Fprintf(w, `"target":[{"id":"0oa%017d","type":"AppInstance","alternateId":"App %d","displayName":"App %d","detailEntry":{"signOnModeType":"SAML_2_0"}},{"id":"0ua%017d","type":"AppUser","alternateId":"person%d@acme.example","displayName":"Person %d","detailEntry":null}],`,
		app, app, app, user*200+app, user, user)
	w.WriteString(restOfEvent)
}

// restOfEvent is what the events have in common.
var restOfEvent = `"eventType":"user.authentication.sso","legacyEventType":"app.auth.sso","outcome":{"result":"SUCCESS","reason":null},` +
	`"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36","os":"Linux","browser":"CHROME"},"zone":"null","device":"Computer","id":null,"ipAddress":"198.51.100.7","geographicalContext":{"city":"Lisbon","state":"Lisboa","country":"Portugal","postalCode":"1000","geolocation":{"lat":38.7,"lon":-9.1}}},` +
	`"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":"ext1"},"displayMessage":"User single sign on to app","severity":"INFO","version":"0",` +
	`"debugContext":{"debugData":{"initiationType":"SP_INITIATED","signOnMode":"SAML 2.0","threatSuspected":"false","url":"/app/acme/sso/saml?RelayState=` + strings.Repeat("x", 900) + `","risk":"{level=LOW}"}},` +
	`"securityContext":{"asNumber":64500,"asOrg":"example net","isp":"example isp","domain":"example.net","isProxy":false},"transaction":{"type":"WEB","id":"t","detail":{}},"request":{"ipChain":[{"ip":"198.51.100.7","geographicalContext":null,"version":"V4","source":null}]}}`

// onlyLog is an org of which nothing but the log is pulled.
type onlyLog struct{ *okta.Source }

func (s onlyLog) Streams() []ingest.Stream {
	for _, stream := range s.Source.Streams() {
		if stream.Name == okta.SystemLog {
			return []ingest.Stream{stream}
		}
	}
	return nil
}

// pullLog pulls the whole log into a new lake.
func pullLog(b *testing.B, dir, url string, n int) {
	b.Helper()
	lk, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		b.Fatal(err)
	}
	src, err := okta.New(okta.Config{OrgURL: url, APIToken: token})
	if err != nil {
		b.Fatal(err)
	}
	reports, err := ingest.Pull(context.Background(), lk, "okta", onlyLog{src}, ingest.Options{AsOf: logEnd})
	if err != nil {
		b.Fatal(err)
	}
	if len(reports) != 1 || reports[0].Landed != int64(n) {
		b.Fatalf("the log was not landed whole: %+v", reports)
	}
}

// bareRead touches the fields that the landing model reads, and nothing more.
func bareRead(b *testing.B, dir string, n int) {
	b.Helper()
	read, err := yardstick.Bare(context.Background(), store.Options{}, filepath.Join(dir, "lake/landed/okta/system_log/*/*.zst"))
	if err != nil || read != int64(n) {
		b.Fatal(read, err)
	}
}
