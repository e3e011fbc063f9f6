package portal

import "time"

// PartStatus says of one part of the portal whether it works now.
type PartStatus struct {
	Name string // in words of those who use it
	OK   bool
	Ill  string // what to expect while it does not work
}

// Disruption is when the portal could not be used somewhere, as the city declared it.
type Disruption struct {
	Where    string
	From, To time.Time
}

// Status is how the portal is.
type Status struct {
	At          time.Time // when it was looked at
	Parts       []PartStatus
	Disruptions []Disruption // of the last 90 days and those announced, the latest first
	Unknown     bool         // the disruptions could not be read
}

// Well tells whether every part works.
func (s Status) Well() bool {
	for _, p := range s.Parts {
		if !p.OK {
			return false
		}
	}
	return true
}
