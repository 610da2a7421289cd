package okta

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// governedApps is the list of apps that have entitlements. It is no stream.
const governedApps access.StreamName = "governed_apps"

// known returns what the pull of a stream has remembered, after reading the
// stream where it was not pulled before.
func (s *Source) known(ctx context.Context, list access.StreamName) ([]string, error) {
	stream := list
	if list == governedApps {
		stream = Entitlements
	}
	s.mu.Lock()
	done := s.read[stream]
	s.mu.Unlock()
	if !done {
		g, _ := s.governance(stream)
		for _, err := range s.once(stream, s.governed(ctx, g)) {
			if err != nil {
				return nil, err
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ids[list]), nil
}

// once begins the stream's memory anew and notes that it was read to its end.
func (s *Source) once(stream access.StreamName, records iter.Seq2[access.Record, error]) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		s.forget(stream)
		for r, err := range records {
			if !yield(r, err) || err != nil {
				return
			}
		}
		s.mu.Lock()
		s.read[stream] = true
		s.mu.Unlock()
	}
}

// forget drops what an earlier pull of the stream remembered.
func (s *Source) forget(stream access.StreamName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	drop := func(prefix string) {
		maps.DeleteFunc(s.seen, func(key string, _ bool) bool { return strings.HasPrefix(key, prefix+"/") })
	}
	delete(s.read, stream)
	delete(s.ids, stream)
	drop(string(stream))
	switch stream {
	case Entitlements:
		delete(s.ids, governedApps)
		drop(string(governedApps))
	case PrincipalEntitlements:
		s.holders = nil
		drop("holder")
	}
}

// note remembers an id, once.
func (s *Source) note(list access.StreamName, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if isID(id) && !s.seen[string(list)+"/"+id] {
		s.seen[string(list)+"/"+id] = true
		s.ids[list] = append(s.ids[list], id)
	}
}

// noteEntitlement remembers an entitlement and that its app has one.
func (s *Source) noteEntitlement(a ask, item []byte) {
	s.note(Entitlements, lake.TextAt(item, "id"))
	s.note(governedApps, a.app)
}

// noteHolder remembers that a user holds something in an app.
func (s *Source) noteHolder(a ask, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if key := "holder/" + a.app + "/" + a.user; !s.seen[key] {
		s.seen[key] = true
		s.holders = append(s.holders, ask{app: a.app, user: a.user})
	}
}

// noteCampaign remembers a campaign that was launched: others have no reviews.
func (s *Source) noteCampaign(_ ask, item []byte) {
	if status := lake.TextAt(item, "status"); status == "ACTIVE" || status == "COMPLETED" {
		s.note(Campaigns, lake.TextAt(item, "id"))
	}
}
