package mining_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/internal/yardstick"
	"winnow/mining"
)

// BenchmarkIngest compares what ingest costs (verify, read, deduplicate,
// encode, roll up) with a bare read of the same sealed segments and with
// decoding them by encoding/json, in processor time of this process. The size
// is WINNOW_BENCH_EVENTS, 100,000 by default; events have about 2.4 KB.
func BenchmarkIngest(b *testing.B) {
	n := 100_000
	if s := os.Getenv("WINNOW_BENCH_EVENTS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	dir := b.TempDir()
	lk, raw := sealLog(b, dir, n, max(2, n/100_000))
	b.ReportMetric(float64(raw)/float64(n), "B/event")
	var bare, ingest, decode []float64
	for b.Loop() { // alternating, so that a busy moment weighs on both
		for range rounds(n) {
			bare = append(bare, yardstick.CPU(func() { bareRead(b, lk) }).Seconds())
			ingest = append(ingest, yardstick.CPU(func() { encodeLog(b, lk, dir) }).Seconds())
		}
		decode = append(decode, yardstick.CPU(func() { decodeLog(b, lk, max(1, n/100_000)) }).Seconds())
	}
	b.ReportMetric(median(bare), "bare-cpu-s")
	b.ReportMetric(median(ingest), "ingest-cpu-s")
	b.ReportMetric(median(ingest)/median(bare), "ingest/bare")
	b.ReportMetric(median(ingest)/(median(decode)*float64(max(1, n/100_000))), "ingest/encoding-json")
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err == nil {
		b.ReportMetric(float64(r.Maxrss)/1024, "peak-MiB")
	}
}

// rounds is how often the compared things are measured in turn: of millions of
// events, whose noise evens out, once.
func rounds(n int) int {
	if n > 2_000_000 {
		return 1
	}
	return 5
}

// median returns the middle of the values.
func median(v []float64) float64 {
	sorted := slices.Sorted(slices.Values(v))
	return sorted[len(sorted)/2]
}

// reread says how often an event is served again: after an interruption the last
// hour of a day is read once more, on one day in five.
func reread(day, i, perDay int) int {
	if day%5 == 1 && i >= perDay*23/24 {
		return 1
	}
	return 0
}

// sealLog lands n invented System Log events over the days.
func sealLog(b *testing.B, dir string, n, days int) (*lake.Lake, int64) {
	b.Helper()
	lk, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 7))
	var raw int64
	perDay := n / days
	for d := range days {
		batch, err := lk.Begin(lake.Manifest{Source: "okta", Stream: "system_log", Pull: fmt.Sprintf("p%06d", d+1), Events: true})
		if err != nil {
			b.Fatal(err)
		}
		at := asOf.AddDate(0, 0, d-days)
		for i := range perDay {
			line := logEvent(rng, at.Add(time.Duration(i)*24*time.Hour/time.Duration(perDay)), d*perDay+i)
			for range 1 + reread(d, i, perDay) {
				raw += int64(len(line))
				if err := batch.Append(access.DayOf(at), line, ""); err != nil {
					b.Fatal(err)
				}
			}
		}
		if _, err := batch.Seal(func(m *lake.Manifest) { m.Complete = true }); err != nil {
			b.Fatal(err)
		}
	}
	return lk, raw
}

