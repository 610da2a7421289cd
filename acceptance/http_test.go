package acceptance_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/fake/entra"
	"winnow/internal/fake/okta"
)

// What a folder of saved answers says and what the platforms' APIs say is the
// same where the answers are. Entra allows five requests for a log in ten
// seconds, and a month has three logs of thirty days: the test mostly waits.
func TestFolderAndHTTPPublishTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("asks the logs of a month at the pace that Entra allows")
	}
	t.Parallel()
	saved, live := firstNight(t).beside(t), firstNight(t).beside(t)
	for _, p := range []place{saved, live} { // an API vouches for no days but those that it is asked for
		for _, name := range []string{"okta/coverage.ndjson", "entra/coverage.ndjson"} {
			if err := os.Remove(filepath.Join(p.dir, name)); err != nil {
				t.Fatal(err)
			}
		}
	}

	org, err := okta.New(filepath.Join(live.dir, "okta"), okta.Options{APIToken: token})
	if err != nil {
		t.Fatal(err)
	}
	graph, err := entra.New(filepath.Join(live.dir, "entra"), entra.Options{AccessToken: token})
	if err != nil {
		t.Fatal(err)
	}
	orgServer, graphServer := httptest.NewServer(org), httptest.NewServer(graph)
	defer orgServer.Close()
	defer graphServer.Close()
	live.write(t, "winnow.yaml", strings.NewReplacer(
		"{type: okta, dir: okta}", fmt.Sprintf(`{type: okta, org_url: %q, api_token: "${WINNOW_ACCEPTANCE_TOKEN}"}`, orgServer.URL),
		"{type: entra, dir: entra}", fmt.Sprintf(`{type: entra, graph_url: %q, access_token: "${WINNOW_ACCEPTANCE_TOKEN}"}`, graphServer.URL),
	).Replace(configuration))
	live.night(t, yesterday, 0)
	if graph.Requests() == 0 || org.Asked("/api/v1/logs") == 0 {
		t.Error("the platforms were not asked")
	}
	saved.keepEmpty(t, live.report(t))
	saved.night(t, yesterday, 0)
	same(t, saved, live)
}

// keepEmpty saves the answers that were empty lists as whoever saves answers
// would: in empty files.
func (p place) keepEmpty(t *testing.T, r report) {
	t.Helper()
	for _, s := range r.Streams {
		if s.Status != "done" || s.Served > 0 {
			continue
		}
		files, err := filepath.Glob(filepath.Join(p.dir, s.Source, s.Stream+".*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			p.write(t, s.Source+"/"+s.Stream+".ndjson", "")
		}
	}
}
