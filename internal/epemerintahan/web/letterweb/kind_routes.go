package letterweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan/letter"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	kindsPath  = deskPath + "/jenis"
	officePath = deskPath + "/kantor"

	retentionPath = deskPath + "/masa-simpan"
)

// kindRoutes are the pages on which letters and offices are set up. A query kelurahan
// says where; without it, the city or the only kelurahan of the reader.
func kindRoutes(k *desk) []web.Route {
	configure := web.Needs(letter.PermConfigure)
	get := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodGet, Pattern: pattern, Access: configure, Handle: h}
	}
	post := func(pattern string, h web.Handler) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: pattern, Access: configure, Handle: h}
	}
	return []web.Route{
		get(kindsPath, k.kindList),
		get(kindsPath+"/baru", k.kindNew),
		post(kindsPath+"/baru", k.kindSave),
		get(kindsPath+"/{kode}", k.kindEdit),
		post(kindsPath+"/{kode}", k.kindSave),
		post(kindsPath+"/{kode}/ikut-kota", k.kindFollow),
		get(kindsPath+"/{kode}/contoh", k.kindSample),
		get(kindsPath+"/{kode}/riwayat", k.kindHistory),
		get(retentionPath, k.retention),
		post(retentionPath, k.hold),
		post(retentionPath+"/{tahanan}/lepas", k.liftHold),
		get(officePath, k.office),
		post(officePath, k.officeSave),
		get(officePath+"/rt", k.contacts),
		post(officePath+"/rt", k.contactSave),
		post(officePath+"/rt/{id}/hapus", k.contactForget),
	}
}
