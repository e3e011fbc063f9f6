// Package oversight is the work of the Inspektorat under a surat tugas: which assignments
// there are, what was kept as evidence under them, and the packing of it.
//
// # What an assignment opens
//
// An assignment names modules, units, members and days. What it opens is decided in one place,
// where an actor's grants are read ([authn.LoadActor]): what a post in the Inspektorat is
// granted over the material of others holds where an assignment that runs names its holder and
// covers module and unit, and nowhere else. So every scope of every module, in SQL, is bound
// by it, and what it does not cover does not exist: 404. It opens nothing that the post is not
// granted. The Inspektorat's own desk, the sealed channel included, needs none.
//
// # What is on record
//
// Registering and revoking; each page of another's material that a member asks for (Opened);
// what is marked as evidence, and each packing. Every entry of the trail that an assignment
// made possible names it ([audit.Write]).
//
// # Evidence
//
// A mark names a case, not what it says. Packed, each case is read anew by whoever packs it,
// with what this assignment opens to them and no more, into a BagIt bag with a signed list
// (Pack). What can no longer be read is listed as such.
package oversight
