//go:build e2e

package e2e

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The checker reads a finished text as a reader would and derives each number of
// it again from what the evidence query of the published snapshot gives. It
// shares no code with the package that fills the numbers in.

var (
	quotedName = regexp.MustCompile(`“[^”]*”`)
	figure     = regexp.MustCompile(`[<>]?\d{4}-\d{2}-\d{2}|[<>]?\d+(?:\.\d+)?%?`)
	unitAfter  = regexp.MustCompile(`^ (?:comparable )?([a-z]+)`)
	nobody     = regexp.MustCompile(`(?i)\b(none|nobody|no one|not one) (of|among|out|from|uses|holds|has|is)\b|\b(by|colleagues?|people|holders?),? (none|nobody|no one)\b`)
)

// fieldsOf says which fields of a claim may stand before a word.
var fieldsOf = map[string][]string{
	"day": {"days", "covered_days", "days_held", "gap_days", "horizon_days", "age_days"}, "month": {"months"},
	"colleague": {"n"}, "peer": {"n"}, "people": {"n"}, "holder": {"holders"}, "attempt": {"failures"}, "group": {"count"}, "app": {"apps"},
}

// counts are the fields of numbers that stand for themselves.
var counts = []string{"k", "n", "active", "holders", "failures", "count"}

// untrue lists what a text says that the values, by "claim.field", do not bear
// out.
func untrue(text string, values map[string]any) (faults []string) {
	text = quotedName.ReplaceAllString(text, "“”")
	for _, sentence := range strings.SplitAfter(text, ". ") {
		if !someClaim(values, func(of map[string]any) bool { return told(sentence, of) }) {
			faults = append(faults, fmt.Sprintf("no claim has all the numbers of %q", strings.TrimSpace(sentence)))
		}
	}
	return faults
}

// someClaim reports whether what a sentence says holds of one claim: numbers of
// two claims in one sentence are a fault.
func someClaim(values map[string]any, holds func(map[string]any) bool) bool {
	claims := map[string]map[string]any{"": {}}
	for name, v := range values {
		claim, field, _ := strings.Cut(name, ".")
		if claims[claim] == nil {
			claims[claim] = map[string]any{}
		}
		claims[claim][field] = v
	}
	for _, of := range claims {
		if holds(of) {
			return true
		}
	}
	return false
}

// told reports whether a sentence is borne out by one claim's values.
func told(sentence string, of map[string]any) bool {
	for _, at := range figure.FindAllStringIndex(sentence, -1) {
		if !is(sentence[at[0]:at[1]], sentence[at[1]:], of) {
			return false
		}
	}
	if nobody.MatchString(sentence) && number(of["k"], 1) != 0 && number(of["active"], 1) != 0 && number(of["failures"], 0) == 0 {
		return false
	}
	return true
}

// is reports whether a figure, with what follows it, is one of the values.
func is(figure, after string, of map[string]any) bool {
	matches := func(fields []string, write func(any) string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return of[f] != nil && write(of[f]) == figure })
	}
	whole := func(v any) string { return strconv.FormatFloat(number(v, math.NaN()), 'f', -1, 64) }
	switch {
	case strings.HasSuffix(figure, "%"):
		return matches([]string{"share", "low", "high", "probability"}, func(v any) string { return percent(number(v, math.NaN())) }) ||
			matches([]string{"share"}, func(v any) string { return strconv.Itoa(int(math.RoundToEven(number(v, 0)*100))) + "%" })
	case strings.Count(figure, "-") == 2:
		return matches([]string{"effective", "first_day", "last_day", "last_use", "until", "since", "on"}, func(v any) string { return fmt.Sprintf("%.10s", v) })
	case strings.Contains(figure, "."):
		return matches([]string{"monthly_cost"}, func(v any) string { return strconv.FormatFloat(number(v, 0), 'f', 2, 64) })
	}
	if unit := unitAfter.FindStringSubmatch(after); unit != nil {
		if fields := fieldsOf[strings.TrimSuffix(unit[1], "s")]; fields != nil {
			return matches(fields, whole)
		}
	}
	return matches(counts, whole)
}

// percent writes a share as the text has it: never none and never all.
func percent(share float64) string {
	switch {
	case share < 0.01:
		return "<1%"
	case share > 0.99:
		return ">99%"
	}
	return strconv.FormatFloat(share*100, 'f', 0, 64) + "%"
}

func number(v any, otherwise float64) float64 {
	switch x := v.(type) {
	case float64:
		return x
	case string:
		if f, err := strconv.ParseFloat(x, 64); err == nil {
			return f
		}
	}
	return otherwise
}
