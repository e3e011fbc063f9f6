package app

import (
	"cmp"
	"context"
	"io"
	"io/fs"
	"time"

	eofficeweb "makassartidakrantasa.com/portal/internal/eoffice/web"
	epemerintahanweb "makassartidakrantasa.com/portal/internal/epemerintahan/web"
	"makassartidakrantasa.com/portal/internal/epemerintahan/web/letterweb"
	epuskesmasweb "makassartidakrantasa.com/portal/internal/epuskesmas/web"
	kucinikiweb "makassartidakrantasa.com/portal/internal/kuciniki/web"
	mtrweb "makassartidakrantasa.com/portal/internal/mtr/web"
	"makassartidakrantasa.com/portal/internal/mtr/web/misconductweb"
	oversightweb "makassartidakrantasa.com/portal/internal/oversight/web"
	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/org"
	"makassartidakrantasa.com/portal/internal/platform/pg"
	"makassartidakrantasa.com/portal/internal/portal"
	portalweb "makassartidakrantasa.com/portal/internal/portal/web"
	"makassartidakrantasa.com/portal/internal/survey"
	surveyweb "makassartidakrantasa.com/portal/internal/survey/web"
	assets "makassartidakrantasa.com/portal/web"
)

// mountModules adds every module's route table.
func (a *App) mountModules() {
	reports := a.reports(a.MTR, a.Pool)
	letters := letterweb.Deps{
		Auth: a.Accounts, Letters: a.Letters, Residents: a.Residents, Signatures: a.Signatures, DB: a.Pool, Clock: a.Clock, Hub: a.Hub, BaseURL: a.Config.BaseURL,
		Official: official(a.Office), Survey: surveyweb.Invite(a.Survey, survey.Letters),
	}
	residents := epemerintahanweb.Deps{
		Residents: a.Residents, DB: a.Pool, Clock: a.Clock, Hub: a.Hub, Letters: letterweb.ResidentLetters(letters),
		FromLetter: eventOf(a.Letters), Recorded: recorded(a.Letters),
	}
	queues := epuskesmasweb.Deps{Queue: a.Queues, BPJS: a.BPJS, Auth: a.Accounts, DB: a.Pool, Clock: a.QueueClock, Hub: a.Hub, BaseURL: a.Config.BaseURL, Survey: surveyweb.Invite(a.Survey, survey.Clinics)}
	office := eofficeweb.Deps{Office: a.Office, Auth: a.Accounts, Clock: a.Clock, Hub: a.Hub}
	performance := kucinikiweb.Deps{Kuciniki: a.Kuciniki, Evidence: a.Evidence, Cases: a.casePages(), Numbers: a.caseNumbers(), Hub: a.Hub, Clock: a.Clock}
	channel := misconductweb.Deps{Channel: a.Misconduct, Clock: a.Clock}
	a.Router.Mount(portalweb.SecurityText{Contact: a.Config.SecurityContact, BaseURL: a.Config.BaseURL, Clock: a.Clock}.Routes())
	a.Router.Mount(a.publicRoutes())
	a.Router.Mount(a.tiles().Routes())
	a.Router.Mount(portalweb.StatusRoutes(remembered(statusFor, a.status)))
	a.Router.Mount(portalweb.AccountRoutes(portalweb.AccountDeps{Auth: a.Accounts, Clock: a.Clock, Personal: a.Personal, Dev: a.Config.Dev}))
	a.Router.Mount(portalweb.DeskRoutes(a.Clock, mtrweb.DeskItems(reports), misconductweb.DeskItems(channel), epemerintahanweb.DeskItems(residents), letterweb.DeskItems(letters), epuskesmasweb.DeskItems(queues), eofficeweb.DeskItems(office), kucinikiweb.DeskItems(performance), surveyweb.DeskItems, oversightweb.DeskItems(a.Oversight), portalweb.AdminItems(a.Admin)))
	a.Router.Mount(portalweb.AdminRoutes(portalweb.AdminDeps{Admin: a.Admin, Personal: a.Personal, Imports: imports(), ActName: actName}))
	a.Router.Mount(mtrweb.DeskRoutes(reports))
	a.Router.Mount(misconductweb.Routes(channel))
	a.Router.Mount(epuskesmasweb.Routes(queues))
	a.Router.Mount(epuskesmasweb.SettingRoutes(queues))
	a.Router.Mount(epuskesmasweb.QueueRoutes(queues))
	a.Router.Mount(epuskesmasweb.ReportRoutes(queues))
	a.Router.Mount(epuskesmasweb.PatientRoutes(queues))
	a.Router.Mount(epuskesmasweb.PaperRoutes(queues))
	a.Router.Mount(epuskesmasweb.BPJSRoutes(queues))
	a.Router.Mount(epemerintahanweb.DeskRoutes(residents))
	a.Router.Mount(letterweb.Routes(letters))
	a.Router.Mount(letterweb.DeskRoutes(letters))
	a.Router.Mount(eofficeweb.Routes(office))
	a.Router.Mount(kucinikiweb.Routes(performance))
	a.Router.Mount(oversightweb.Routes(oversightweb.Deps{Oversight: a.Oversight, DB: a.Pool, Clock: a.Clock}))
	a.Router.Mount(surveyweb.Routes(surveyweb.Deps{Survey: a.Survey, Clock: a.Clock}))
}

// actName names the acts that modules write to the audit trail.
func actName(action string) string {
	return cmp.Or(mtrweb.ActName(action), misconductweb.ActName(action), oversightweb.ActName(action), epuskesmasweb.ActName(action), eofficeweb.ActName(action), kucinikiweb.ActName(action), epemerintahanweb.ActName(action))
}

// imports are the files that the directory takes as a whole.
func imports() []portal.Import {
	const sheet = ".xlsx,.csv"
	return []portal.Import{
		{
			Slug: "unit", Title: "Impor unit", Needs: portal.PermUnits, Accept: sheet, Max: org.MaxSheetFile, Columns: org.UnitImportColumns(),
			Lead: "Unit baru dan yang berubah, dikenali dari kodenya. Kolom yang tidak ada di berkas tidak diubah.", Run: org.ImportUnits,
		},
		{
			Slug: "pegawai", Title: "Impor pegawai", Needs: portal.PermPeople, Accept: sheet, Max: org.MaxSheetFile, Columns: org.StaffImportColumns(),
			Lead: "Orang, jabatan, dan penempatannya, dikenali dari NIP atau nomor pegawai. Jabatan yang belum ada dibuat.",
			Run: func(ctx context.Context, db pg.Beginner, a authz.Actor, at time.Time, file io.Reader, apply bool) (org.Report, error) {
				return org.ImportStaff(ctx, db, a, at, file, portal.Leaving(a, at), apply)
			},
		},
		{
			Slug: "wilayah", Title: "Impor batas kelurahan", Needs: portal.PermUnits, Accept: ".geojson,.json", Max: org.MaxBoundaryFile,
			Lead: "GeoJSON dengan kode kelurahan di properti “kode”. Sesudah semua kelurahan punya batas, titik di luar kota ditolak.", Run: org.ImportBoundaries,
		},
	}
}

func staticFiles() fs.FS {
	files, err := fs.Sub(assets.Static, "static")
	if err != nil {
		panic(err) // the folder is part of the binary
	}
	return files
}
