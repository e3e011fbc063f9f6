package epuskesmas

import "testing"

// People find their puskesmas however they write its name, and the nearest first once it is
// known where each lies.
func TestAPuskesmasIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t, quota(1))
	for text, want := range map[string]int{
		"": 1, "Kassi-Kassi": 1, "kasi kasi": 1, "KASSIKASSI": 1, "puskesmas kassi": 1, "rapocini": 1, "Kasi, Rappocini": 1, "zebra": 0, "kassi antang": 0,
	} {
		if sites, err := h.Sites(h.ctx, text, nil); err != nil || len(sites) != want {
			t.Errorf("%q finds %d, %v; want %d", text, len(sites), err, want)
		}
	}
	for slug, at := range map[string][2]float64{kassi: {-5.1638, 119.4372}, "antang": {-5.1579, 119.4895}, "daya": {-5.1147, 119.5045}} {
		one[int64](h, `WITH s AS (UPDATE epuskesmas_site SET open = true WHERE slug = $1 RETURNING unit_id)
			UPDATE org_unit u SET lat = $2, lng = $3 FROM s WHERE u.id = s.unit_id RETURNING u.id`, slug, at[0], at[1])
	}
	sites, err := h.Sites(h.ctx, "", &[2]float64{-5.1201, 119.5001})
	if err != nil || len(sites) != 3 || sites[0].Slug != "daya" || sites[1].Slug != "antang" || sites[2].Slug != kassi {
		t.Errorf("the nearest are %+v, %v", sites, err)
	}
}
