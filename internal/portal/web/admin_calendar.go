package portalweb

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/platform/calendar"
	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/indo"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

type calendarView struct {
	Desk *ui.Desk
	portal.CalendarYear
}

func (h *admin) calendar(w http.ResponseWriter, r *http.Request) error {
	year := h.Admin.Clock.Now().Year()
	if s := r.URL.Query().Get("tahun"); s != "" {
		var err error
		if year, err = strconv.Atoi(s); err != nil || year < 2000 || year > 2100 {
			return errs.New(errs.NotFound, "")
		}
	}
	c, err := h.Admin.Calendar(r.Context(), web.ActorOf(r.Context()), year)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, calendarPage(calendarView{Desk: h.desk(r), CalendarYear: c}))
}

func yearHref(year int) string { return adminHref("kalender") + "?tahun=" + strconv.Itoa(year) }

var holidayKinds = []ui.Option{
	{Value: calendar.HolidayNational, Label: "Libur nasional"}, {Value: calendar.HolidayLeave, Label: "Cuti bersama"},
	{Value: calendar.HolidayRegional, Label: "Libur daerah"},
}

func holidayKind(kind string) string {
	for _, o := range holidayKinds {
		if o.Value == kind {
			return o.Label
		}
	}
	return kind
}

// dayOfPath reads a day of the address.
func dayOfPath(r *http.Request) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, web.Path(r, "hari"))
	if err != nil {
		err = errs.New(errs.NotFound, "")
	}
	return day, err
}

// saveHoliday serves the form of a new holiday and of one that exists.
func (h *admin) saveHoliday(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	year, old := h.Admin.Clock.Now().Year(), calendar.Holiday{Kind: calendar.HolidayNational}
	v := adminForm{Desk: h.desk(r), Title: "Hari libur baru", Submit: "Simpan hari libur", Lead: "Tenggat yang dihitung sesudah ini memakai kalender yang baru; tenggat yang sudah ada tidak berubah."}
	if web.Path(r, "hari") != "" {
		day, err := dayOfPath(r)
		if err != nil {
			return err
		}
		year = day.Year()
		c, err := h.Admin.Calendar(r.Context(), a, year)
		if err != nil {
			return err
		}
		for _, one := range c.Holidays {
			if one.Day.Equal(day) {
				old = one
			}
		}
		if old.Day.IsZero() {
			return errs.New(errs.NotFound, "")
		}
		v.Title = "Ubah hari libur " + indo.Date(day)
	} else if y, err := strconv.Atoi(r.URL.Query().Get("tahun")); err == nil && y >= 2000 && y <= 2100 {
		year = y
	}
	v.Back = yearHref(year)
	if old.Day.IsZero() {
		v.Fields = append(v.Fields, adminField{As: "date", Control: ui.Control{Name: "tanggal", Label: "Tanggal", Required: true}})
	}
	v.Fields = append(v.Fields,
		adminField{Control: ui.Control{Name: "nama", Label: "Nama", Hint: "Misalnya Maulid Nabi.", Value: old.Name, Required: true, Width: "medium"}},
		adminField{As: "radios", Control: ui.Control{Name: "jenis", Label: "Jenis", Value: old.Kind, Options: holidayKinds}},
	)
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		in := calendar.Holiday{Day: old.Day, Name: f.Line("nama"), Kind: f.Line("jenis")}
		if in.Day.IsZero() {
			in.Day = portal.DateOf(f.Date("tanggal", "Isi tanggalnya."))
		}
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.SaveHoliday(r.Context(), a, in)
		if err == nil {
			web.Flash(r, "success", indo.Date(in.Day)+" tercatat sebagai "+in.Name+".")
		}
		return yearHref(in.Day.Year()), err
	})
}

func (h *admin) removeHoliday(w http.ResponseWriter, r *http.Request) error {
	day, err := dayOfPath(r)
	if err != nil {
		return err
	}
	if err := h.Admin.RemoveHoliday(r.Context(), web.ActorOf(r.Context()), day); err != nil {
		return err
	}
	web.Flash(r, "success", indo.Date(day)+" kembali menjadi hari biasa.")
	return web.Redirect(w, r, yearHref(day.Year()))
}

func (h *admin) addRamadan(w http.ResponseWriter, r *http.Request) error {
	year := h.Admin.Clock.Now().Year()
	v := adminForm{
		Desk: h.desk(r), Back: yearHref(year), Title: "Masa Ramadan", Submit: "Simpan",
		Lead: "Pada hari-hari ini berlaku jam kerja Ramadan. Menyimpan hari pertama yang sudah tercatat mengganti hari terakhirnya.",
		Fields: []adminField{
			{As: "date", Control: ui.Control{Name: "awal", Label: "Hari pertama", Required: true}},
			{As: "date", Control: ui.Control{Name: "akhir", Label: "Hari terakhir", Required: true}},
		},
	}
	return h.serve(w, r, v, func(f *form.Form) (string, error) {
		first, last := f.Date("awal", "Isi hari pertama."), f.Date("akhir", "Isi hari terakhir.")
		if !f.OK() {
			return "", nil
		}
		err := h.Admin.SaveRamadan(r.Context(), web.ActorOf(r.Context()), calendar.Ramadan{FirstDay: portal.DateOf(first), LastDay: portal.DateOf(last)})
		if err == nil {
			web.Flash(r, "success", "Masa Ramadan disimpan.")
		}
		return yearHref(first.Year()), err
	})
}

