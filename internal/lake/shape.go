package lake

// A Type is the JSON type that a key must have. Null is accepted for every
// type unless the key is required.
type Type int

// The types that a shape can demand. Text also accepts numbers and booleans,
// which DuckDB reads into VARCHAR without a fault.
const (
	Any Type = iota
	Text
	Object
	Objects // an array whose elements are objects
	Texts   // an array whose elements are scalars
)

// A Field is what a shape demands of one key.
type Field struct {
	Key      string
	Type     Type
	Required bool    // present, not null, and for Text not empty
	Fields   []Field // of the Object, or of each element of Objects
}

// A Shape is the list of keys that a stream's models read, with their JSON
// types. An item that does not fit would fail the whole read_json, so it is
// refused at landing and kept in quarantine.
type Shape []Field
