//go:build linux && cgo

package store

/*
#include <features.h>
#ifdef __GLIBC__
#include <malloc.h>
static void trim(void) { malloc_trim(0); }
#else
static void trim(void) {}
#endif
*/
import "C"

// trimC gives what C code has freed back to the system: glibc keeps the pages of
// its arenas, gigabytes after a large join, beyond DuckDB's own limit.
func trimC() { C.trim() }