// logEvent writes one event of the size and nesting of the platform's own.
func logEvent(rng *rand.Rand, at time.Time, i int) []byte {
	user, app := rng.IntN(2000), rng.IntN(120)
	kind := []string{"user.authentication.sso", "user.authentication.sso", "policy.evaluate_sign_on", "user.session.start", "user.authentication.auth_via_mfa"}[rng.IntN(5)]
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"actor":{"id":"00u%017d","type":"User","alternateId":"person%d@acme.example","displayName":"Person %d","detailEntry":null},`, user, user, user)
	fmt.Fprintf(&b, `"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36","os":"Linux","browser":"CHROME"},"zone":"null","device":"Computer","id":null,"ipAddress":"198.51.100.%d","geographicalContext":{"city":"Lisbon","state":"Lisboa","country":"Portugal","postalCode":"1000","geolocation":{"lat":38.7,"lon":-9.1}}},`, rng.IntN(255))
	fmt.Fprintf(&b, `"device":null,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":"ext%022x"},"displayMessage":"User single sign on to app","eventType":"%s","outcome":{"result":"SUCCESS","reason":null},`, rng.Uint64(), kind)
	fmt.Fprintf(&b, `"published":"%s","securityContext":{"asNumber":64500,"asOrg":"example net","isp":"example isp","domain":"example.net","isProxy":false},"severity":"INFO","debugContext":{"debugData":{"requestId":"%x","dtHash":"%x%x%x%x","initiationType":"SP_INITIATED","requestUri":"/app/acme/exk%d/sso/saml","signOnMode":"SAML 2.0","threatSuspected":"false","url":"/app/acme/exk%d/sso/saml?RelayState=%s","behaviors":"{New Geo-Location=NEGATIVE, New Device=NEGATIVE, New IP=NEGATIVE, New State=NEGATIVE, New Country=NEGATIVE, Velocity=NEGATIVE, New City=NEGATIVE}","risk":"{level=LOW}","logOnlySecurityData":"{\"risk\":{\"level\":\"LOW\"},\"behaviors\":{\"New Geo-Location\":\"NEGATIVE\",\"New Device\":\"NEGATIVE\",\"New IP\":\"NEGATIVE\"}}"}},`,
		at.UTC().Format("2006-01-02T15:04:05.000Z"), rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64(), app, app, strings.Repeat("x", 300+rng.IntN(100)))
	fmt.Fprintf(&b, `"legacyEventType":"app.auth.sso","transaction":{"type":"WEB","id":"%x","detail":{}},"uuid":"%08x-0000-11f0-a000-%012x","version":"0","request":{"ipChain":[{"ip":"198.51.100.7","geographicalContext":{"city":"Lisbon","state":"Lisboa","country":"Portugal","postalCode":"1000","geolocation":{"lat":38.7,"lon":-9.1}},"version":"V4","source":null}]},`, rng.Uint64(), i, i)
	fmt.Fprintf(&b, `"target":[{"id":"0oa%017d","type":"AppInstance","alternateId":"App %d","displayName":"App %d","detailEntry":{"signOnModeType":"SAML_2_0"}},{"id":"0ua%017d","type":"AppUser","alternateId":"person%d@acme.example","displayName":"Person %d","detailEntry":null}]}`, app, app, app, user*200+app, user, user)
	return b.Bytes()
}

// segments lists the sealed files of the log.
func segments(b *testing.B, lk *lake.Lake) (out []string) {
	b.Helper()
	manifests, err := lk.Manifests(lake.StreamID{Source: "okta", Stream: "system_log"})
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range manifests {
		for _, s := range m.Segments {
			out = append(out, filepath.Join(lk.Dir, s.Path))
		}
	}
	return out
}

// bareRead touches the fields that the landing model reads, and nothing more.
func bareRead(b *testing.B, lk *lake.Lake) {
	b.Helper()
	n, err := yardstick.Bare(b.Context(), store.Options{}, segments(b, lk)...)
	if err != nil || n == 0 {
		b.Fatal(n, err)
	}
}

// encodeLog runs the product's own encoding and roll-up from nothing.
func encodeLog(b *testing.B, lk *lake.Lake, dir string) {
	b.Helper()
	ctx := context.Background()
	for _, derived := range []string{"event", "usage_day", "change"} {
		if err := os.RemoveAll(filepath.Join(lk.Dir, derived)); err != nil {
			b.Fatal(err)
		}
	}
	db, err := store.Open(ctx, "", store.Options{TempDir: filepath.Join(dir, "spill")})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	e := &mining.Encoder{Lake: lk, DB: conn, Pool: db, Types: map[access.SourceName]string{"okta": "okta"}}
	rolled := yardstick.CPU(func() {
		if _, err := e.Encode(ctx); err != nil {
			b.Fatal(err)
		}
	})
	b.ReportMetric(rolled.Seconds(), "encode-cpu-s")
	if _, err := e.RollUp(ctx); err != nil {
		b.Fatal(err)
	}
}

// decodeLog decodes the events of one segment in every with encoding/json into
// the fields alone.
func decodeLog(b *testing.B, lk *lake.Lake, every int) {
	b.Helper()
	for i, path := range segments(b, lk) {
		if i%every != 0 {
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		z, err := zstd.NewReader(f)
		if err != nil {
			b.Fatal(err)
		}
		dec := json.NewDecoder(z)
		for {
			var e struct {
				UUID, Published, EventType, LegacyEventType string
				Actor                                       struct{ ID, Type, AlternateID string }
				Outcome                                     struct{ Result string }
				Target                                      []struct{ ID, Type string }
			}
			if err := dec.Decode(&e); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
		z.Close()
		f.Close()
	}
}
