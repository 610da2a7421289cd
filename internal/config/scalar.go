package config

import (
	"math"
	"reflect"
	"strconv"

	"github.com/goccy/go-yaml/ast"
)

func (f *faults) secret(node ast.Node, dst reflect.Value, path string) {
	text, ok := textOf(node)
	if !ok {
		f.add(path, "", "must be a reference to a secret, but is "+kindOf(node), referenceHint)
		return
	}
	s, err := parseSecret(text)
	if err != nil {
		f.addErr(path, err)
		return
	}
	dst.Set(reflect.ValueOf(s))
}

func (f *faults) scalar(node ast.Node, dst reflect.Value, path string) {
	text, ok := textOf(node)
	if !ok {
		f.add(path, "", "must be "+article(dst.Kind())+", but is "+kindOf(node), "")
		return
	}
	switch dst.Kind() {
	default:
		dst.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			f.add(path, text, "must be a whole number", "")
			return
		}
		dst.SetInt(int64(n))
	case reflect.Float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			f.add(path, text, "must be a number", "")
			return
		}
		dst.SetFloat(x)
	case reflect.Bool:
		if text != "true" && text != "false" {
			f.add(path, text, "must be true or false", "")
			return
		}
		dst.SetBool(text == "true")
	}
}

// textOf returns a scalar as it was written: 007 stays 007, since an id that
// looks like a number is still an id.
func textOf(node ast.Node) (string, bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	}
	return "", false
}

func kindOf(node ast.Node) string {
	switch node.(type) {
	case *ast.NullNode:
		return "empty"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return "an anchor or alias, which winnow does not read"
	}
	return "a single value"
}

func article(k reflect.Kind) string {
	switch k {
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	default:
		return "text"
	}
}
