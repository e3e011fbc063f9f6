package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/clock"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
)

// telling carries the steps out through the module's own use cases, with a
// clock that stands where the story is.
type telling struct {
	ctx        context.Context
	db         pg.Querier
	mtr        *mtr.Module
	clock      *clock.Fake
	cast       players
	pictures   *pictures
	categories map[string]mtr.Category
	routes     []mtr.Route
	areas      map[string]int64 // of kelurahan, by code
}

func (k *telling) load() error {
	all, err := k.mtr.Categories(k.ctx)
	if err != nil {
		return err
	}
	k.categories = map[string]mtr.Category{}
	for _, c := range all {
		k.categories[c.Code] = c
		routes, err := k.mtr.Routes(k.ctx, k.cast["admin"], c.ID)
		if err != nil {
			return err
		}
		k.routes = append(k.routes, routes...)
	}
	return nil
}

func (k *telling) tell(s scheduled) error {
	k.clock.Set(s.at)
	if err := s.do(k, s.of); err != nil {
		return fmt.Errorf("%s of %s %q on %s: %w", s.does, s.of.number, s.of.title, s.at.Format(time.DateTime), err)
	}
	return nil
}

// pass lets time do its part between two moments, every few hours, and returns when
// it is to look again.
func (k *telling) pass(from, to time.Time) (next time.Time, err error) {
	const every = 6 * time.Hour
	for next = from; !next.After(to); next = next.Add(every) {
		k.clock.Set(next)
		for _, part := range []func(context.Context) (int, error){
			k.mtr.LapseUnconfirmed, k.mtr.CloseSettled, k.mtr.EscalateToUnit, k.mtr.EscalateToMayor,
		} {
			if _, err := part(k.ctx); err != nil {
				return next, fmt.Errorf("at %s: %w", next.Format(time.DateTime), err)
			}
		}
		if _, err := k.mtr.SendDigest(k.ctx); err != nil {
			return next, fmt.Errorf("digest at %s: %w", next.Format(time.DateTime), err)
		}
	}
	return next, nil
}

func (k *telling) reporter(t *tale) (authz.Actor, mtr.ReporterKey) {
	if t.teller != "" {
		return k.cast[t.teller], mtr.ReporterKey{Number: t.number}
	}
	return authz.Actor{}, mtr.ReporterKey{Number: t.number, Token: t.token}
}

func (k *telling) submit(t *tale) error {
	a, m, ctx := k.cast[t.teller], k.mtr, k.ctx
	draft, err := m.CreateDraft(ctx, a)
	if err != nil {
		return err
	}
	for _, s := range t.photos {
		photo := k.pictures.jpeg(s)
		in := mtr.PhotoInput{File: bytes.NewReader(photo), Size: int64(len(photo)), ClientGPS: t.point}
		if _, err := m.AddPhoto(ctx, draft, in); err != nil {
			return err
		}
	}
	category := k.categories[t.matter.category]
	steps := []func() error{
		func() error { return m.FinishPhotos(ctx, draft) },
		func() error { return k.place(t, draft, category) },
		func() error { return m.SaveDraftCategory(ctx, draft, mtr.CategoryInput{CategoryID: category.ID}) },
		func() error { return m.SaveExtra(ctx, draft, t.extra) },
		func() error { return m.SaveWords(ctx, draft, mtr.WordsInput{Title: t.title, Body: t.body}) },
		func() error { return m.SaveWho(ctx, draft, t.who) },
	}
	for _, save := range steps {
		if err := save(); err != nil {
			return err
		}
	}
	r, err := m.Submit(ctx, a, draft)
	t.id, t.number, t.token = r.ReportID, r.Number, r.Token
	return err
}

func (k *telling) place(t *tale, draft string, c mtr.Category) error {
	in := mtr.PlaceInput{Place: t.point, Source: mtr.SourcePin, KelurahanID: t.area.ID, Landmark: t.landmark}
	if c.Place == mtr.PlaceNone {
		in = mtr.PlaceInput{}
	}
	return k.mtr.SavePlace(k.ctx, draft, in)
}

func act(t *tale) mtr.Act { return mtr.Act{ReportID: t.id} }

func reason(t *tale, words string) mtr.ReasonInput {
	return mtr.ReasonInput{Act: act(t), Reason: words}
}

// sendOn forwards to where the routes say; after a bounce to the kecamatan.
func sendOn(note string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		unit, err := k.unitFor(t)
		if err != nil {
			return err
		}
		t.unit = unit
		return k.mtr.Forward(k.ctx, k.cast["dispatcher"], mtr.ForwardInput{Act: act(t), UnitID: unit.ID, Note: note})
	}
}

func (k *telling) unitFor(t *tale) (org.Unit, error) {
	if t.passed > 0 {
		code := t.area.KecamatanCode
		if t.unit.Kind == org.KindKecamatan {
			code = "DPU"
		}
		return org.UnitByCode(k.ctx, k.db, code)
	}
	route, ok := mtr.Resolve(k.routes, k.categories[t.matter.category].ID, t.area.ID, t.extra)
	switch {
	case ok && route.Target == mtr.TargetUnit:
		return org.UnitByID(k.ctx, k.db, route.UnitID)
	case ok && route.Target == mtr.TargetKecamatan:
		return org.UnitByCode(k.ctx, k.db, t.area.KecamatanCode)
	}
	return org.UnitByCode(k.ctx, k.db, "KOMINFO")
}

