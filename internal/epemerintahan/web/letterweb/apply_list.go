package letterweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// catalogueView is the list of letters that there are.
type catalogueView struct {
	Search   string
	Groups   []kindGroup
	SignedIn bool
	Identity letter.Identity
	Mine     []letter.Summary // the newest
	page     mineView
}

type kindGroup struct {
	Title string
	Kinds []letter.Kind
}

// newestMine is how many of the account's letters stand above the list.
const newestMine = 3

// catalogue shows what letters there are and, to those signed in, their own.
func (h *pages) catalogue(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	q, err := form.Query(r)
	if err != nil {
		return err
	}
	v := catalogueView{Search: q.Line("cari"), SignedIn: a.SignedIn()}
	kinds, err := h.kinds(ctx, a, &v.Identity)
	if err != nil {
		return err
	}
	v.Groups = groupKinds(findKinds(kinds, v.Search))
	if v.SignedIn && v.Search == "" {
		if v.Mine, err = h.Letters.Mine(ctx, a, 0); err != nil {
			return err
		}
		v.Mine = v.Mine[:min(len(v.Mine), newestMine)]
	}
	v.page.Now = h.now()
	return web.Render(w, r, http.StatusOK, cataloguePage(v))
}

// kinds are those of the account's own kelurahan, else the city's.
func (h *pages) kinds(ctx context.Context, a authz.Actor, id *letter.Identity) (_ []letter.Kind, err error) {
	if a.SignedIn() {
		if *id, err = h.Letters.MyIdentity(ctx, a); err != nil {
			return nil, err
		}
	}
	return h.Letters.Kinds(ctx, homeOf(*id))
}

// homeOf is the kelurahan where an account is at home, 0 while that is not proved.
func homeOf(id letter.Identity) int64 {
	if id.Status != letter.IdentityProved {
		return 0
	}
	return id.KelurahanID
}

func groupKinds(ks []letter.Kind) (out []kindGroup) {
	ks = slices.Clone(ks)
	slices.SortStableFunc(ks, func(a, b letter.Kind) int {
		return cmp.Or(cmp.Compare(categoryOrder(a.Category), categoryOrder(b.Category)), cmp.Compare(a.No, b.No))
	})
	for _, k := range ks {
		title := categoryTitle(k.Category)
		if len(out) == 0 || out[len(out)-1].Title != title {
			out = append(out, kindGroup{Title: title})
		}
		g := &out[len(out)-1]
		g.Kinds = append(g.Kinds, k)
	}
	return out
}

// kindInfoView is what one letter takes.
type kindInfoView struct {
	Kind     letter.Kind
	Identity letter.Identity
	SignedIn bool
}

// kindPage tells what a letter takes, before anybody signs in.
func (h *pages) kindPage(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := kindInfoView{SignedIn: a.SignedIn()}
	var err error
	if v.SignedIn {
		if v.Identity, err = h.Letters.MyIdentity(ctx, a); err != nil {
			return err
		}
	}
	if v.Kind, err = h.Letters.KindFor(ctx, homeOf(v.Identity), web.Path(r, "kode")); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, kindInfoPage(v))
}

// brings are the papers to have at hand.
func (v kindInfoView) brings() []letter.Requirement {
	return slices.DeleteFunc(slices.Clone(v.Kind.Requirements), func(r letter.Requirement) bool { return !asked(r) })
}

// proved names the papers that the register stands for.
func (v kindInfoView) proved() string {
	var names []string
	for _, r := range v.Kind.Requirements {
		if !asked(r) {
			names = append(names, r.Name)
		}
	}
	return strings.Join(names, ", ")
}
