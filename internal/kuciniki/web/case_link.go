package kucinikiweb

import (
	"context"
	"strings"

	work "makassartidakrantasa.com/portal/internal/kuciniki/evidence"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// CaseLink is the number of a case, where it has one, and its page.
type CaseLink struct{ Number, Href string }

// CasePage finds the pages of those of some cases that somebody may open, by id.
type CasePage func(ctx context.Context, a authz.Actor, ids []int64) (map[int64]CaseLink, error)

// CasePages are those of each object of the work ledger. An order, or a letter that came in,
// is on the page of its letter.
type CasePages map[string]CasePage

// CaseNumbers finds what cases of an object of the work ledger are called, by id, whoever asks.
type CaseNumbers map[string]func(ctx context.Context, ids []int64) (map[int64]string, error)

// caseRef is a case in a list.
type caseRef struct {
	object     string
	id, thread int64
}

// page is the id of whose page shows the case.
func (c caseRef) page() int64 {
	if strings.HasPrefix(c.object, "eoffice_") {
		return c.thread
	}
	return c.id
}

func refOf(c work.OpenCase) caseRef { return caseRef{c.Object, c.ObjectID, c.ThreadID} }

func refOfStep(s work.Step) caseRef {
	return caseRef{s.Event.Object, s.Event.ObjectID, s.Event.ThreadID}
}

func refOfEntry(e work.Entry) caseRef { return caseRef{e.Object, e.ObjectID, e.ThreadID} }

// links are the pages of the cases in a list, as far as the viewer may open them.
type links map[caseRef]CaseLink

// refs are what a list is about.
func refs[T any](list []T, of func(T) caseRef) (out []caseRef) {
	for _, row := range list {
		out = append(out, of(row))
	}
	return out
}

func (k *desk) links(ctx context.Context, a authz.Actor, all []caseRef) (links, error) {
	ids := map[string][]int64{}
	for _, c := range all {
		if id := c.page(); id != 0 {
			ids[c.object] = append(ids[c.object], id)
		}
	}
	out := links{}
	for object, some := range ids {
		find := k.Cases[object]
		if find == nil {
			continue
		}
		pages, err := find(ctx, a, some)
		if err != nil {
			return nil, err
		}
		for _, c := range all {
			if page, ok := pages[c.page()]; ok && c.object == object {
				out[c] = page
			}
		}
	}
	return out, nil
}

// text is what a case is called in a list.
func (l links) text(c caseRef) string {
	if n := l[c].Number; n != "" {
		return work.CaseName(c.object) + " " + n
	}
	return caseText(c.object, c.id)
}
