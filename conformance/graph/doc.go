// Package graph holds the fake tenant against Microsoft's SDK for Graph and
// against azidentity. Only the request builders that are needed are imported:
// the whole client would cost half as much again to build.
package graph
