package eoffice

import "makassartidakrantasa.com/portal/internal/platform/errs"

// Step is one cell of a table: where the action leads, who may take it and what must hold
// besides. A nil Guard always holds.
type Step[C any] struct {
	To    Status
	Who   Role
	Guard func(*C, Moment) error
}

// Table is a state machine: Table[from][action]. The empty status is "not yet". What is
// absent cannot happen.
type Table[C any] map[Status]map[Action]Step[C]

// Where steps lead that do not always lead to the same status.
const (
	onward Status = "(lanjut)"  // to the next desk of the chain, or past it
	same   Status = "(tetap)"   // where it is
	back   Status = "(kembali)" // to the desk before
)

// LetterSteps is the machine of a letter.
var LetterSteps = Table[Case]{
	"": {
		ActRecord: {To: Recorded, Who: AsClerk},
	},
	Drafting: {
		ActSubmit:   {To: onward, Who: AsDrafter},
		ActWithdraw: {To: Cancelled, Who: AsDrafter},
	},
	Mending: {
		ActSubmit:   {To: onward, Who: AsDrafter},
		ActWithdraw: {To: Cancelled, Who: AsDrafter | AsClerk},
	},
	Verifying: {
		ActParaf:    {To: onward, Who: AsDesk},
		ActEdit:     {To: same, Who: AsDesk, Guard: editable},
		ActReturn:   {To: Mending, Who: AsDesk},
		ActBackOne:  {To: back, Who: AsDesk, Guard: hasBefore},
		ActWithdraw: {To: Cancelled, Who: AsDrafter | AsClerk},
		ActConsult:  {To: same, Who: AsDrafter | AsDesk},
	},
	AwaitingSign: {
		ActSign:     {To: Signing, Who: AsDesk, Guard: mayBeSigned(Electronic)},
		ActPrint:    {To: Printed, Who: AsDesk | AsDrafter | AsClerk, Guard: mayBeSigned(Wet)},
		ActReturn:   {To: Mending, Who: AsDesk},
		ActBackOne:  {To: back, Who: AsDesk, Guard: hasBefore},
		ActWithdraw: {To: Cancelled, Who: AsDrafter | AsClerk, Guard: unnumbered},
		ActWaive:    {To: same, Who: AsDesk | AsDrafter | AsClerk, Guard: waivable},
		ActConsult:  {To: same, Who: AsDrafter | AsDesk},
	},
	Signing: {
		ActSigned:   {To: onward, Who: AsDesk},
		ActSignFail: {To: AwaitingSign, Who: AsSystem},
	},
	Printed: {
		ActScan:   {To: Signed, Who: AsClerk | AsDrafter | AsDesk},
		ActReturn: {To: Mending, Who: AsDesk | AsClerk},
	},
	Signed: {
		ActSend: {To: Sent, Who: AsClerk | AsSystem},
	},
	Sent: {
		ActRevoke: {To: Revoked, Who: AsSystem},
		ActFile:   {To: Archived, Who: AsClerk | AsArchivist | AsSystem},
		ActRaise:  {To: same, Who: AsAddressee, Guard: mayBeHigher},
		ActLower:  {To: same, Who: AsSigner, Guard: mayBeLower},
	},
	Recorded: {
		ActCorrect:  {To: same, Who: AsClerk},
		ActClassify: {To: same, Who: AsClerk},
		ActDirect:   {To: Directed, Who: AsClerk},
		ActWithdraw: {To: Cancelled, Who: AsClerk},
	},
	Directed: {
		ActClassify: {To: same, Who: AsClerk},
		ActFile:     {To: Archived, Who: AsClerk | AsArchivist | AsSystem},
		ActRaise:    {To: same, Who: AsAddressee, Guard: mayBeHigher},
	},
	Archived: {
		ActRevoke:  {To: Revoked, Who: AsSystem},
		ActDestroy: {To: Destroyed, Who: AsSystem},
	},
	Revoked: {
		ActDestroy: {To: Destroyed, Who: AsSystem},
	},
	Cancelled: {}, Destroyed: {},
}

// Leads lists where an action on a letter may lead from a status.
func Leads(from Status, action Action) []Status {
	s, ok := LetterSteps[from][action]
	switch {
	case !ok:
		return nil
	case s.To == onward && from == Signing:
		return []Status{AwaitingSign, Signed}
	case s.To == onward:
		return []Status{Verifying, AwaitingSign}
	case s.To == back:
		return []Status{Verifying, AwaitingSign}
	case s.To == same:
		return []Status{from}
	}
	return []Status{s.To}
}

func hasBefore(c *Case, _ Moment) error {
	if c.Step == 0 {
		return errs.New(errs.Conflict, "Tidak ada meja sebelum ini. Kembalikan kepada konseptor.")
	}
	if c.LetterNo != 0 {
		return errs.New(errs.Conflict, "Naskah ini sudah bernomor. Kembalikan kepada konseptor.")
	}
	return nil
}

// editable: what the most secret say only their drafters write here.
func editable(c *Case, _ Moment) error {
	if !c.Secrecy.Kept() {
		return errs.New(errs.Conflict, "Isi naskah sangat rahasia tidak diubah di meja pemaraf. Kembalikan kepada konseptor.")
	}
	return nil
}

func unnumbered(c *Case, _ Moment) error {
	if c.LetterNo != 0 {
		return errs.New(errs.Conflict, "Naskah ini sudah bernomor, jadi tidak dapat ditarik lagi.")
	}
	return nil
}

var errActing = errs.New(errs.Forbidden, "Pelaksana tugas atau pelaksana harian tidak berwenang menandatangani naskah jenis ini tanpa mandat. Lampirkan surat mandatnya di halaman naskah, atau kembalikan kepada konseptor.")

// mayBeSigned: in the letter's mode, and letters that change somebody's standing not by who
// only stands in (UU 30/2014 art. 14), unless a mandate is attached ([Module.Waive]).
func mayBeSigned(mode Mode) func(*Case, Moment) error {
	return func(c *Case, m Moment) error {
		if c.Mode != mode {
			if mode == Electronic {
				return errs.New(errs.Conflict, "Naskah ini ditandatangani dengan tinta: cetak, tanda tangani, lalu pindai.")
			}
			return errs.New(errs.Conflict, "Naskah ini ditandatangani secara elektronik, jadi tidak dicetak lebih dahulu.")
		}
		if s, ok := m.seat(c.DeskID); ok && c.Strategic && !c.Waived && s.Acting() {
			return errActing
		}
		return noneAwaited(c)
	}
}
