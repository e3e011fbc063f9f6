package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"makassartidakrantasa.com/portal/internal/platform/errs"
)

// Path returns a named part of the path as it is.
func Path(r *http.Request, name string) string { return chi.URLParam(r, name) }

// PathInt returns a named part of the path as a positive number; anything
// else is errs.NotFound.
func PathInt(r *http.Request, name string) (int64, error) {
	v, err := strconv.ParseInt(chi.URLParam(r, name), 10, 64)
	if err != nil || v <= 0 {
		return 0, errs.New(errs.NotFound, "")
	}
	return v, nil
}

// EncodeCursor packs the position of a keyset page for an address. It is not
// secret and is checked like any other input.
func EncodeCursor(position any) string {
	data, err := json.Marshal(position)
	if err != nil {
		panic(err) // positions are plain structs
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// DecodeCursor unpacks what EncodeCursor made into position; "" leaves it
// untouched. Anything else is errs.BadRequest.
func DecodeCursor(s string, position any) error {
	if s == "" {
		return nil
	}
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil && len(data) <= 512 {
		err = json.Unmarshal(data, position)
	}
	if err != nil || len(data) > 512 {
		return errs.Wrap(errs.BadRequest, err, "Halaman ini tidak ada. Mulai lagi dari halaman pertama.")
	}
	return nil
}
