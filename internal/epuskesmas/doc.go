// Package epuskesmas is registration and queueing at the city's health centres: who may
// come when, who has a number, whose turn it is. It keeps no clinical data.
//
// # Words
//
//   - puskesmas: a unit of the directory that takes patients ([Site]).
//   - poli: where people queue: the registration desk (loket), a poli, the laboratory,
//     the pharmacy (farmasi) ([Poli]). Its letter begins its numbers.
//   - session: one poli's opening on one day, made from the weekly plan ([Session]). It
//     gives the numbers.
//   - visit (kunjungan): one coming of one patient; its steps are tickets.
//   - ticket: a number in a session ([Ticket]).
//   - counter: a room or window where somebody is called to.
//
// # States of a ticket
//
//	dipesan ─▶ menunggu ─▶ dipanggil ─▶ dilayani ─▶ selesai
//	   │          ▲  ▲         │            └─────▶ dirujuk
//	   │          │  └─ skip ──┤
//	   │      reinstate        ▼ third unanswered call, ≥ 15 minutes after the first
//	   │          └──── tidak_hadir ◀── dipesan, when the session closes
//	   ├─▶ batal, dijadwalkan_ulang
//	   └─▶ dialihkan (the doctor does not come)
//
// Numbers are given when somebody books and are never given again. Who waits is called
// by number; who comes after their turn goes behind the next three; priority patients
// first, at most [Poli.PriorityRatio] in a row when others wait; an emergency next.
// Package estimate plays by the same rules.
package epuskesmas
