// Package letter is the kelurahan's letters, from the request to the signed PDF that
// anybody can verify.
//
// # Words
//
//   - kind (jenis surat): what a letter is, as data: fields, requirements, rules,
//     signers, wording. Kinds have versions; a letter keeps the one it was made with.
//     A kelurahan may have versions of its own, else the city's hold ([Kind]).
//   - letter (surat): one request and what becomes of it. It is known by its request
//     number (SRT-26-000318) and, once signing began, by its letter number.
//   - subject (yang diterangkan): the resident, or outsider, whom the letter is about.
//   - mode: tte, signed electronically, or basah, printed with a number, signed in ink
//     and scanned back ([Mode]).
//   - paraf: the sekretaris has read it and puts it before the lurah.
//
// # States
//
//	draf ─▶ menunggu_rt ─▶ diajukan ◀──▶ dikembalikan
//	  └────────────────────▶ │  ▲
//	                         ▼  │ (sent back)
//	                  menunggu_paraf ─▶ menunggu_ttd ─▶ menandatangani ─▶ terbit ─▶ dicabut
//	                                         │  (tte)   │        ▲
//	                                         │          ▼        │
//	                                         │       menunggu_camat
//	                                         └─(basah)─▶ dicetak ─▶ terbit
//
// ditolak ends what the kelurahan refuses, dibatalkan what the applicant gives up. A
// letter that stays in menandatangani, because a portal died, goes back by itself and
// keeps its number. See [Steps] for who may do what.
//
// # Who sees what
//
// Staff see the letters of the units where they hold [PermView], a camat those of the
// kecamatan; citizens their own. What lies elsewhere does not exist: errs.NotFound.
// Answers to the fields are sealed as one piece in the database, files lie in the
// private store, and reading either is in the audit trail.
package letter
