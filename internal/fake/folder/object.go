package folder

import "encoding/json"

// An Object is a JSON object that a fake puts together or changes. What a
// client sent or the folder holds of a value stays as it is.
type Object map[string]any

// Marshal writes a value, the keys of its objects in order. It panics on what
// is no JSON value, which is a fault of the fake.
func Marshal(o any) []byte {
	b, err := json.Marshal(o)
	if err != nil {
		panic(err) // maps of JSON values marshal
	}
	return b
}

// With returns the object with some values replaced. The body is one that was
// parsed before; it panics on another.
func With(body []byte, values Object) []byte {
	o := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &o); err != nil {
		panic(err) // every item was parsed
	}
	for k, v := range values {
		o[k] = Marshal(v)
	}
	return Marshal(o)
}
