// Package mtr receives what citizens report about the city, sends it to the
// unit in charge and follows it until the reporter is content.
//
// # Words
//
//   - report (laporan): one problem, wish or question of one citizen. It has a
//     number people read aloud (MTR-26-004217), a short code for those without
//     the link (KAPAL-4821) and a secret link of 128 random bits.
//   - draft: what the citizen has typed so far and the photos already processed.
//     It is the idempotency key: a draft becomes at most one report.
//   - dispatcher: accepts reports and forwards them to a unit.
//   - handler: works for the unit in charge; worker: does the job in the street.
//   - validator: looks at the proof; never the person who handed it in.
//   - anonim hides who reports; rahasia hides the whole report from everybody but
//     the reporter and those in charge. They are independent of each other.
//
// # States
//
//	                 belum_konfirmasi ──lapse──▶ kedaluwarsa
//	                       │ confirm, release
//	                       ▼
//	submit ───────────▶ diterima ──reject──▶ ditolak
//	                    │  ▲  │ └─mark_duplicate─▶ duplikat
//	             forward│  │  └─refer_out─▶ dirujuk_keluar
//	                    ▼  │bounce
//	                  diteruskan
//	                    │ start            ┌──────── reject_proof ──────┐
//	                    ▼                  ▼                            │
//	                  dikerjakan ──submit_proof──▶ menunggu_validasi ───┘
//	                  │  ▲   ▲                           │ validate
//	          schedule│  │   │                           ▼
//	                  ▼  │   └────────dispute──────── selesai
//	               dijadwalkan                           │ confirm, auto_close
//	                                                     ▼
//	                                                  ditutup
//
// At diterima a dispatcher may put the report under another category; at diteruskan a unit
// may, and with it the report goes on to that category's unit. After [MaxHops] such hops only
// dispatchers of the whole city send it on.
//
// diterima, diteruskan and dikerjakan may be interrupted by ask_info; perlu_info
// stops the clock and leads back to where it came from. The reporter may cancel
// until work starts. The table is [Steps]; the database holds a copy and refuses
// what is not in it. Every change is an event; replaying the events of a report
// gives its row (see [Replay]).
//
// # The acts of staff
//
// Each act checks the state machine, the actor's role for this report and the
// version that was seen, and writes everything in one transaction. Not possible now:
// errs.Conflict with a sentence. Out of scope: errs.NotFound. Not their part:
// errs.Forbidden. Wrong input: errs.Invalid with the Control names.
//
// # What is public
//
// Until a dispatcher forwards a report only its category and kelurahan show.
// Forwarding publishes words and photos. Hidden and rahasia reports appear
// nowhere public: the public queries say so in WHERE and the Public types have
// no field for anything private.
package mtr
