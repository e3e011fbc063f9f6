package portalweb

import (
	"net/http"
	"strings"

	"makassartidakrantasa.com/portal/internal/platform/authz"
	"makassartidakrantasa.com/portal/internal/platform/form"
	"makassartidakrantasa.com/portal/internal/platform/ui"
	"makassartidakrantasa.com/portal/internal/platform/web"
	"makassartidakrantasa.com/portal/internal/portal"
)

func (h *admin) roles(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	roles, err := h.Admin.Roles(r.Context(), a)
	if err != nil {
		return err
	}
	mayAdd, err := h.Admin.InCity(r.Context(), a, portal.PermRoles)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, rolesPage(h.desk(r), roles, mayAdd))
}

func (h *admin) roleDetail(r *http.Request) (portal.RoleDetail, error) {
	id, err := web.PathInt(r, "peran")
	if err != nil {
		return portal.RoleDetail{}, err
	}
	return h.Admin.Role(r.Context(), web.ActorOf(r.Context()), id)
}

func (h *admin) role(w http.ResponseWriter, r *http.Request) error {
	d, err := h.roleDetail(r)
	if err != nil {
		return err
	}
	return web.Render(w, r, http.StatusOK, rolePage(h.desk(r), d))
}

// saveRole serves the form of a new role and of one that exists.
func (h *admin) saveRole(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	var d portal.RoleDetail
	v := adminForm{Desk: h.desk(r), Title: "Peran baru", Back: adminHref("peran"), Submit: "Simpan peran",
		Lead: "Peran adalah kumpulan izin. Izin berlaku di unit tempat peran diberikan dan di semua unit di bawahnya."}
	if web.Path(r, "peran") != "" {
		var err error
		if d, err = h.roleDetail(r); err != nil {
			return err
		}
		v.Title, v.Back = "Ubah peran "+d.Name, adminHref("peran", d.ID)
	} else {
		v.Fields = append(v.Fields, adminField{Control: ui.Control{
			Name: "kode", Label: "Kode", Hint: "Tetap selamanya, misalnya verifikator-mtr.", Required: true, Width: "medium"}})
	}
	var chosen []string
	for _, p := range d.Permissions {
		chosen = append(chosen, string(p))
	}
	v.Fields = append(v.Fields,
		adminField{Control: ui.Control{Name: "nama", Label: "Nama", Value: d.Name, Required: true, Width: "medium"}},
		adminField{As: "area", Control: ui.Control{Name: "keterangan", Label: "Keterangan", Value: d.Description, Optional: true, Rows: 2}},
		adminField{As: "checks", Control: ui.Control{Name: "izin", Label: "Izin", Options: permissionOptions(), Values: chosen}},
	)
	return h.serve(w, r, v.keyed(), func(f *form.Form) (string, error) {
		in := authz.Role{ID: d.ID, Code: f.Line("kode"), Name: f.Line("nama"), Description: f.Line("keterangan")}
		for _, p := range f.Multi("izin") {
			in.Permissions = append(in.Permissions, authz.Permission(p))
		}
		id, err := h.Admin.SaveRole(r.Context(), a, f.Value(controlKey), in)
		if err == nil {
			web.Flash(r, "success", "Peran "+in.Name+" disimpan.")
		}
		return adminHref("peran", id), err
	})
}

func permissionOptions() (os []ui.Option) {
	for _, p := range authz.Registered() {
		module, _, _ := strings.Cut(string(p), ".")
		os = append(os, ui.Option{Value: string(p), Label: authz.Describe(p), Group: moduleName(module)})
	}
	return os
}

// give serves the form that gives a role to a position or to an account.
func (h *admin) give(w http.ResponseWriter, r *http.Request) error {
	a := web.ActorOf(r.Context())
	in := portal.GrantForm{}
	v := adminForm{Desk: h.desk(r), Title: "Beri peran", Submit: "Beri peran"}
	unit := ""
	if web.Path(r, "jabatan") != "" {
		d, err := h.positionDetail(r)
		if err != nil {
			return err
		}
		in.PositionID, unit = d.ID, d.Unit.Code
		v.Back, v.Lead = adminHref("jabatan", d.ID), "Untuk siapa pun yang memegang jabatan "+d.Title+"."
	} else {
		acc, err := h.account(r)
		if err != nil {
			return err
		}
		in.AccountID = acc.ID
		v.Back, v.Lead = adminHref("akun", acc.ID), "Untuk akun "+acc.Name+" sendiri. Lebih baik berikan kepada jabatannya, agar berpindah bersama jabatan."
	}
	roles, err := h.Admin.Roles(r.Context(), a)
	if err != nil {
		return err
	}
	options := []ui.Option{{Label: "Pilih peran"}}
	for _, role := range roles {
		options = append(options, ui.Option{Value: idOf(role.ID), Label: role.Name})
	}
	if v.Suggest, err = h.Admin.SuggestUnits(r.Context(), a, portal.PermRoles); err != nil {
		return err
	}
	v.Fields = []adminField{
		{As: "select", Control: ui.Control{Name: "peran", Label: "Peran", Options: options, Width: "medium"}},
		{Suggest: true, Control: ui.Control{Name: "unit", Label: "Berlaku di unit", Hint: "Kode atau nama. Berlaku juga di semua unit di bawahnya.", Value: unit, Required: true, Width: "medium"}},
		{As: "date", Control: ui.Control{Name: "mulai", Label: "Mulai", Hint: "Kosong berarti sekarang.", Optional: true}},
		{As: "date", Control: ui.Control{Name: "sampai", Label: "Hari terakhir", Hint: "Kosong berarti sampai dicabut.", Optional: true}},
	}
	return h.serve(w, r, v.keyed(), func(f *form.Form) (string, error) {
		in.RoleID, in.Unit, in.From = f.ID("peran", "Pilih peran dari daftar."), f.Line("unit"), f.Date("mulai", "")
		if last := f.Date("sampai", ""); !last.IsZero() {
			in.To = last.AddDate(0, 0, 1)
		}
		if !f.OK() {
			return "", nil
		}
		_, err := h.Admin.Give(r.Context(), a, f.Value(controlKey), in)
		if err == nil {
			web.Flash(r, "success", "Peran diberikan.")
		}
		return v.Back, err
	})
}

func (h *admin) endGrant(w http.ResponseWriter, r *http.Request) error {
	id, err := web.PathInt(r, "wewenang")
	if err != nil {
		return err
	}
	a := web.ActorOf(r.Context())
	g, err := h.Admin.Grant(r.Context(), a, id)
	if err != nil {
		return err
	}
	v := adminForm{
		Desk: h.desk(r), Back: adminHref("peran", g.RoleID), Title: "Cabut peran " + g.RoleName, Submit: "Cabut sekarang", Danger: true,
		Lead: g.Subject + " tidak lagi punya peran ini di " + g.UnitName + ", sejak sekarang.",
	}
	return h.serve(w, r, v, func(*form.Form) (string, error) {
		err := h.Admin.EndGrant(r.Context(), a, id)
		if err == nil {
			web.Flash(r, "success", "Peran dicabut.")
		}
		return v.Back, err
	})
}

// moduleName writes the first part of a permission's name as a title.
func moduleName(module string) string {
	if len(module) <= 3 {
		return strings.ToUpper(module)
	}
	return strings.ToUpper(module[:1]) + module[1:]
}
