// Package eoffice is the official correspondence of the city's offices, from the draft to
// the archive.
//
// # Words
//
//   - letter (naskah): a draft and what becomes of it, or a letter from outside that an
//     office registered ([Letter]).
//   - office (unit): what issues letters and has a tata usaha: a dinas, badan, kecamatan,
//     kelurahan … The desks of a bidang write in the name of their dinas.
//   - desk (meja): a position. Letters lie on desks and are addressed to them; who sits
//     there now may act, a Plt or Plh too, until the second their time ends ([Seat]).
//   - chain: the desks a draft goes through: those that put their paraf, then those that
//     sign. A paraf binds to a version of the content; another version needs another.
//   - recipient (kiriman): one addressee of a letter and how far it has come there.
//   - disposisi: an order on a letter that arrived, from one desk to another.
//   - arrival (catatan naskah masuk): what the tata usaha writes down of a letter from
//     outside, under a number of the agenda; then it directs it to a desk ([Arrival]).
//   - tray (baki): scans that wait for the letter to be written down ([Loose]).
//   - reference (rujukan): an earlier letter that a letter answers, follows up, changes or
//     revokes ([Tie]); letters so tied are a thread ([ThreadLetter]).
//   - secrecy: B, T, R, SR. [Matrix] says what that means.
//     An addressee may raise what is open to T, who signed it may lower it.
//
// # States of a letter
//
//	konsep ─▶ verifikasi ─▶ menunggu_ttd ─▶ menandatangani ─▶ ditandatangani ─▶ terkirim ─▶ diarsipkan
//	  │  ▲       │   ▲           │  │  ▲          │ (next signer)     ▲              │           │
//	  │  │       ▼   │           │  ▼  └──────────┘                   │              ▼           ▼
//	  │  └── perbaikan ◀─────────┘ dicetak ───────────────────────────┘           dicabut ◀──────┘
//	  └─▶ dibatalkan
//
//	tercatat ─▶ diarahkan ─▶ diarsipkan        a letter from outside
//	   └─▶ dibatalkan
//
// # States of a disposisi
//
//	dikirim ─▶ dibaca ─▶ dikerjakan ─▶ dilaporkan ─▶ selesai
//	   │        │  ▲ └▶ diteruskan ─────▲  │  ▲
//	   ▼        ▼  │                       ▼  └── accepted by itself after the giver's silence
//	dibatalkan  menolak ─▶ ditolak     dikerjakan ◀─▶ minta_arahan
//
// What its addressee has read its giver may close with a reason (ditutup); what is only for
// information is done when it is read.
//
// Each table ([LetterSteps], [RecipientSteps], [OrderSteps]) is data; rows change by compare-and-set, and
// replaying the events of a row gives the row.
package eoffice
