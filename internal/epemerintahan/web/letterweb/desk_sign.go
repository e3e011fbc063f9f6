package letterweb

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/naskah"
	"makassartidakrantasa.com/portal/internal/platform/session"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const signPath = deskPath + "/tanda-tangan"

// haveReadKey of the session holds which letter was read in which version: what
// changed since is not signed unread.
const haveReadKey = "epemerintahan.dibaca"

// haveRead are the versions that this person read in this session.
func haveRead(ctx context.Context) map[int64]int {
	m := map[int64]int{}
	_ = json.Unmarshal([]byte(session.GetString(ctx, haveReadKey)), &m) // nothing read yet
	return m
}

func rememberRead(ctx context.Context, id int64, version int) {
	m := haveRead(ctx)
	if len(m) > 4*maxBatch {
		clear(m) // long signed
	}
	m[id] = version
	if data, err := json.Marshal(m); err == nil { // numbers always do
		session.Put(ctx, haveReadKey, string(data))
	}
}

// signItem is a letter that waits for this signer.
type signItem struct {
	letter.Summary
	Read bool
}

// signView is the list of those letters.
type signView struct {
	Desk       *ui.Desk
	Items      []signItem
	Read       int
	Passphrase bool
	Form       *form.Form
	Results    []signResult
	Now        letterView // for the dates' words
}

type signResult struct {
	letter.Summary
	Number  string
	Problem string
}

// waiting lists what is to be signed electronically, most urgent first.
func (k *desk) waiting(ctx context.Context, a authz.Actor) ([]signItem, error) {
	read := haveRead(ctx)
	var out []signItem
	for after := int64(0); len(out) < maxBatch; {
		list, err := k.Letters.Queue(ctx, a, letter.QueueSign, after)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			if s.Mode == letter.Electronic {
				out = append(out, signItem{s, read[s.ID] == s.Version})
			}
		}
		if len(list) < letter.QueuePage {
			break
		}
		after = list[len(list)-1].ID
	}
	return out[:min(len(out), maxBatch)], nil
}

// maxBatch letters are read and signed at one go.
const maxBatch = 50

func (k *desk) loadSign(r *http.Request) (signView, error) {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	v := signView{Passphrase: k.Letters.NeedsPassphrase(), Now: letterView{Now: k.now()}}
	var err error
	if v.Items, err = k.waiting(ctx, a); err != nil {
		return v, err
	}
	for _, it := range v.Items {
		if it.Read {
			v.Read++
		}
	}
	v.Desk, err = k.side(ctx, a, signPath)
	return v, err
}

func (k *desk) signList(w http.ResponseWriter, r *http.Request) error {
	v, err := k.loadSign(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, signPage(v))
}

// signAll signs what was read, and says how each went.
func (k *desk) signAll(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.loadSign(r)
	if err != nil {
		return err
	}
	var acts []letter.Act
	var of []letter.Summary
	for _, it := range v.Items {
		if it.Read && slices.Contains(f.Multi(controlLetters), strconv.FormatInt(it.ID, 10)) {
			acts, of = append(acts, letter.Act{ID: it.ID, Version: it.Version}), append(of, it.Summary)
		}
	}
	if len(acts) == 0 {
		f.Fail("", "Belum ada surat yang dibaca di antara yang dipilih. Buka dan baca suratnya dulu.")
		v.Form = f
		return web.Render(w, r, http.StatusUnprocessableEntity, signPage(v))
	}
	secret, err := k.mayHold(ctx, a, f)
	if f.FailWith(err) {
		v.Form = f
		return web.Render(w, r, http.StatusUnprocessableEntity, signPage(v))
	}
	if err != nil {
		return err
	}
	var results []signResult
	for i, res := range k.Letters.Sign(ctx, a, acts, secret) {
		out := signResult{Summary: of[i], Number: res.Number}
		if res.Err != nil {
			if out.Problem = errs.MessageOf(res.Err); errs.KindOf(res.Err) == errs.Internal || out.Problem == "" {
				out.Problem = "Belum tertandatangani karena gangguan. Coba lagi sebentar lagi."
			}
		}
		results = append(results, out)
	}
	if v, err = k.loadSign(r); err != nil {
		return err
	}
	v.Results = results
	return web.Render(w, r, http.StatusOK, signPage(v))
}

