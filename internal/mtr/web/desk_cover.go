package mtrweb

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

func coverHref(number, ref string) string { return join(deskPath, number, "foto", ref, "tutup") }

// boxSides are the numbers of a box, in percent.
var boxSides = []struct{ Name, Label string }{{"kiri", "Kiri"}, {"atas", "Atas"}, {"lebar", "Lebar"}, {"tinggi", "Tinggi"}}

func boxControl(side string, i int) string { return side + strconv.Itoa(i+1) }

// coverView is the page on which parts of a photo are blacked out.
type coverView struct {
	reportView
	Photo  mtr.DeskPhoto
	errors form.Errors
	typed  *form.Form
	Late   string // why what was typed was not done
}

func (v coverView) value(name string) string {
	if v.typed == nil {
		return ""
	}
	return v.typed.Value(name)
}

func (v coverView) side(side struct{ Name, Label string }, i int) ui.Control {
	name := boxControl(side.Name, i)
	return ui.Control{Name: name, Label: side.Label, Type: "number", InputMode: "numeric", Width: "short", Value: v.value(name), Min: "0", Max: "100"}
}

func (k *desk) coverView(r *http.Request) (v coverView, err error) {
	if v.reportView, err = k.load(r, web.Path(r, "nomor")); err != nil {
		return v, err
	}
	i := slices.IndexFunc(v.R.Photos, func(p mtr.DeskPhoto) bool { return p.Ref == web.Path(r, "ref") })
	if i < 0 {
		return v, errs.New(errs.NotFound, "Foto ini tidak ada.")
	}
	v.Photo = v.R.Photos[i]
	if !v.R.May(mtr.ActRedactPhoto) {
		return v, errs.New(errs.Forbidden, "Menutup bagian foto bukan wewenang Anda untuk laporan ini.")
	}
	return v, nil
}

func (k *desk) coverPage(w http.ResponseWriter, r *http.Request) error {
	v, err := k.coverView(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, coverPage(v))
}

func (k *desk) cover(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	act, err := actOf(f)
	if err != nil {
		return err
	}
	in := mtr.RedactPhotoInput{Act: act, Ref: web.Path(r, "ref"), Boxes: readBoxes(f), Reason: f.Text(mtr.ControlReason)}
	if err = f.Err(); err == nil {
		err = k.MTR.RedactPhoto(r.Context(), web.ActorOf(r.Context()), in)
	}
	a := actFor(mtr.ActRedactPhoto)
	if err == nil {
		return done(w, r, a, f)
	}
	late := ""
	if !f.FailWith(err) {
		if errs.KindOf(err) != errs.Conflict {
			return err
		}
		late = errs.MessageOf(err)
	}
	v, loadErr := k.coverView(r)
	if loadErr != nil {
		return loadErr
	}
	v.typed, v.errors, v.Late = f, f.Errors(), late
	return web.Render(w, r, web.Status(err), coverPage(v))
}

// readBoxes reads the boxes of which any side is filled in.
func readBoxes(f *form.Form) (out []mtr.Box) {
	for i := range mtr.MaxBoxes {
		var sides [4]int
		filled := 0
		for j, side := range boxSides {
			raw := strings.TrimSpace(f.Value(boxControl(side.Name, i)))
			if raw == "" {
				continue
			}
			n, err := strconv.Atoi(raw)
			if err != nil || n < 0 || n > 100 {
				f.Fail(mtr.ControlBoxes, "Isi setiap angka dengan bilangan bulat 0 sampai 100.")
				return nil
			}
			sides[j] = n
			filled++
		}
		if filled == 0 {
			continue
		}
		if filled < len(sides) {
			f.Fail(mtr.ControlBoxes, "Lengkapi keempat angka bagian "+strconv.Itoa(i+1)+", atau kosongkan semuanya.")
			return nil
		}
		out = append(out, mtr.Box{Left: sides[0], Top: sides[1], Width: sides[2], Height: sides[3]})
	}
	return out
}
