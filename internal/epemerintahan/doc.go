// Package epemerintahan keeps a kelurahan's register of residents: service data,
// not the state's own records.
//
// # Words
//
//   - resident (penduduk): one person, with a NIK that is unique in the whole city
//     or with the reason why there is none ([NIKStatus]).
//   - family (keluarga): those on one family card, at one address in an RT of an RW
//     of a kelurahan. Its KK number changes in its life and is no key; the numbers
//     that it had are kept. At most one of its living members is its head.
//   - event (peristiwa): what changes whether somebody lives here. Events are only
//     added; a wrong one is undone by a reversing one. A resident's [Status] is the
//     replay of their events (see [Replay]) and nothing else.
//   - change (perubahan): a correction of what is written, before and after.
//
// # Families and their heads
//
// Every family in which somebody lives has exactly one head who does. A constraint
// keeps it to one; each use case sees to it that there is one, and asks for HeadID where
// several could be. Whoever changes a family or a member holds the family's lock first,
// so that acts on one family follow each other.
//
// [Module.AddFamilies] records many at once, [Module.Create] one person,
// [Module.Edit] and [Module.EditFamily] correct, [Module.RecordEvent] and
// [Module.ReverseEvent] keep the history, [Module.ChangeHead], [Module.SplitFamily] and
// [Module.MoveMembers] put families together anew, and [Module.Delete] takes out what
// should never have been written. Each is one transaction, compared with the version
// that its caller saw, and noted in the trail with the names of what changed.
//
// # States
//
//	pendataan, lahir, pindah_datang ──▶ hidup ──mati──▶ mati
//	                                    │  ▲  └─hilang─▶ hilang ──mati──▶ mati
//	                      pindah_keluar ▼  │ pindah_datang
//	                                   pindah
//
// batal undoes the latest event that still counts, except the first one: a resident
// who was never here is deleted, with a reason.
//
// # Who sees what
//
// Every use case reads within the units where the actor holds [PermView]; what lies
// elsewhere does not exist: errs.NotFound. What the actor sees but may not do is
// errs.Forbidden. Wrong input: errs.Invalid with the Control names. Somebody was
// faster: errs.Conflict. NIK and KK are sealed in the database and shown by their
// last four digits; opening one, like every reading of a record, is in the audit trail.
//
// # NIK and KK
//
// [CheckNIK] and [CheckKK] are pure. What they refuse never enters; what they doubt
// enters with the reason of somebody who holds [PermOverride].
//
// # Imports
//
// A file becomes rows that wait, sealed, in tables of their own; its families are
// checked, and nothing is in the register until somebody applies the import. Then
// each family is written in the transaction that also ticks it off, so an import that
// is interrupted goes on without writing anybody twice. Files and rows are forgotten
// after a day. What a file may look like says [ImportColumns].
//
// # Figures and reports
//
// [Module.Figures] hides small counts, see protect for the rule. [Module.MonthlyReport]
// and the books are whole: they serve those who may read every record.
package epemerintahan
