package georeport

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
)

// updates are the public events, oldest first, for systems that keep a copy
// (servicerequestupdates of mySociety).
func (s *server) updates(w http.ResponseWriter, r *http.Request) error {
	p, err := asked(r)
	if err != nil {
		return err
	}
	g, err := p.page()
	if err != nil {
		return err
	}
	f := mtr.OpenFilter{Numbers: upper(p.many("service_request_id")), Offset: g.offset(), Limit: g.size}
	if len(f.Numbers) > mostRows {
		return bad("Paling banyak 1.000 service_request_id sekaligus.")
	}
	if f.From, f.To, err = p.stretch(s.Clock.Now()); err != nil && f.Numbers == nil {
		return err
	}
	all, more, err := s.MTR.OpenUpdates(r.Context(), f)
	if err != nil {
		return err
	}
	g.link(w, r, s.BaseURL, p, more)
	out := list{name: "service_requests_updates"}
	for _, u := range all {
		out.items = append(out.items, element{"request_update", []field{
			{"update_id", itoa(u.ID)}, {"service_request_id", u.Number}, {"status", extendedStatus(u)}, {"updated_datetime", u.At},
			{"description", plain(told(u))}, {"media_url", text(s.photo(u.Photo))}, {"external_status_code", string(u.To)},
		}})
	}
	return write(w, r, http.StatusOK, out)
}

// extendedStatus is the word that FixMyStreet has for it.
func extendedStatus(u mtr.OpenUpdate) string {
	if u.Action == mtr.ActDispute {
		return "REOPEN"
	}
	switch u.To {
	case mtr.Received, mtr.NeedsInfo:
		return "OPEN"
	case mtr.Forwarded:
		return "INVESTIGATING"
	case mtr.InProgress, mtr.ToValidate:
		return "IN_PROGRESS"
	case mtr.Scheduled:
		return "ACTION_SCHEDULED"
	case mtr.Done:
		return "FIXED"
	case mtr.Rejected:
		return "NO_FURTHER_ACTION"
	case mtr.Duplicate:
		return "DUPLICATE"
	case mtr.Referred:
		return "NOT_COUNCILS_RESPONSIBILITY"
	case mtr.Cancelled:
		return "CANCELLED"
	}
	return "CLOSED"
}

// told is an event in words.
func told(u mtr.OpenUpdate) string {
	line := u.To.Label()
	if (u.Action == mtr.ActForward || u.Action == mtr.ActRecategorize) && u.UnitName != "" {
		line += " ke " + u.UnitName
	}
	if u.Reason != "" {
		line += ": " + u.Reason
	}
	return line
}
