package export_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"winnow/export"
	"winnow/export/internal/sample"
)

// TestBatchesAreExact draws random pairs and checks the promise of a batch: its
// users times its resources are flagged pairs, each of all pairs is in exactly
// one batch, and no limit is passed.
func TestBatchesAreExact(t *testing.T) {
	const maxUsers, maxResources = 4, 3
	random := rand.New(rand.NewPCG(3, 7))
	for range 200 {
		flags := randomFlags(random)
		l := export.Limits{Users: maxUsers, Resources: maxResources}
		exactly(t, flags, export.Batches(flags, l), l)
	}
}

func TestBatchesIgnoreOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 11))
	flags := randomFlags(random)
	shape := func() (shape []string) {
		for _, b := range export.Batches(flags, export.Limits{Users: 4, Resources: 3}) {
			shape = append(shape, fmt.Sprint(b.Type, b.Resources, b.Users, b.Part, b.Parts))
		}
		return shape
	}
	want := shape()
	for range 20 {
		random.Shuffle(len(flags), func(i, j int) { flags[i], flags[j] = flags[j], flags[i] })
		if got := shape(); !slices.Equal(got, want) {
			t.Fatalf("%v\n%v", got, want)
		}
	}
}

// randomFlags draws few users and resources, so that equal sets of users occur.
func randomFlags(random *rand.Rand) []export.Flag {
	flags := make([]export.Flag, 0, 40)
	for range random.IntN(40) {
		user, resource := fmt.Sprintf("u%d", random.IntN(7)), fmt.Sprintf("r%d", random.IntN(6))
		flags = append(flags, export.Flag{
			Recommendation: sample.Revoke("okta", user, resource, "group", resource),
			User:           user, Resource: resource, Type: []string{"GROUP", "APPLICATION"}[random.IntN(2)],
		})
	}
	return flags
}