const controlLetters = "surat"

// readView is one letter of the pile, to be read.
type readView struct {
	Desk           *ui.Desk
	L              letterView
	Sheet          naskah.Document
	At, Of         int
	Prev, Next     int64
	Read           bool
	ReadSoFar      int
	AfterwardsHref string
}

// pile finds a letter among those that wait.
func (k *desk) pile(r *http.Request) (readView, error) {
	id, err := web.PathInt(r, "id")
	if err != nil {
		return readView{}, err
	}
	ctx, a := r.Context(), web.ActorOf(r.Context())
	items, err := k.waiting(ctx, a)
	if err != nil {
		return readView{}, err
	}
	i := slices.IndexFunc(items, func(it signItem) bool { return it.ID == id })
	if i < 0 {
		return readView{}, errs.New(errs.NotFound, "Surat ini tidak lagi menunggu tanda tangan Anda. Kembali ke daftar.")
	}
	v := readView{At: i + 1, Of: len(items), Read: items[i].Read, AfterwardsHref: signPath}
	for j, it := range items {
		if it.Read {
			v.ReadSoFar++
		}
		switch {
		case j == i-1:
			v.Prev = it.ID
		case j == i+1:
			v.Next = it.ID
		}
	}
	if v.Next != 0 {
		v.AfterwardsHref = signHref(v.Next)
	}
	v.L.L.Summary = items[i].Summary
	return v, nil
}

func signHref(id int64) string { return signPath + "/" + strconv.FormatInt(id, 10) }

func (k *desk) signRead(w http.ResponseWriter, r *http.Request) error {
	v, err := k.pile(r)
	if err != nil {
		return err
	}
	if v.L, err = k.load(r, v.L.L.ID); err != nil {
		return err
	}
	if v.Sheet, err = k.Letters.Preview(r.Context(), web.ActorOf(r.Context()), v.L.L.ID); err != nil {
		return err
	}
	if v.Desk, err = k.side(r.Context(), web.ActorOf(r.Context()), signPath); err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, readPage(v))
}

// signHaveRead notes that a letter was read, and turns to the next one.
func (k *desk) signHaveRead(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := k.pile(r)
	if err != nil {
		return err
	}
	if version, _ := strconv.Atoi(f.Value(controlVersion)); version != v.L.L.Version {
		web.Flash(r, "warning", "Surat ini berubah selagi Anda membacanya. Baca sekali lagi.")
		return web.Redirect(w, r, signHref(v.L.L.ID))
	}
	rememberRead(r.Context(), v.L.L.ID, v.L.L.Version)
	return web.Redirect(w, r, v.AfterwardsHref)
}

// unread is the first letter still to be read.
func (v signView) unread() int64 {
	for _, it := range v.Items {
		if !it.Read {
			return it.ID
		}
	}
	return 0
}

// typed is a control with what was wrong in it; secrets are typed again.
func (v signView) typed(c ui.Control) ui.Control {
	c.Error = v.Form.Errors().Get(c.Name)
	return c
}

// outcome says how a batch ended, in a line.
func (v signView) outcome() string {
	failed := 0
	for _, r := range v.Results {
		if r.Problem != "" {
			failed++
		}
	}
	switch signed := len(v.Results) - failed; {
	case failed == 0:
		return strconv.Itoa(signed) + " surat ditandatangani"
	case signed == 0:
		return "Belum ada surat yang ditandatangani"
	default:
		return strconv.Itoa(signed) + " surat ditandatangani, " + strconv.Itoa(failed) + " belum"
	}
}
