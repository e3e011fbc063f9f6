package bpjs

import (
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
)

// Encounter is a visit as FHIR R4 tells it (https://hl7.org/fhir/R4/encounter.html), with
// what SATUSEHAT demands besides. Times are in UTC.
type Encounter struct {
	ResourceType    string              `json:"resourceType"`
	Identifier      []Identifier        `json:"identifier"`
	Status          string              `json:"status"`
	StatusHistory   []StatusPeriod      `json:"statusHistory"`
	Class           Coding              `json:"class"`
	Subject         Reference           `json:"subject"`
	Participant     []Participant       `json:"participant"`
	Period          Period              `json:"period"`
	Location        []EncounterLocation `json:"location"`
	ServiceProvider Reference           `json:"serviceProvider"`
}

// Identifier names something within a system.
type Identifier struct {
	System string `json:"system"`
	Value  string `json:"value"`
}

// Coding is a code of a system.
type Coding struct {
	System  string `json:"system"`
	Code    string `json:"code"`
	Display string `json:"display"`
}

// Concept is a CodeableConcept.
type Concept struct {
	Coding []Coding `json:"coding"`
}

// Reference points to another resource.
type Reference struct {
	Reference string `json:"reference"`
	Display   string `json:"display,omitempty"`
}

// Period is a time from and to, in UTC.
type Period struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// StatusPeriod is how long the encounter was in a status.
type StatusPeriod struct {
	Status string `json:"status"`
	Period Period `json:"period"`
}

// Participant is who took part.
type Participant struct {
	Type       []Concept `json:"type"`
	Individual Reference `json:"individual"`
}

// EncounterLocation is where it was.
type EncounterLocation struct {
	Location Reference `json:"location"`
}

// utc writes a time as SATUSEHAT wants it.
func utc(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05+00:00") }

// encounterOf is the Encounter of a ticket that ended, patient being their IHS number. It
// fails for one that lacks its times.
func encounterOf(a Account, t subject, patient string) (e Encounter, err error) {
	if t.StartedAt == nil || t.EndedAt == nil {
		return e, nothing("Kunjungan tanpa jam mulai dan selesai tidak dikirim.")
	}
	here := *t.StartedAt
	if t.HereAt != nil && t.HereAt.Before(here) {
		here = *t.HereAt
	}
	end := *t.EndedAt
	return Encounter{
		ResourceType: "Encounter",
		Identifier:   []Identifier{{"http://sys-ids.kemkes.go.id/encounter/" + a.Ministry.OrganizationID, fmt.Sprintf("%d-%s", t.VisitID, t.Code)}},
		Status:       "finished",
		StatusHistory: []StatusPeriod{
			{"arrived", Period{utc(here), utc(*t.StartedAt)}},
			{"in-progress", Period{utc(*t.StartedAt), utc(end)}},
			{"finished", Period{utc(end), utc(end)}},
		},
		Class:   Coding{"http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", "ambulatory"},
		Subject: Reference{"Patient/" + patient, t.Patient},
		Participant: []Participant{{
			Type:       []Concept{{[]Coding{{"http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "ATND", "attender"}}}},
			Individual: Reference{"Practitioner/" + t.DoctorIHS, t.Doctor},
		}},
		Period:          Period{utc(here), utc(end)},
		Location:        []EncounterLocation{{Reference{"Location/" + t.LocationID, t.Poli}}},
		ServiceProvider: Reference{Reference: "Organization/" + a.Ministry.OrganizationID},
	}, nil
}

// sayPlaces is why a visit is not sent whose doctor or poli SATUSEHAT does not know.
const sayPlaces = "Nomor IHS dokter atau lokasi poli belum diisi."

// tellMinistry sends the Encounter of a visit at a poli that ended.
func (s *Service) tellMinistry(ctx context.Context, a Account, t subject) error {
	e, err := s.encounter(ctx, a, t)
	if err != nil {
		return err
	}
	return s.Ministries.Create(ctx, a.Ministry, e)
}

// encounter is the Encounter of a visit at a poli that ended, with all that it refers to;
// where something of that is missing it says what.
func (s *Service) encounter(ctx context.Context, a Account, t subject) (e Encounter, err error) {
	switch {
	case !a.Ministry.Enabled || s.Ministries == nil:
		return e, nothing("Sambungan ke SATUSEHAT dimatikan.")
	case a.Ministry.OrganizationID == "":
		return e, nothing("Nomor organisasi puskesmas di SATUSEHAT belum diisi.")
	case len(t.NIKSealed) == 0:
		return e, nothing("Pasien tanpa NIK tidak dikirim.")
	case t.DoctorIHS == "" || t.LocationID == "":
		return e, nothing(sayPlaces)
	case t.Status != "selesai" && t.Status != "dirujuk":
		return e, nothing("Kunjungan ini diurungkan.")
	}
	nik, err := s.Box.Open(t.NIKSealed, epuskesmas.NIKContext)
	if err != nil {
		return e, err
	}
	patient, err := s.Ministries.PatientNumber(ctx, a.Ministry, nik)
	if err != nil {
		return e, err
	}
	if patient == "" {
		return e, nothing("SATUSEHAT tidak mengenal NIK pasien.")
	}
	return encounterOf(a, t, patient)
}
