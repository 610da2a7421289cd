package main

// maxrssShift turns the kernel's unit, KiB, into MiB.
const maxrssShift = 10
