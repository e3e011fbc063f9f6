package epemerintahanweb

import (
	"net/http"

	"makassartidakrantasa.com/portal/internal/epemerintahan"
	"makassartidakrantasa.com/portal/internal/platform/sheet"
	"makassartidakrantasa.com/portal/internal/platform/web"
)

const (
	importPath = deskPath + "/impor"
	exportPath = deskPath + "/ekspor"
	figurePath = deskPath + "/statistik"
	monthPath  = deskPath + "/laporan-bulanan"
	bookPath   = deskPath + "/buku-induk"
	changePath = deskPath + "/buku-mutasi"
)

// sheetRoutes are the pages of imports, exports, figures and books.
func sheetRoutes(k *desk) []web.Route {
	view, importer, exporter := web.Needs(epemerintahan.PermView), web.Needs(epemerintahan.PermImport), web.Needs(epemerintahan.PermExport)
	return []web.Route{
		{Method: http.MethodGet, Pattern: importPath, Access: importer, Handle: k.imports},
		{Method: http.MethodPost, Pattern: importPath, Access: importer, Handle: k.upload, MaxBody: sheet.MaxFile + 1<<20, Upload: true},
		{Method: http.MethodGet, Pattern: importPath + "/contoh/{format}", Access: importer, Handle: k.importTemplate},
		{Method: http.MethodGet, Pattern: importPath + "/{impor}", Access: importer, Handle: k.importOne},
		{Method: http.MethodPost, Pattern: importPath + "/{impor}", Access: importer, Handle: k.decideImport},
		{Method: http.MethodGet, Pattern: importPath + "/{impor}/perkembangan", Access: importer, Handle: k.importProgress, Stream: true},
		{Method: http.MethodGet, Pattern: importPath + "/{impor}/hasil/{format}", Access: importer, Handle: k.importReport, Stream: true},
		{Method: http.MethodGet, Pattern: exportPath, Access: exporter, Handle: k.exports},
		{Method: http.MethodPost, Pattern: exportPath, Access: exporter, Handle: k.export, Stream: true},
		{Method: http.MethodGet, Pattern: figurePath, Access: view, Handle: k.figures},
		{Method: http.MethodGet, Pattern: monthPath, Access: view, Handle: k.month},
		{Method: http.MethodGet, Pattern: monthPath + "/unduh/{format}", Access: view, Handle: k.monthFile},
		{Method: http.MethodGet, Pattern: bookPath, Access: view, Handle: k.book},
		{Method: http.MethodGet, Pattern: changePath, Access: view, Handle: k.changeBook},
	}
}
