package demo

// Arrived is how many reports of a story come in other ways: in a file of SP4N-LAPOR!, whose first line
// is its heading, from advertisers, and from a caller.
var Arrived = len(sp4nFile) - 1 + len(hawkers) + 1
