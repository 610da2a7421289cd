package export_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
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
		want := map[string]int{}
		for _, f := range flags {
			want[f.Type+f.Resource+f.User] = 1
		}
		got := map[string]int{}
		for _, b := range export.Batches(flags, maxUsers, maxResources) {
			if len(b.Users) > maxUsers || len(b.Resources) > maxResources || len(b.Users)*len(b.Resources) == 0 {
				t.Fatalf("%d users, %d resources", len(b.Users), len(b.Resources))
			}
			if !slices.IsSorted(b.Users) || !slices.IsSorted(b.Resources) || b.Part < 1 || b.Part > b.Parts {
				t.Fatalf("not in order: %+v", b)
			}
			for _, r := range b.Resources {
				for _, u := range b.Users {
					got[b.Type+r+u]++
				}
			}
			for _, f := range b.Flags {
				if got[f.Type+f.Resource+f.User] == 0 {
					t.Fatal("a batch carries the flag of another")
				}
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("pairs under review: %v\npairs flagged: %v", got, want)
		}
	}
}

func TestBatchesIgnoreOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 11))
	flags := randomFlags(random)
	shape := func() (shape []string) {
		for _, b := range export.Batches(flags, 4, 3) {
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
