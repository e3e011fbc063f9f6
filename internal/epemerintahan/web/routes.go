package epemerintahanweb

import (
	"net/http"
	"strconv"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const deskPath = "/meja/penduduk"

// desk serves the pages of staff.
type desk struct{ Deps }

// DeskRoutes are the pages of the register.
func DeskRoutes(d Deps) []web.Route {
	k := &desk{d}
	view := web.Needs(epemerintahan.PermView)
	var rs []web.Route
	get := func(pattern string, handle web.Handler) {
		rs = append(rs, web.Route{Method: http.MethodGet, Pattern: deskPath + pattern, Access: view, Handle: handle})
	}
	post := func(pattern string, handle web.Handler) {
		rs = append(rs, web.Route{Method: http.MethodPost, Pattern: deskPath + pattern, Access: view, Handle: handle})
	}
	// A form is shown by GET and taken by POST at the same address.
	form := func(pattern string, handle web.Handler) {
		get(pattern, handle)
		post(pattern, handle)
	}
	get("", k.list)
	post("", k.search)
	form("/baru", k.create)
	get("/keluarga/{keluarga}", k.family)
	form("/keluarga/{keluarga}/ubah", k.editFamily)
	form("/keluarga/{keluarga}/kepala", k.changeHead)
	form("/keluarga/{keluarga}/pisah", k.split)
	form("/keluarga/{keluarga}/gabung", k.join)
	form("/keluarga/{keluarga}/cetak", k.printFamily)
	rs = append(rs, sheetRoutes(k)...)
	get("/{penduduk}", k.resident)
	post("/{penduduk}", k.reveal)
	form("/{penduduk}/ubah", k.edit)
	form("/{penduduk}/peristiwa/{peristiwa}", k.event)
	form("/{penduduk}/batal", k.reverse)
	form("/{penduduk}/cetak", k.printResident)
	form("/{penduduk}/hapus", k.remove)
	return rs
}

// residentHref leads to a resident's page or a part of it.
func residentHref(id int64, parts ...string) string {
	return join(deskPath+"/"+strconv.FormatInt(id, 10), parts)
}

func familyHref(id int64, parts ...string) string {
	return join(deskPath+"/keluarga/"+strconv.FormatInt(id, 10), parts)
}

func join(s string, parts []string) string {
	for _, p := range parts {
		s += "/" + p
	}
	return s
}

func idText(id int64) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(id, 10)
}

func codeText(code int) string { return idText(int64(code)) }
