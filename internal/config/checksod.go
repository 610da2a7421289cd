package config

import (
	"fmt"
	"slices"
)

// checkSoD looks at the rules of separation of duties. A rule that can match
// nothing, or that two findings would share a name with, is a fault.
func (f *faults) checkSoD(rules []SoD) {
	for i, r := range rules {
		path := fmt.Sprintf("policy.sod.%d", i+1)
		if r.Name == "" {
			f.add(path, "", "has no name", "findings are told by it")
		} else if slices.ContainsFunc(rules[:i], func(o SoD) bool { return o.Name == r.Name }) {
			f.add(path+".name", r.Name, "is given twice", "")
		}
		f.checkSide(path, "left", r.Left)
		f.checkSide(path, "right", r.Right)
		for j, p := range r.Right {
			if p != "" && slices.Contains(r.Left, p) {
				f.add(fmt.Sprintf("%s.right.%d", path, j+1), p, "stands on the left side too", "nothing is in conflict with itself")
			}
		}
	}
}

// checkSide looks at the patterns of one side.
func (f *faults) checkSide(path, side string, patterns []string) {
	if len(patterns) == 0 {
		f.add(path, "", "names no entitlement under "+side, "entitlement ids or names; * and ? are wildcards")
	}
	for i, p := range patterns {
		if p == "" {
			f.add(fmt.Sprintf("%s.%s.%d", path, side, i+1), "", "must not be empty", "")
		}
	}
}
