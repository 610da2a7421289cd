// Package config reads winnow's one YAML file. Keys are strict, every fault is
// reported at once with its line, and secrets appear only by reference.
//
// Paths in the file are relative to the folder of the file, so that a nightly
// job finds them from wherever the scheduler starts it.
package config
