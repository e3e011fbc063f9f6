// Package surveyweb is the face of the survey: the questionnaire of a case, the results that
// anybody reads, and what heads of units read of what people wrote.
package surveyweb

import (
	"context"
	"net/http"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/survey"
)

// Deps is what the pages stand on.
type Deps struct {
	Survey *survey.Module
	Clock  clock.Clock
}

const (
	resultPath = "/survei"
	formPath   = resultPath + "/isi"
	filePath   = resultPath + "/hasil.csv"
	deskPath   = "/meja/survei"

	// One network's answers in a minute: a clinic's phones may share an address.
	answersPerMinute = 30
)

// Routes are all pages of the survey.
func Routes(d Deps) []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: resultPath, Access: web.Public, Handle: d.results, Same: true},
		{Method: http.MethodGet, Pattern: filePath, Access: web.Public, Handle: d.file, Machine: true, Same: true},
		{Method: http.MethodGet, Pattern: formPath + "/{token}", Access: web.Secret, Handle: d.questionnaire},
		{Method: http.MethodPost, Pattern: formPath + "/{token}", Access: web.Secret, Handle: d.answer, PerMinute: answersPerMinute},
		{Method: http.MethodGet, Pattern: deskPath, Access: web.Needs(survey.PermRead), Handle: d.remarks},
	}
}

// DeskItems is the way to what people wrote.
func DeskItems(_ context.Context, a authz.Actor) ([]ui.DeskGroup, error) {
	if !a.Has(survey.PermRead) {
		return nil, nil
	}
	return []ui.DeskGroup{{Title: "Survei kepuasan", Items: []ui.DeskItem{{Label: "Saran warga", Href: deskPath}}}}, nil
}

// Invite returns what gives the address of the questionnaire of a service's case, "" where
// there is nothing to ask; see [survey.Module.Token].
func Invite(m *survey.Module, s survey.Service) func(unitID, caseID int64, ended time.Time) string {
	return func(unitID, caseID int64, ended time.Time) string {
		if token := m.Token(survey.Case{Service: s, UnitID: unitID, ID: caseID, Ended: ended}); token != "" {
			return formPath + "/" + token
		}
		return ""
	}
}
