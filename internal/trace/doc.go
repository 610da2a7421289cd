// Package trace walks from a fact back to the bytes on which it rests: from a
// day of use to the events of that day in the typed lake, and from an event to
// its record in the landed segments, whose seal it checks on the way.
package trace
