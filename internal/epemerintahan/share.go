package epemerintahan

import "makassartidakrantasa.com/portal/internal/platform/audit"

// ObjectResident names residents in the audit trail.
const ObjectResident = objectResident

// Mask shows the last four digits of a NIK or KK.
func Mask(number string) string { return mask(number) }

// ReadingOf is an entry of the trail as the person concerned reads it.
func ReadingOf(e audit.Past) Reading {
	r := Reading{ID: e.ID, At: e.At, Name: e.Name, Unit: e.UnitName, Title: e.Title, WorksIn: e.WorksIn, Action: e.Action}
	r.Reason, _ = e.Detail["untuk"].(string)
	r.Letter, _ = e.Detail["jenis"].(string)
	return r
}
