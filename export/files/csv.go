package files

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"winnow/internal/access"
)

// columns are the header of the CSV file. They are the names of the table's
// columns; the first ones are those that a person reads.
var columns = []string{
	"recommendation_id", "as_of", "action", "confidence", "score",
	"identity_name", "entitlement_name", "entitlement_kind", "source", "rationale", "reason_codes",
	"risk", "reviewer", "manager", "owner", "export_from",
	"identity_id", "account_id", "entitlement_id", "claims", "removability",
	"drafted_by", "guard", "run_id", "evidence_hash", "evidence_query",
}

// CSV returns the recommendations as RFC 4180 asks: fields parted by commas,
// lines ended by CR LF, UTF-8 without a byte order mark, a header. A cell that a
// spreadsheet would take for a formula begins with an apostrophe.
func CSV(recs []access.Recommendation) ([]byte, error) {
	var b bytes.Buffer
	writeLine(&b, columns)
	for _, r := range recs {
		cells, err := row(r)
		if err != nil {
			return nil, fmt.Errorf("write recommendation %s as CSV: %w", r.RecommendationID, err)
		}
		writeLine(&b, cells)
	}
	return b.Bytes(), nil
}

// row lists the cells in the order of columns. Names are made printable: the JSON
// and the Parquet file have them as served.
func row(r access.Recommendation) ([]string, error) {
	claims, err := access.CanonicalJSON(listed(r.Claims))
	if err != nil {
		return nil, err
	}
	codes := make([]string, 0, len(r.ReasonCodes))
	for _, c := range r.ReasonCodes {
		codes = append(codes, string(c))
	}
	return []string{
		r.RecommendationID, r.AsOf.UTC().Format(time.RFC3339), string(r.Action), string(r.Confidence),
		strconv.FormatFloat(r.Score, 'f', -1, 64),
		access.Printable(r.IdentityName), access.Printable(r.EntitlementName), r.EntitlementKind, string(r.Source),
		r.Rationale, strings.Join(codes, " "),
		r.Risk, access.Printable(r.Reviewer), access.Printable(r.Manager), access.Printable(r.Owner), string(r.ExportFrom),
		r.IdentityID, r.AccountID, r.EntitlementID, string(claims), string(r.Removability),
		r.DraftedBy, r.Guard, r.RunID, r.EvidenceHash, r.EvidenceQuery,
	}, nil
}

func writeLine(b *bytes.Buffer, cells []string) {
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(quoted(Neutral(cell)))
	}
	b.WriteString("\r\n")
}

// starts are what a spreadsheet takes for the start of a formula, or passes over
// before one. The full-width forms count too, since some spreadsheets fold them,
// and the minus sign and the small forms that look like them.
const starts = "=+-@|%＝＋－＠﹦﹢﹣﹫−\t\r\n\v\f\u0085\u2028\u2029\ufeff"

// later finds the start of a formula behind what some spreadsheets take for the
// end of a cell: where commas are decimal signs, cells end at semicolons.
var later = regexp.MustCompile("([;\t\r\n])([ \u00a0\"]*)([=+\\-@＝＋－＠﹦﹢﹣﹫−])")

// Neutral puts an apostrophe before what a spreadsheet would run as a formula:
// names come from directories that strangers can write. White space at the
// start does not hide a formula.
func Neutral(cell string) string {
	cell = later.ReplaceAllString(cell, "$1$2'$3")
	if first := strings.TrimLeftFunc(cell, func(r rune) bool { return unicode.IsSpace(r) && !strings.ContainsRune(starts, r) }); first != "" &&
		strings.ContainsRune(starts, []rune(first)[0]) {
		return "'" + cell
	}
	return cell
}

// quoted sets a cell in quotes where it holds what parts cells or lines, or
// white space at an end, which some readers take away.
func quoted(cell string) string {
	if !strings.ContainsAny(cell, ",\"\r\n") && strings.TrimSpace(cell) == cell {
		return cell
	}
	return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
}
