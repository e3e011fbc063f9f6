package georeport

import "makassartidakrantasa.com/portal/internal/mtr"

func cat(name string) mtr.Category { return mtr.Category{Name: name} }

// OpenAPI is the description that is served.
var OpenAPI = openapi
