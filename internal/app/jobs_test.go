package app_test

import (
	"testing"
	"time"

	"makassartidakrantasa.com/portal/internal/app/apptest"
	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// TestDeadlinesAreMet starts the portal's background work on a report whose time is up.
func TestDeadlinesAreMet(t *testing.T) {
	t.Parallel()
	s := apptest.New(t)
	m, ctx := s.App.MTR, t.Context()
	token, err := m.CreateDraft(ctx, authz.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	categories, err := m.SearchCategories(ctx, "ktp")
	if err != nil || len(categories) == 0 {
		t.Fatalf("no category: %v", err)
	}
	for _, err := range []error{
		m.SaveDraftCategory(ctx, token, mtr.CategoryInput{CategoryID: categories[0].ID}),
		m.SaveWords(ctx, token, mtr.WordsInput{Title: "Promo besar", Body: "https://a.id https://b.id https://c.id"}),
		m.SaveWho(ctx, token, mtr.WhoInput{Name: "Promosi", Email: "promosi@uji.example"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r, err := m.Submit(ctx, authz.Actor{}, token)
	if err != nil || !r.Held {
		t.Fatalf("held %v, %v", r.Held, err)
	}
	s.Clock.Advance(mtr.ConfirmWithin)
	changed, cancel := s.App.Hub.Subscribe(mtr.LiveReport(r.ReportID))
	defer cancel()
	s.Work()
	over := time.After(2 * time.Minute)
	for {
		v, err := m.ReporterView(ctx, authz.Actor{}, mtr.ReporterKey{Number: r.Number, Token: r.Token})
		if err != nil {
			t.Fatal(err)
		}
		if v.Status == mtr.Lapsed {
			return
		}
		select {
		case <-changed:
		case <-over:
			t.Fatalf("still %s", v.Status)
		}
	}
}