func (h *admin) removeRamadan(w http.ResponseWriter, r *http.Request) error {
	day, err := dayOfPath(r)
	if err != nil {
		return err
	}
	if err := h.Admin.RemoveRamadan(r.Context(), web.ActorOf(r.Context()), day); err != nil {
		return err
	}
	web.Flash(r, "success", "Masa Ramadan dihapus.")
	return web.Redirect(w, r, yearHref(day.Year()))
}

var weekdays = []string{"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"}

// saveSchedule serves the form of a new schedule and of one that exists.
func (h *admin) saveSchedule(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	s, hours := calendar.Schedule{KeepsHolidays: true}, []calendar.Hours(nil)
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("kalender"), Title: "Jadwal kerja baru", Submit: "Simpan jadwal",
		Lead: "Tulis jam buka dan tutup, istirahat dipisah koma: 07.30–12.00, 13.00–16.00. Kosong berarti tidak bekerja.",
	}
	if web.Path(r, "jadwal") != "" {
		id, err := web.PathInt(r, "jadwal")
		if err != nil {
			return err
		}
		if s, hours, err = h.Admin.Schedule(r.Context(), a, id); err != nil {
			return err
		}
		v.Title = "Ubah jadwal " + s.Name
	} else if _, err := h.Admin.Calendar(r.Context(), a, h.Admin.Clock.Now().Year()); err != nil {
		return err
	}
	v.Fields = []adminField{
		{Control: ui.Control{Name: "nama", Label: "Nama", Value: s.Name, Required: true, Width: "medium"}},
		{Control: ui.Control{Name: "keterangan", Label: "Keterangan", Value: s.Note, Optional: true}},
		{As: "check", Control: ui.Control{Name: "libur", Label: "Libur pada hari libur", Hint: "Hapus tanda ini untuk unit siaga, misalnya pemadam kebakaran.", Values: ticked(s.KeepsHolidays)}},
	}
	for _, season := range seasons {
		v.Fields = append(v.Fields, adminField{As: "heading", Control: ui.Control{Label: season.title}})
		for d, name := range weekdays {
			v.Fields = append(v.Fields, adminField{Control: ui.Control{
				Name: hoursControl(season.code, d+1), Label: name, Value: spans(hours, season.code, d+1), Width: "medium"}})
		}
	}
	return h.serve(w, r, v.keyed(), func(f *form.Form) (string, error) {
		in := calendar.Schedule{ID: s.ID, Name: f.Line("nama"), Note: f.Line("keterangan"), KeepsHolidays: f.Bool("libur")}
		hs := readHours(f)
		if !f.OK() {
			return "", nil
		}
		_, err := h.Admin.SaveSchedule(r.Context(), a, f.Value(controlKey), in, hs)
		if err == nil {
			web.Flash(r, "success", "Jadwal "+in.Name+" disimpan.")
		}
		return v.Back, err
	})
}

var seasons = []struct{ code, title string }{{calendar.SeasonRegular, "Jam kerja biasa"}, {calendar.SeasonRamadan, "Jam kerja Ramadan"}}

func hoursControl(season string, weekday int) string { return season + "_" + strconv.Itoa(weekday) }

// spans writes the hours of one day: "07.30–12.00, 13.00–16.00".
func spans(hours []calendar.Hours, season string, weekday int) string {
	var parts []string
	for _, h := range hours {
		if h.Season == season && h.Weekday == weekday {
			parts = append(parts, fmt.Sprintf("%02d.%02d–%02d.%02d", h.Opens/60, h.Opens%60, h.Closes/60, h.Closes%60))
		}
	}
	return strings.Join(parts, ", ")
}

func readHours(f *form.Form) (hours []calendar.Hours) {
	for _, season := range seasons {
		for d := 1; d <= len(weekdays); d++ {
			name := hoursControl(season.code, d)
			last := 0
			for part := range strings.SplitSeq(f.Line(name, form.Max(200)), ",") {
				if strings.TrimSpace(part) == "" {
					continue
				}
				opens, closes, ok := readSpan(part)
				if !ok || opens < last || closes <= opens {
					f.Fail(name, weekdays[d-1]+": tulis jam seperti 07.30–12.00, 13.00–16.00, berurutan.")
					break
				}
				last = closes
				hours = append(hours, calendar.Hours{Season: season.code, Weekday: d, Opens: opens, Closes: closes})
			}
		}
	}
	return hours
}

// readSpan reads "07.30–12.00" with any dash, points or colons.
func readSpan(s string) (opens, closes int, ok bool) {
	s = strings.NewReplacer("–", "-", "—", "-", ":", ".", " ", "").Replace(s)
	from, to, found := strings.Cut(s, "-")
	opens, ok1 := readMinute(from)
	closes, ok2 := readMinute(to)
	return opens, closes, found && ok1 && ok2
}

func readMinute(s string) (int, bool) {
	hour, minute, _ := strings.Cut(s, ".")
	h, err := strconv.Atoi(hour)
	m := 0
	if minute != "" && err == nil {
		m, err = strconv.Atoi(minute)
	}
	if err != nil || h < 0 || h > 24 || m < 0 || m > 59 || h == 24 && m != 0 {
		return 0, false
	}
	return h*60 + m, true
}
