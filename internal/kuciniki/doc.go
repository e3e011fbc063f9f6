// Package kuciniki ("I see you") is how the city's staff agree on what they are to achieve,
// and how it is judged, after PermenPANRB 6/2022.
//
// # Words
//
//   - SKP: what somebody is to achieve in a post in a year ([SKP]). Whoever moves in the
//     middle of the year, or stands in for a vacant post, has one for each post.
//   - RHK (rencana hasil kerja): one result of it ([RHK]), utama or tambahan, which serves an
//     RHK of the superior's SKP; together they are the matriks pembagian peran dan hasil.
//   - indicator: how one sees that the result is there, of an aspect (kuantitas, kualitas,
//     waktu, biaya) where the SKP is quantitative.
//   - rater (pejabat penilai kinerja): who holds the superior's post, definitive or as Plt;
//     a Plh does not judge. The second rater leads a team of another unit.
//   - period: a year (month 0) or a month of it. A closed one takes objections only.
//
// # States of an SKP
//
//	konsep ─▶ diajukan ─▶ disepakati ─▶ dialog
//	   ▲          │            ▲           │
//	   └──────────┘            └─ diajukan ◀┘
//
// # States of an evaluation
//
//	terbuka ─▶ dilaporkan ─▶ disampaikan ─▶ diterima
//	   │         │     ▲          ▲   └▶ disanggah ─▶ diputus
//	   └────▶ menunggu_atasan ────┘
//
// The person reports, the rater judges beside what the formulae propose, and where that is
// two classes apart the rater's superior signs too. The person may object until five
// working days after the period was closed; somebody else decides, and both judgements stay.
//
// Agreed it has a version, which is kept for ever; it changes by dialogue only, and then
// both agree again. The superior's SKP is agreed first.
package kuciniki
