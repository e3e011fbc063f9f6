package mtrweb

import (
	"encoding/json"
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// fieldPath is where a field officer's tasks are read without network. The page itself is the
// same for everybody; the phone holds the tasks.
const fieldPath = "/mtr/lapangan"

// controlAccount names who wrote a kept proof.
const controlAccount = "akun"

// takenTask is a task as the phone takes it along: what the officer sees at the desk, no more.
type takenTask struct {
	Number   string `json:"nomor"`
	Title    string `json:"judul"`
	Body     string `json:"uraian"`
	Category string `json:"kategori"`
	Place    string `json:"tempat"`
	Landmark string `json:"patokan"`
	Due      string `json:"tenggat"`
	Geo      string `json:"geo,omitempty"`
	Photo    bool   `json:"foto"`  // a photo is asked for
	Proof    bool   `json:"bukti"` // may be handed in from the phone
}

func (h *pages) field(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, fieldPage())
}

// takeAlong hands the officer's round to the script that keeps it for a day.
func (k *desk) takeAlong(w http.ResponseWriter, r *http.Request) error {
	ctx, a := r.Context(), web.ActorOf(r.Context())
	stops, _, err := k.MTR.Round(ctx, a)
	if err != nil {
		return err
	}
	tasks := make([]takenTask, 0, len(stops))
	for _, s := range stops {
		v, err := k.MTR.DeskView(ctx, a, s.Number)
		if errs.KindOf(err) == errs.NotFound {
			continue // given to somebody else meanwhile
		}
		if err != nil {
			return err
		}
		due := dueOf(v.DueKind, v.Status, v.DueAt, v.Late, v.Near, k.Clock.Now())
		t := takenTask{
			Number: v.Number, Title: v.Title, Body: v.Body, Category: v.CategoryName, Landmark: v.Landmark, Due: due.When,
			Photo: v.Proof == mtr.ProofPhoto, Proof: v.Proof != mtr.ProofDocument && (v.May(mtr.ActSubmitProof) || v.May(mtr.ActStart)),
		}
		if v.KelurahanName != "" {
			t.Place = place(v.KelurahanName, v.KecamatanName)
		}
		if v.Place != nil {
			t.Geo = degrees(v.Place.Lat) + "," + degrees(v.Place.Lng)
		}
		tasks = append(tasks, t)
	}
	body, err := json.Marshal(struct {
		Account int64       `json:"akun"`
		Tasks   []takenTask `json:"tugas"`
	}{a.AccountID, tasks})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // the phone may be gone
	return nil
}

// keptProof takes a proof that a phone had kept, and answers its script in JSON.
func (k *desk) keptProof(w http.ResponseWriter, r *http.Request) error {
	if err := k.sendKeptProof(r); err != nil {
		return refuseKept(w, err)
	}
	return answerKept(w, http.StatusOK, map[string]string{"nomor": web.Path(r, "nomor")})
}

func (k *desk) sendKeptProof(r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	in := mtr.KeptProof{Key: f.Value("kunci"), AccountID: f.ID(controlAccount, ""), Number: web.Path(r, "nomor"), Answer: f.Text(mtr.ControlAnswer)}
	if err := f.Err(); err != nil {
		return err
	}
	photos, done, err := readUploads(f).open()
	if err != nil {
		return err
	}
	defer done()
	in.Photos = photos
	return k.MTR.SendKeptProof(r.Context(), web.ActorOf(r.Context()), in)
}
