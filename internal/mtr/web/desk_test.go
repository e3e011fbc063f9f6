package mtrweb_test

import "makassartidakrantasa.com/portal/internal/platform/authz"

func perms(ps ...authz.Permission) []authz.Permission { return ps }