// handler decides for the unit in charge, worker goes there.
func (k *telling) handler(t *tale) authz.Actor {
	switch t.unit.Kind {
	case org.KindKecamatan:
		return k.cast[officerOf(t.unit)]
	}
	if t.unit.Code == "DPU" {
		return k.cast["kabid"]
	}
	if head, ok := k.cast["kepala."+lower(t.unit.Code)]; ok {
		return head
	}
	return k.worker(t)
}

func (k *telling) worker(t *tale) authz.Actor {
	if t.unit.Kind == org.KindKecamatan {
		return k.cast[officerOf(t.unit)]
	}
	return k.cast["petugas."+lower(t.unit.Code)]
}

func reject(why string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		return k.mtr.Reject(k.ctx, k.cast["dispatcher"], mtr.RejectInput{Act: act(t), Reason: why})
	}
}

func (k *telling) duplicate(t *tale) error {
	return k.mtr.MarkDuplicate(k.ctx, k.cast["dispatcher"], mtr.DuplicateInput{Act: act(t), ParentNumber: t.parent.number, Note: "Lokasi dan masalahnya sama."})
}

func refer(agency, why string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		return k.mtr.ReferOut(k.ctx, k.cast["dispatcher"], mtr.ReferInput{Act: act(t), Agency: agency, Reason: why})
	}
}

func agencyAnswer(answer string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		return k.mtr.RecordAgencyAnswer(k.ctx, k.cast["dispatcher"], mtr.AgencyAnswerInput{Act: act(t), Answer: answer})
	}
}

func ask(question string, byUnit bool) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		return k.mtr.AskInfo(k.ctx, k.asker(t, byUnit), mtr.AskInfoInput{Act: act(t), Question: question})
	}
}

func resume(words string, byUnit bool) func(*telling, *tale) error {
	return func(k *telling, t *tale) error { return k.mtr.Resume(k.ctx, k.asker(t, byUnit), reason(t, words)) }
}

func (k *telling) asker(t *tale, byUnit bool) authz.Actor {
	if byUnit {
		return k.handler(t)
	}
	return k.cast["dispatcher"]
}

func info(words string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		a, key := k.reporter(t)
		return k.mtr.GiveInfo(k.ctx, a, key, mtr.GiveInfoInput{Body: words})
	}
}

func bounce(why string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		t.passed++
		return k.mtr.Bounce(k.ctx, k.handler(t), reason(t, why))
	}
}

// assign gives the work to the officer where the handler is somebody else.
func assign(note string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		h, w := k.handler(t), k.worker(t)
		if h.AccountID == w.AccountID {
			return nil
		}
		return k.mtr.Assign(k.ctx, h, mtr.AssignInput{Act: act(t), PositionID: w.MainPosition().ID, PersonID: w.PersonID, Note: note})
	}
}

func start(note string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		return k.mtr.Start(k.ctx, k.worker(t), mtr.StartInput{Act: act(t), Note: note})
	}
}

func schedule(day time.Time, why string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		return k.mtr.Schedule(k.ctx, k.worker(t), mtr.ScheduleInput{Act: act(t), Date: day, Reason: why})
	}
}

func respond(words string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error { return k.mtr.Respond(k.ctx, k.handler(t), reason(t, words)) }
}

func note(words string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error { return k.mtr.Note(k.ctx, k.handler(t), reason(t, words)) }
}

// prove hands in what the category asks for.
func (k *telling) prove(t *tale) error {
	w := k.worker(t)
	switch k.categories[t.matter.category].Proof {
	case mtr.ProofPhoto:
		photo := k.pictures.jpeg(t.after)
		if _, err := k.mtr.AddProofPhoto(k.ctx, w, t.id, mtr.PhotoInput{File: bytes.NewReader(photo), Size: int64(len(photo))}); err != nil {
			return err
		}
	case mtr.ProofDocument:
		doc := sheet(t.title)
		in := mtr.DocumentInput{Name: "hasil-pemeriksaan.pdf", File: bytes.NewReader(doc), Size: int64(len(doc))}
		if _, err := k.mtr.AddProofDocument(k.ctx, w, t.id, in); err != nil {
			return err
		}
	}
	return k.mtr.SubmitProof(k.ctx, w, mtr.ProofInput{Act: act(t), Answer: t.answer})
}

func refuseProof(why string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		return k.mtr.RejectProof(k.ctx, k.cast["validator"], reason(t, why))
	}
}

func validate(note string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		return k.mtr.Validate(k.ctx, k.cast["validator"], mtr.ValidateInput{Act: act(t), Note: note})
	}
}

func dispute(why string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		a, key := k.reporter(t)
		return k.mtr.Dispute(k.ctx, a, key, mtr.DisputeInput{Reason: why})
	}
}

func (k *telling) confirm(t *tale) error {
	a, key := k.reporter(t)
	return k.mtr.Confirm(k.ctx, a, key)
}

func rate(stars int, words string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		a, key := k.reporter(t)
		return k.mtr.Rate(k.ctx, a, key, mtr.RateInput{Stars: stars, Comment: words})
	}
}

func cancel(words string) func(*telling, *tale) error {
	return func(k *telling, t *tale) error {
		a, key := k.reporter(t)
		return k.mtr.Cancel(k.ctx, a, key, mtr.CancelInput{Reason: words})
	}
}
