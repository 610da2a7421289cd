package okta

import (
	"slices"

	"winnow/internal/fake/folder"
	"winnow/internal/lake"
)

// Words of the platform that are used all over.
const (
	listGroups   = "groups"
	statusActive = "ACTIVE"
	kindUser     = "USER"  // of an assignment's scope, and of a reviewer
	kindGroup    = "GROUP" // and of a campaign's resource
	unnamed      = "unknown"

	keyLinks   = "_links"
	keySelf    = "self"
	keyStatus  = "status"
	keyType    = "type"
	keyUpdated = "lastUpdated"
	keyCreated = "created"
)

// find returns an object of a list by its id.
func (d *data) find(stream, id string) (item, bool) {
	return pick(d.streams[stream], id)
}

// below returns an object of a list inside a container.
func (d *data) below(stream, parent, id string) (item, bool) {
	return pick(d.children[stream][parent], id)
}

// parents returns the containers whose list holds an object.
func (d *data) parents(stream, id string) []string {
	var out []string
	for _, it := range d.streams[stream] {
		if it.id == id {
			out = append(out, it.parent)
		}
	}
	return out
}

// put files an object: a new one at the end of its lists, one that is known in
// its old place. An empty parent is that of a list of whole objects.
func (d *data) put(stream, parent string, body []byte) {
	it, err := parse(body, false)
	if err != nil {
		panic(err) // it was marshalled here
	}
	it.parent = parent
	same := func(o item) bool { return o.id == it.id && o.parent == parent }
	i := slices.IndexFunc(d.streams[stream], same)
	if i < 0 {
		d.add(stream, it)
		return
	}
	d.streams[stream][i] = it
	if j := slices.IndexFunc(d.children[stream][parent], same); j >= 0 {
		d.children[stream][parent][j] = it
	}
}

// drop takes an object out of its lists.
func (d *data) drop(stream, parent, id string) {
	same := func(o item) bool { return o.id == id && o.parent == parent }
	d.streams[stream] = slices.DeleteFunc(d.streams[stream], same)
	if parent == "" {
		delete(d.known[stream], id)
		return
	}
	d.children[stream][parent] = slices.DeleteFunc(d.children[stream][parent], same)
}

// pick returns the item with an id.
func pick(items []item, id string) (item, bool) {
	i := slices.IndexFunc(items, func(it item) bool { return it.id == id })
	if i < 0 {
		return item{}, false
	}
	return items[i], true
}

// at returns the text at a path of the item.
func (it item) at(path string) string { return lake.TextAt(it.body, path) }

// object is short for what is put together all over.
type object = folder.Object
