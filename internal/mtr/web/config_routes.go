package mtrweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/mtr"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const configPath = deskPath + "/konfigurasi"

// configRoutes are the pages on which the city edits what may be reported and
// where it goes.
func configRoutes(k *desk) []web.Route {
	configure := web.Needs(mtr.PermConfigure)
	return []web.Route{
		get(configPath, configure, k.categories),
		get(configPath+"/kategori/baru", configure, k.newCategory),
		post(configPath+"/kategori/baru", configure, k.saveCategory),
		get(configPath+"/kategori/{kategori}", configure, k.category),
		post(configPath+"/kategori/{kategori}", configure, k.saveCategory),
		get(configPath+"/kategori/{kategori}/rute", configure, k.categoryRoutes),
		post(configPath+"/kategori/{kategori}/rute", configure, k.saveRoute),
		post(configPath+"/kategori/{kategori}/rute/{rute}/hapus", configure, k.deleteRoute),
		get(keysPath, configure, k.keys),
		post(keysPath, configure, k.issueKey),
		post(keysPath+"/{kunci}/cabut", configure, k.revokeKey),
		get(retentionPath, configure, k.retention),
		post(retentionPath, configure, k.setRetention),
		post(holdsPath, configure, k.holdReport),
		post(holdsPath+"/{tahanan}/lepas", configure, k.liftHold),
		{Method: http.MethodGet, Pattern: configPath + "/rute", Access: configure, Handle: k.allRoutes},
	}
}
