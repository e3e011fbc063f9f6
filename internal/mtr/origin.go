package mtr

// Channel is how a report came in.
type Channel string

// The channels besides the form of the portal, which is ChannelForm.
const (
	ChannelForm    Channel = ""
	ChannelOpen311 Channel = "open311" // another system sent it
	ChannelPhone   Channel = "telepon"
	ChannelCounter Channel = "loket"
	ChannelMessage Channel = "pesan"
	ChannelMedia   Channel = "media" // social media
	ChannelLetter  Channel = "surat"
	ChannelSP4N    Channel = "sp4n"
)

// Label is the word people see.
func (c Channel) Label() string {
	switch c {
	case ChannelOpen311:
		return "Aplikasi lain (Open311)"
	case ChannelPhone:
		return "Telepon"
	case ChannelCounter:
		return "Datang ke loket"
	case ChannelMessage:
		return "WhatsApp atau SMS"
	case ChannelMedia:
		return "Media sosial"
	case ChannelSP4N:
		return "SP4N-LAPOR!"
	case ChannelLetter:
		return "Surat"
	}
	return "Formulir portal"
}
