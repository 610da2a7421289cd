package store

import "runtime/debug"

// Trim gives memory that is free, DuckDB's and Go's, back to the system. It
// takes milliseconds a gigabyte: call it after large steps, so that the peak of
// a process is that of its largest step and not the sum of several.
func Trim() {
	debug.FreeOSMemory()
	trimC()
}
