// Package saved reads files that people put in a folder: answers of an API,
// exports, tables. It looks at the bytes and not at the name: compression and
// form are recognised by content, and a file that is something else is refused
// with what it is. It decodes nothing but the framing.
package saved
