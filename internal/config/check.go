package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// checkTag holds a decoded field against its tags: min and max (inclusive),
// oneof and kind.
func (f *faults) checkTag(field reflect.StructField, v reflect.Value, path string, node ast.Node) {
	text, ok := textOf(node)
	if !ok {
		return // already a fault, or not a scalar
	}
	if one := field.Tag.Get("oneof"); one != "" && !slices.Contains(strings.Split(one, ","), text) {
		f.add(path, text, "must be one of "+strings.ReplaceAll(one, ",", ", "), "")
	}
	if lo, hi := field.Tag.Get("min"), field.Tag.Get("max"); lo != "" && !inRange(v, lo, hi) {
		f.add(path, text, fmt.Sprintf("must lie between %s and %s", lo, hi), "")
	}
	if field.Tag.Get("kind") == "url" {
		f.checkURL(path, text)
	}
}

func inRange(v reflect.Value, lo, hi string) bool {
	x := 0.0
	switch {
	case v.CanInt():
		x = float64(v.Int())
	case v.CanFloat():
		x = v.Float()
	}
	low, errLow := strconv.ParseFloat(lo, 64)
	high, errHigh := strconv.ParseFloat(hi, 64)
	return errLow == nil && errHigh == nil && x >= low && x <= high
}

// checkURL demands an absolute https URL. Plain http is for this machine only,
// since a bearer token travels with every request.
func (f *faults) checkURL(path, text string) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		f.add(path, "", "must be a URL such as https://example.okta.com", "")
	case u.User != nil:
		f.add(path, u.Redacted(), "must not carry a user name or password", "")
	case u.RawQuery != "" || u.Fragment != "":
		f.add(path, u.Redacted(), "must not carry a query or fragment", "")
	case u.Scheme == "http" && !loopback(u.Hostname()) && !strings.HasPrefix(path, "llm."):
		f.add(path, text, "must use https", "http is accepted for 127.0.0.1, ::1 and localhost only")
	case u.Scheme != "https" && u.Scheme != "http":
		f.add(path, text, "must use https", "")
	}
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

var memoryLimit = regexp.MustCompile(`(?i)^[0-9]+(\.[0-9]+)? ?(%|[kmgt]i?b)$`)

// PeerAttributes are the attributes of a worker that may form peer groups.
var PeerAttributes = []string{"department", "title", "location"}

// check looks at what concerns more than one key.
func (f *faults) check(c *Config) {
	if c.DataDir == "" {
		f.add("data_dir", "", "must name a folder", "")
	}
	if c.MemoryLimit != "" && !memoryLimit.MatchString(c.MemoryLimit) {
		f.add("memory_limit", c.MemoryLimit, "must be a size such as 2GB", "")
	}
	if len(c.Sources) == 0 {
		f.add("sources", "", "must name at least one source", "")
	}
	for _, s := range c.Sources {
		f.checkSource(s)
	}
	for i, p := range c.Peers {
		if path := fmt.Sprintf("peers.%d", i+1); !slices.Contains(PeerAttributes, p) {
			f.add(path, p, "must be one of "+strings.Join(PeerAttributes, ", "), "")
		} else if slices.Contains(c.Peers[:i], p) {
			f.add(path, p, "is given twice", "")
		}
	}
	f.checkSoD(c.Policy.SoD)
	f.checkApply(c.Apply)
	f.checkRollout(c.Export)
	f.checkCustomData(c)
	f.checkPackages(c)
	f.checkReview(c, "okta_campaign", "okta", c.Export.OktaCampaign)
	f.checkReview(c, "entra_review", "entra", c.Export.EntraReview)
	if c.LLM.Provider == "ollama" && c.LLM.Model == "" {
		f.add("llm.model", "", "must name the model", "for instance the name that ollama list shows")
	}
}

// nearest suggests the known key that a typing error may have meant.
func nearest(t reflect.Type, key string) string {
	best, least := "", 3
	var known []string
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("yaml")
		if tag == "" || tag == "-" {
			continue
		}
		known = append(known, tag)
		if d := distance(tag, key); d < least {
			best, least = tag, d
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "known keys are " + strings.Join(known, ", ")
}

// distance is Levenshtein's.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
