package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"winnow/internal/access"
)

// The walk below exists because the library stops at its first unknown key,
// and an operator wants all faults of a file at once.

// decode fills dst from node and records what does not fit.
func (f *faults) decode(node ast.Node, dst reflect.Value, path string) {
	switch dst.Interface().(type) {
	case Secret:
		f.secret(node, dst, path)
		return
	case Sources:
		f.sources(node, dst, path)
		return
	}
	switch dst.Kind() {
	case reflect.Struct:
		f.fields(node, dst, path)
	case reflect.Slice:
		f.slice(node, dst, path)
	case reflect.Map:
		f.stringMap(node, dst, path)
	default:
		f.scalar(node, dst, path)
	}
}

// entries returns the keys and values of a mapping, each key once. Null counts
// as an empty mapping: "policy:" with nothing below it is no fault.
func (f *faults) entries(node ast.Node, path string) []*ast.MappingValueNode {
	var values []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.NullNode:
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		f.add(path, "", "must be a mapping of keys to values, but is "+kindOf(node), "")
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(values), func(v *ast.MappingValueNode) bool {
		key := v.Key.GetToken().Value
		field, again := join(path, key), seen[key]
		seen[key] = true
		if again {
			f.list = append(f.list, Fault{Line: v.Key.GetToken().Position.Line, Field: field, Reason: "is given twice"})
			return true
		}
		f.at[field] = v.Key.GetToken().Position.Line
		return false
	})
}

func (f *faults) fields(node ast.Node, dst reflect.Value, path string) {
	entries, typ := f.entries(node, path), ""
	for _, e := range entries {
		if s, ok := e.Value.(*ast.StringNode); ok && e.Key.GetToken().Value == "type" {
			typ = s.Value
		}
	}
	for _, e := range entries {
		key := e.Key.GetToken().Value
		field, ok := fieldByKey(dst.Type(), key)
		switch {
		case !ok:
			f.add(join(path, key), "", "is not a known key", nearest(dst.Type(), key))
		case !belongs(field.Tag.Get("for"), typ):
			f.add(join(path, key), "", "is not a setting of type "+typ, "it belongs to "+field.Tag.Get("for"))
		default:
			f.decode(e.Value, dst.FieldByIndex(field.Index), join(path, key))
			f.checkTag(field, dst.FieldByIndex(field.Index), join(path, key), e.Value)
		}
	}
}

func fieldByKey(t reflect.Type, key string) (reflect.StructField, bool) {
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("yaml"); tag == key && tag != "-" {
			return t.Field(i), true
		}
	}
	return reflect.StructField{}, false
}

func (f *faults) sources(node ast.Node, dst reflect.Value, path string) {
	var list Sources
	for _, e := range f.entries(node, path) {
		s := Source{Name: access.SourceName(e.Key.GetToken().Value)}
		f.decode(e.Value, reflect.ValueOf(&s).Elem(), join(path, string(s.Name)))
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Source) int { return strings.Compare(string(a.Name), string(b.Name)) })
	dst.Set(reflect.ValueOf(list))
}

func (f *faults) slice(node ast.Node, dst reflect.Value, path string) {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		if _, null := node.(*ast.NullNode); !null {
			f.add(path, "", "must be a list, but is "+kindOf(node), "")
		}
		return
	}
	list := reflect.MakeSlice(dst.Type(), len(seq.Values), len(seq.Values))
	for i, v := range seq.Values {
		item := fmt.Sprintf("%s.%d", path, i+1)
		f.at[item] = v.GetToken().Position.Line
		f.decode(v, list.Index(i), item)
	}
	dst.Set(list)
}

func (f *faults) stringMap(node ast.Node, dst reflect.Value, path string) {
	m := reflect.MakeMap(dst.Type())
	for _, e := range f.entries(node, path) {
		v := reflect.New(dst.Type().Elem()).Elem()
		f.decode(e.Value, v, join(path, e.Key.GetToken().Value))
		m.SetMapIndex(reflect.ValueOf(e.Key.GetToken().Value), v)
	}
	dst.Set(m)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
