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
//     A deputy ([Mandate]) works at somebody else's desk for a time: their secretary, or who
//     stands in. Neither signs, neither sees what is confidential. Of what is due or late a
//     desk is reminded once a day ([Module.Remind]).
//   - chain: the desks a draft goes through: those that put their paraf, then those that
//     sign. A paraf binds to a version of the content; another version needs another.
//   - opinion (pendapat, paraf koordinasi): what a desk outside the chain, asked by the drafter
//     or by who verifies, thinks of a version of a letter before it is signed; signing waits
//     for mandatory ones ([Opinion]).
//   - kept number (pesanan nomor): a number taken for a letter on paper while the portal is
//     away, or put between two others by the archivist; a letter takes it or it ends with a
//     reason ([Booking]).
//   - recipient (kiriman): one addressee of a letter and how far it has come there.
//     What comes for the head of an office a desk of it may screen first ([Module.Screen]); what
//     waits there while nobody holds the desk goes on by itself ([Module.PassUnattended]).
//   - disposisi: an order on a letter that arrived, from one desk to another.
//   - arrival (catatan naskah masuk): what the tata usaha writes down of a letter from
//     outside, under a number of the agenda; then it directs it to a desk ([Arrival]).
//   - tray (baki): scans that wait for the letter to be written down ([Loose]).
//   - diary (agenda): what the desks of an office are invited to ([Entry]).
//   - reference (rujukan): an earlier letter that a letter answers, follows up, changes or
//     revokes ([Tie]); letters so tied are a thread ([ThreadLetter]).
//   - secrecy: B, T, R, SR. [Matrix] says what that means.
//     An addressee may raise what is open to T or R, who signed it may lower it. What was
//     said of a letter while it was open is sealed with it.
//   - group (kelompok tujuan): desks to which letters often go together; a letter takes its
//     desks as single recipients ([Group]). Who gives orders takes those of their office as
//     work teams ([Team]).
//   - copy (salinan): of a secret letter every reader gets a numbered one that names them
//     ([Copies]); so they do of what goes with it, whose pages are pictures then.
//   - body of the most secret: paper, unless the city keeps it ([Module.SetKeepBodies]): then
//     under seal, to look at only, after proving once more who one is ([Module.OpenBody]).
//   - mandate (mandat): the paper by which who only stands in signs what changes somebody's
//     standing ([Module.Waive]).
//   - folder (berkas): where the finished letters of an office lie, by classification and
//     year; each office files what it wrote and what it got ([Folder]). What is confidential
//     the archivist files and the head of the office agrees to. To a finished letter the
//     archivist of its offices is as near as their tata usaha.
//
// # States of a letter
//
//	konsep ─▶ verifikasi ─▶ menunggu_ttd ─▶ menandatangani ─▶ ditandatangani ─▶ terkirim ─▶ diarsipkan
//	  │  ▲       │   ▲           │  │  ▲          │ (next signer)     ▲              │           │
//	  │  │       ▼   │           │  ▼  └──────────┘                   │              ▼           ▼
//	  │  └── perbaikan ◀─────────┘ dicetak ───────────────────────────┘           dicabut ◀──────┘
//	  └─▶ dibatalkan
//
//	diarsipkan, dicabut ─▶ dimusnahkan
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
// # States of a folder
//
//	terbuka ◀─▶ tertutup ─▶ inaktif ─▶ diserahkan
//	                │          └─────▶ dimusnahkan
//	                └─▶ diserahkan, dimusnahkan
//
// How long a folder is kept its classification says, from the day on which it was closed. A
// daily job proposes ([Module.ProposeDue]); a case of disposal carries it out ([Disposal]):
//
//	dinilai ─▶ disetujui ─▶ dilaksanakan
//	   ├─▶ ditolak (one objection)
//	   └─▶ dibatalkan ◀─ disetujui
//
// While a legal hold is in force ([Hold]) nothing of it happens. What is destroyed is gone from
// every table and from the store; a letter keeps number, day, subject and who did what. One
// that lies in the archives of several offices goes with the last of them.
// Whatever table comes to hold what letters say belongs into the database's eoffice_destroy.
//
// # States of an opinion
//
//	diminta ─▶ dijawab ─▶ dijawab (anew)      dijawab, on an earlier version ─▶ diminta
//	   └─▶ dibatalkan ◀── dijawab, on an earlier version
//
// Each table ([LetterSteps], [RecipientSteps], [OrderSteps], [OpinionSteps], [FolderSteps],
// [DisposalSteps]) is data; rows change by compare-and-set, and
// replaying the events of a row gives the row.
package eoffice
