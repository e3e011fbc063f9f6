package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"makassartidakrantasa.com/portal/internal/epuskesmas"
	"makassartidakrantasa.com/portal/internal/platform/authz"
)

// sitting is a session of several weekdays.
type sitting struct {
	days          []int
	starts, ends  int // minutes after midnight
	quota, online int
}

// clinic is a place in a puskesmas where people queue.
type clinic struct {
	kind     epuskesmas.PoliKind
	letter   string
	name     string
	rooms    []string
	doctors  []string
	sittings []sitting
	bpjs     string // its code there
}

var (
	mondayToThursday = []int{1, 2, 3, 4}
	friday, saturday = []int{5}, []int{6}
	whole            = []int{1, 2, 3, 4, 5, 6}
)

// house is where patients pass through: it is open as long as anybody may come.
func house(kind epuskesmas.PoliKind, letter, name string, rooms ...string) clinic {
	return clinic{kind: kind, letter: letter, name: name, rooms: rooms, sittings: []sitting{{whole, 7 * 60, 15 * 60, 1000, 0}}}
}

func mornings(quota, online int) []sitting {
	return []sitting{
		{mondayToThursday, 8 * 60, 12 * 60, quota, online}, {friday, 8 * 60, 11 * 60, quota * 3 / 4, online * 3 / 4},
		{saturday, 8 * 60, 11 * 60, quota / 2, online / 2},
	}
}

// kassiClinics are those of Puskesmas Kassi-Kassi, where the demo's staff work.
var kassiClinics = []clinic{
	{epuskesmas.KindClinic, "A", "Poli Umum", []string{"Ruang 1", "Ruang 2", "Ruang 3"},
		[]string{"dr. Aulia Rahman", "dr. Fajar Pratama", "dr. Sitti Rahmah"}, mornings(60, 36), "001"},
	{epuskesmas.KindClinic, "B", "Poli Gigi", []string{"Ruang 4"}, []string{"drg. Mutmainnah Arif"}, mornings(16, 10), "002"},
	{epuskesmas.KindClinic, "C", "Poli KIA", []string{"Ruang 5", "Ruang 6"}, []string{"dr. Andi Nadia", "dr. Rosmini Latif"}, mornings(30, 18), "003"},
	{epuskesmas.KindClinic, "D", "Poli Lansia", []string{"Ruang 7"}, []string{"dr. Iskandar Muin"}, mornings(24, 12), ""},
	house(epuskesmas.KindDesk, "L", "Loket Pendaftaran", "Loket 1", "Loket 2", "Loket 3"),
	house(epuskesmas.KindLab, "K", "Laboratorium", "Laboratorium"),
	house(epuskesmas.KindPharmacy, "F", "Farmasi", "Farmasi 1", "Farmasi 2"),
}

// otherClinics are those of a puskesmas that nobody in the demo works in.
func otherClinics(i int) []clinic {
	return []clinic{
		{epuskesmas.KindClinic, "A", "Poli Umum", []string{"Ruang 1"}, []string{fmt.Sprintf("dr. %s", otherDoctors[i%len(otherDoctors)])}, mornings(40+5*(i%3), 24), "001"},
		{epuskesmas.KindClinic, "B", "Poli Gigi", []string{"Ruang 2"}, []string{fmt.Sprintf("drg. %s", otherDoctors[(i+5)%len(otherDoctors)])}, mornings(14, 8), "002"},
		house(epuskesmas.KindDesk, "L", "Loket Pendaftaran", "Loket 1"),
		house(epuskesmas.KindPharmacy, "F", "Farmasi", "Farmasi"),
	}
}

var otherDoctors = []string{
	"Hasrul Amin", "Nurfadillah Said", "Wahyu Hidayat", "Rezky Amalia", "Irwan Syahputra", "Dian Puspita", "Arman Jaya", "Sri Wahyuni", "Ilham Saputra",
	"Mega Lestari", "Yusuf Kadir", "Annisa Putri", "Bahtiar Nur",
}

// otherOpen are the other puskesmas that take patients through the portal.
var otherOpen = []string{
	"antang", "bara-baraya", "batua", "daya", "jongaya", "kaluku-bodoa", "mamajang", "minasa-upa", "pampang", "sudiang", "tamalanrea", "tamalate",
}

// openPuskesmas sets up the puskesmas that people may book at, from a day on.
func openPuskesmas(ctx context.Context, m *epuskesmas.Module, boss authz.Actor, from time.Time) error {
	if err := m.EnsureSites(ctx); err != nil {
		return err
	}
	sites, err := m.StaffSites(ctx, boss, epuskesmas.PermManage)
	if err != nil {
		return err
	}
	for _, s := range sites {
		clinics := kassiClinics
		if s.Slug != "kassi-kassi" {
			i := slices.Index(otherOpen, s.Slug)
			if i < 0 {
				continue
			}
			clinics = otherClinics(i)
		}
		for i, c := range clinics {
			if err := openClinic(ctx, m, boss, s, c, i, from); err != nil {
				return fmt.Errorf("%s, %s: %w", s.Name, c.name, err)
			}
		}
		s.Open = true
		if err := m.SaveSite(ctx, boss, s); err != nil {
			return err
		}
	}
	return nil
}

// firstDoctorCode is that of the first doctor of a puskesmas at BPJS; the others follow.
const firstDoctorCode = 123456

func openClinic(ctx context.Context, m *epuskesmas.Module, boss authz.Actor, s epuskesmas.Site, c clinic, position int, from time.Time) error {
	poli, err := m.SavePoli(ctx, boss, epuskesmas.Poli{
		UnitID: s.UnitID, Kind: c.kind, Letter: c.letter, Name: c.name, BPJSCode: c.bpjs, PriorityRatio: 2, Position: position, Active: true,
	})
	if err != nil {
		return err
	}
	for _, room := range c.rooms {
		if _, err := m.SaveCounter(ctx, boss, epuskesmas.Counter{PoliID: poli, Name: room, Active: true}); err != nil {
			return err
		}
	}
	house, err := m.Setting(ctx, boss, s.Slug)
	if err != nil {
		return err
	}
	var doctors []int64
	for i, name := range c.doctors {
		code, person := firstDoctorCode+100*position+10*i, int64(0)
		for _, n := range house.Staff {
			if strings.HasPrefix(n.Label, name+" · ") {
				person = n.ID
			}
		}
		id, err := m.SaveDoctor(ctx, boss, epuskesmas.Doctor{UnitID: s.UnitID, Name: name, BPJSCode: &code, PersonID: person, Active: true})
		if err != nil {
			return err
		}
		doctors = append(doctors, id)
	}
	for _, t := range c.sittings {
		for _, day := range t.days {
			_, err := m.SavePlan(ctx, boss, epuskesmas.Plan{
				PoliID: poli, Weekday: day, Starts: t.starts, Ends: t.ends, Quota: epuskesmas.Quota{All: t.quota, Online: t.online}, DoctorIDs: doctors, ValidFrom: from,
			}, "")
			if err != nil {
				return err
			}
		}
	}
	return nil
}
