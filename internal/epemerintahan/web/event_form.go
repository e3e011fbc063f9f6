package epemerintahanweb

import (
	"log/slog"
	"net/http"
	"slices"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

// event records what happened to somebody.
func (k *desk) event(w http.ResponseWriter, r *http.Request) error {
	rec, err := k.editable(r)
	if err != nil {
		return err
	}
	kind := epemerintahan.EventKind(web.Path(r, "peristiwa"))
	if !slices.Contains(rec.Next, kind) {
		if !slices.Contains(recordable, kind) {
			return errs.New(errs.NotFound, "")
		}
		return errs.New(errs.Conflict, rec.Name+" tercatat: "+StatusName(rec.Status)+". Peristiwa ini tidak dapat dicatat sesudahnya.")
	}
	known, err := k.prefill(r)
	if err != nil {
		return err
	}
	v := formView{Desk: frame(r), Back: residentHref(rec.ID), Title: EventName(kind) + ": " + rec.Name, Submit: "Catat peristiwa", Version: rec.Version, Lead: eventLeads[kind]}
	v.Fields = eventFields(rec, kind, known)
	return serve(w, r, v, func(f *form.Form) (string, error) {
		in := epemerintahan.EventInput{
			ResidentID: rec.ID, Version: version(f), Kind: kind, On: day(f, epemerintahan.ControlDate),
			Detail: epemerintahan.Detail{Place: f.Line(epemerintahan.ControlPlace), Destination: f.Line(epemerintahan.ControlDestination),
				Origin: f.Line(epemerintahan.ControlOrigin), Letter: f.Line(epemerintahan.ControlLetter)},
			Along: f.IDs(epemerintahan.ControlMembers), HeadID: f.ID(epemerintahan.ControlHead, ""), Reason: f.Line(epemerintahan.ControlReason),
		}
		if !f.OK() {
			return "", nil
		}
		err := k.Residents.RecordEvent(r.Context(), web.ActorOf(r.Context()), in)
		if err == nil {
			k.recorded(r, kind, rec.ID)
			web.Flash(r, "success", "Peristiwa tercatat: "+EventName(kind)+" "+indo.Date(in.On)+".")
		}
		return residentHref(rec.ID), err
	})
}

var recordable = []epemerintahan.EventKind{epemerintahan.Died, epemerintahan.MovedOut, epemerintahan.Lost, epemerintahan.MovedIn}

var eventLeads = map[epemerintahan.EventKind]string{
	epemerintahan.MovedOut: "Pindah ke luar kelurahan ini. Pindah rumah di dalam kelurahan diubah di halaman keluarga.",
	epemerintahan.MovedIn:  "Orang ini pernah pindah dari sini dan sekarang kembali ke keluarga yang sama.",
	epemerintahan.Lost:     "Dinyatakan hilang, misalnya dengan surat kepolisian.",
}

func eventFields(rec epemerintahan.Record, kind epemerintahan.EventKind, known Prefill) []field {
	line := func(name, label, hint, value string, required bool) field {
		return field{Control: ui.Control{Name: name, Label: label, Hint: hint, Value: value, Required: required, Optional: !required, Autocomplete: "off"}}
	}
	fields := []field{{As: "date", Control: ui.Control{Name: epemerintahan.ControlDate, Label: "Tanggal kejadian", Value: dateText(known.On), Required: true}}}
	switch kind {
	case epemerintahan.Died:
		fields = append(fields, line(epemerintahan.ControlPlace, "Tempat meninggal", "Rumah, rumah sakit, atau tempat lain.", known.Detail.Place, false),
			line(epemerintahan.ControlLetter, "Nomor surat kematian", "", known.Detail.Letter, false))
	case epemerintahan.MovedOut:
		fields = append(fields, line(epemerintahan.ControlDestination, "Pindah ke", "Kelurahan, kota, provinsi, atau negara tujuan.", known.Detail.Destination, true),
			line(epemerintahan.ControlLetter, "Nomor SKPWNI", "", known.Detail.Letter, false))
	case epemerintahan.MovedIn:
		fields = append(fields, line(epemerintahan.ControlOrigin, "Datang dari", "", known.Detail.Origin, false),
			line(epemerintahan.ControlLetter, "Nomor SKPWNI", "", known.Detail.Letter, false))
	case epemerintahan.Lost:
		fields = append(fields, line(epemerintahan.ControlPlace, "Terakhir terlihat di", "", known.Detail.Place, false),
			line(epemerintahan.ControlLetter, "Nomor surat kepolisian", "", known.Detail.Letter, false))
	}
	var along []epemerintahan.Member
	for _, m := range rec.Family {
		if m.ID != rec.ID && m.Status == rec.Status {
			along = append(along, m)
		}
	}
	if moves := kind == epemerintahan.MovedOut || kind == epemerintahan.MovedIn; moves && len(along) > 0 {
		c := ui.Control{Name: epemerintahan.ControlMembers, Label: "Siapa yang ikut", Hint: "Centang semua bila seluruh keluarga.", Options: memberOptions("", along)}
		if rec.Relation == epemerintahan.RelationHead {
			for _, o := range c.Options {
				c.Values = append(c.Values, o.Value)
			}
		}
		fields = append(fields, field{As: "checks", Control: c})
	}
	switch {
	case kind == epemerintahan.MovedIn:
		fields = append(fields, headField("Bila kepala keluarga yang lama tidak ikut kembali.", returners(rec))...)
	case kind == epemerintahan.MovedOut || rec.Relation == epemerintahan.RelationHead:
		fields = append(fields, headField(hintStay, others(rec))...)
	}
	return append(fields, reasonField("Keterangan", "", false))
}

// prefill is what the letter named in the address knows.
func (k *desk) prefill(r *http.Request) (Prefill, error) {
	q, err := form.Query(r)
	if err != nil {
		return Prefill{}, err
	}
	id := q.ID(epemerintahan.ControlLetter, "")
	if id == 0 || k.FromLetter == nil {
		return Prefill{}, nil
	}
	return k.FromLetter(r.Context(), web.ActorOf(r.Context()), id)
}

// recorded tells the letter named in the address that its event is in the register now.
// Where that fails the letter goes on offering it, and its desk can still mark it.
func (k *desk) recorded(r *http.Request, kind epemerintahan.EventKind, residentID int64) {
	q, err := form.Query(r)
	if err != nil || k.Recorded == nil {
		return
	}
	id := q.ID(epemerintahan.ControlLetter, "")
	if id == 0 {
		return
	}
	if err := k.Recorded(r.Context(), web.ActorOf(r.Context()), id, kind, residentID); err != nil {
		slog.WarnContext(r.Context(), "mark a letter's event as recorded", "letter", id, "err", err)
	}
}

// reverse undoes the latest event.
func (k *desk) reverse(w http.ResponseWriter, r *http.Request) error {
	rec, err := k.editable(r)
	if err != nil {
		return err
	}
	if rec.Undo == 0 {
		return errs.New(errs.Conflict, "Tidak ada peristiwa yang dapat dibatalkan. Bila orang ini tidak pernah tinggal di sini, hapus datanya.")
	}
	last := rec.Events[rec.Undo-1]
	v := formView{Desk: frame(r), Back: residentHref(rec.ID), Title: "Batalkan peristiwa: " + rec.Name, Submit: "Batalkan peristiwa", Danger: true, Version: rec.Version,
		Lead: EventName(last.Kind) + " " + indo.Date(last.HappenedOn) + " dibatalkan dengan catatan baru; yang lama tetap terbaca di riwayat."}
	if last.Kind == epemerintahan.MovedOut || last.Kind == epemerintahan.MovedIn {
		v.Fields = append(v.Fields, field{As: "check", Control: ui.Control{Name: epemerintahan.ControlMembers, Label: "Batalkan juga bagi anggota keluarga yang dicatat bersamaan", Values: []string{"1"}}})
	}
	if last.Kind == epemerintahan.MovedIn {
		v.Fields = append(v.Fields, headField(hintStay, others(rec))...)
	} else {
		v.Fields = append(v.Fields, headField("Bila kepala keluarga yang lama tidak ikut kembali.", returners(rec))...)
	}
	v.Fields = append(v.Fields, reasonField("Mengapa dibatalkan", "", true))
	return serve(w, r, v, func(f *form.Form) (string, error) {
		err := k.Residents.ReverseEvent(r.Context(), web.ActorOf(r.Context()), epemerintahan.ReverseInput{
			ResidentID: rec.ID, Version: version(f), Seq: rec.Undo, All: f.Bool(epemerintahan.ControlMembers),
			HeadID: f.ID(epemerintahan.ControlHead, ""), Reason: f.Line(epemerintahan.ControlReason)})
		if err == nil {
			web.Flash(r, "success", "Peristiwa dibatalkan.")
		}
		return reversedHref(rec, last), err
	})
}

// reversedHref is where to go after an event was undone: whoever had arrived from
// elsewhere is there again, out of sight perhaps.
func reversedHref(rec epemerintahan.Record, undone epemerintahan.HistoryEvent) string {
	if undone.Detail.FamilyBefore != 0 {
		return familyHref(rec.FamilyID)
	}
	return residentHref(rec.ID)
}
