package main

// maxrssShift turns the kernel's unit, bytes, into MiB.
const maxrssShift = 20
