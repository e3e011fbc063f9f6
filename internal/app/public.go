package app

import (
	"path/filepath"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"

	"makassartidakrantasa.com/portal/internal/mtr"
	mtrweb "makassartidakrantasa.com/portal/internal/mtr/web"
	"makassartidakrantasa.com/portal/internal/mtr/web/georeport"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
	portalweb "makassartidakrantasa.com/portal/internal/portal/web"
	"makassartidakrantasa.com/portal/internal/portal/web/tiles"
	"makassartidakrantasa.com/portal/internal/survey"
	surveyweb "makassartidakrantasa.com/portal/internal/survey/web"
	assets "makassartidakrantasa.com/portal/web"
)

// publicRoutes are the front page, what the city reports, and Open311. Where there is a
// replica, the pages that only read have a second way to their answer, all of it over the
// replica: what the module remembers of the primary and of the replica never mixes.
func (a *App) publicRoutes() []web.Route {
	routes := a.publicOver(a.MTR, a.Pool)
	if a.replica == nil {
		return routes
	}
	for i, twin := range a.publicOver(a.copyMTR, a.replica.Pool) {
		if routes[i].Reads {
			routes[i].Replica = twin.Handle
		}
	}
	return routes
}

func (a *App) publicOver(m *mtr.Module, db *pgxpool.Pool) []web.Route {
	front := mtrFront{m}
	home := portalweb.HomeDeps{
		Front: front, Trackers: map[string]portal.Tracker{"MTR": front, "SRT": letterFront{a.Letters}}, Clock: a.Clock, TileURL: a.tileURL(),
		Worker: assets.Worker(append([]string{portalweb.OfflinePath}, mtrweb.OfflinePages()...)),
		Tiles: []portal.Tile{
			{
				Href: "/mtr/lapor", Title: "Laporkan masalah kota", Go: "Buat laporan", Icon: "camera", Color: "bodo",
				Text: "Foto, lokasi, kirim. Jalan rusak, lampu mati, sampah, drainase.",
			},
			{
				Href: "/surat", Title: "Urus surat kelurahan", Go: "Pilih surat", Icon: "file", Color: "emas",
				Text: "Domisili, tidak mampu, usaha, pengantar nikah. Ajukan dari rumah, unduh bila jadi.",
			},
			{
				Href: "/mtr", Title: "Lihat laporan warga", Go: "Cari laporan", Icon: "search", Color: "laut",
				Text: "Sudah ada yang melapor? Lihat siapa yang menangani dan sampai di mana.",
			},
			{
				Href: "/mtr/peta", Title: "Peta laporan", Go: "Buka peta", Icon: "map", Color: "daun",
				Text: "Masalah di sekitar Anda, di peta atau menurut kelurahan.",
			},
			{
				Href: "/puskesmas", Title: "Daftar ke puskesmas", Go: "Ambil nomor antrean", Icon: "plus", Color: "bodo",
				Text: "Ambil nomor dari rumah, datang menjelang giliran Anda.",
			},
		},
	}
	return slices.Concat(
		portalweb.HomeRoutes(home), mtrweb.Routes(a.reports(m, db)),
		georeport.Routes(georeport.Deps{MTR: m, DB: db, Clock: a.Clock, BaseURL: a.Config.BaseURL}),
	)
}

func (a *App) reports(m *mtr.Module, db *pgxpool.Pool) mtrweb.Deps {
	return mtrweb.Deps{
		MTR: m, DB: db, Clock: a.Clock, Auth: a.Accounts, Hub: a.Hub, TileURL: a.tileURL(), BaseURL: a.Config.BaseURL,
		Survey: surveyweb.Invite(a.Survey, survey.Reports),
	}
}

// tileURL is where pages get the tiles of maps: from the portal itself, or from elsewhere.
func (a *App) tileURL() string {
	if a.Config.TileProxyURL != "" {
		return tiles.Template
	}
	return a.Config.TileURL
}

func (a *App) tiles() *tiles.Proxy {
	return tiles.New(tiles.Options{
		Upstream: a.Config.TileProxyURL, Dir: filepath.Join(a.Config.DataDir, "ubin"), MaxBytes: 256 << 20,
		Agent: "MakassarTidakRantasa/1.0 (+" + a.Config.BaseURL + ")", Clock: a.Clock,
	})
}
