package epemerintahan

import "time"

// NewResident is somebody to be recorded.
type NewResident struct {
	Person
	NIK       string    // as typed
	NIKStatus NIKStatus // "": NIKPresent
	Entry     EventKind // how the record begins; "": Registered
	EntryOn   time.Time // zero: the birth for Born, else today
	Detail    Detail
}

// NewFamily is a family to be recorded with its members, one of them the head.
type NewFamily struct {
	Home
	KK      string // as typed; "" = no card yet
	Members []NewResident
	// Reason lets numbers pass that are only doubted. Needs PermOverride.
	Reason string
}

// Problem is what keeps a family from being recorded. A doubt falls away with
// NewFamily.Reason.
type Problem struct {
	Member  int    // index in NewFamily.Members; -1 = the family itself
	Control string // name of the form control
	Message string
	Doubt   bool
}

// AddedFamily is what became of a NewFamily: its ids in the order of its members, or
// its problems and no ids.
type AddedFamily struct {
	FamilyID  int64
	Residents []int64
	Problems  []Problem
}

// CreateInput records one person: into the family FamilyID, or with a new family at
// Home when that is 0. With Along, those come too who moved away in the same act as
// somebody whose record arrives here.
type CreateInput struct {
	NewResident
	Along    bool
	FamilyID int64
	Home
	KK     string
	Reason string
}

// EditInput corrects what is written about somebody. An empty NIK keeps the number
// they have; another NIKStatus than NIKPresent takes it away.
type EditInput struct {
	ID      int64
	Version int
	Person
	NIK       string
	NIKStatus NIKStatus
	Reason    string
}

// EditFamilyInput corrects a family's address, moves it within its kelurahan, or gives
// it another KK number. An empty KK keeps the number; NoKK takes it away.
type EditFamilyInput struct {
	ID      int64
	Version int
	RW, RT  string
	Address string
	KK      string
	NoKK    bool
	Reason  string
}

// HeadInput makes HeadID the head of a family and sets the others' relations to them;
// members that Relations does not name keep theirs.
type HeadInput struct {
	FamilyID  int64
	Version   int
	HeadID    int64
	Relations map[int64]int
}

// EventInput records what happened to somebody, and for moves and arrivals to members
// of their family who go along.
type EventInput struct {
	ResidentID int64
	Version    int
	Kind       EventKind
	On         time.Time
	Detail     Detail
	Along      []int64 // others of the family
	HeadID     int64   // who leads the family afterwards, when nobody does
	Reason     string
}

// ReverseInput undoes the latest event of somebody that counts; All undoes it for
// everybody of the family to whom it happened in the same act.
type ReverseInput struct {
	ResidentID int64
	Version    int
	Seq        int
	All        bool
	HeadID     int64
	Reason     string
}

// SplitInput takes members out of a family into a new one.
type SplitInput struct {
	FamilyID   int64
	Version    int
	Members    []int64
	Relations  map[int64]int // in the new family; exactly one head
	StayHeadID int64         // who leads those who stay, when the head goes
	Home                     // the kelurahan is that of the old family
	KK         string
	Reason     string
}

// MoveInput takes members of a family into another one of the same kelurahan.
type MoveInput struct {
	FamilyID   int64
	Version    int
	ToFamilyID int64
	Members    []int64
	Relations  map[int64]int // in that family
	StayHeadID int64
	Reason     string
}

// DeleteInput takes a record out that should never have been made.
type DeleteInput struct {
	ID      int64
	Version int
	HeadID  int64
	Reason  string
}
