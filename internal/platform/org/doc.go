// Package org is the city's directory: units in a tree, positions in units, the
// people who hold them for a time, and which kelurahan a point lies in.
//
// Words. A unit is anything work can be sent to: the city, an OPD and its
// bidang, a puskesmas, a kecamatan, a kelurahan, an RW, an RT. A position
// (jabatan) belongs to a unit and has seats; an occupancy says who sits there
// from when to when: definitif, Plt (the post is vacant) or Plh (its holder is
// away). Work is addressed to positions, so it stays when people change. Units
// are never deleted: they are closed on a date and may name a successor.
//
// Writing functions check what they are given, write in the caller's
// transaction and leave an audit entry there. They do not ask whether the actor
// may: the use cases of internal/portal do.
package org
