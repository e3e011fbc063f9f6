package epemerintahan

import (
	"fmt"
	"slices"
	"testing"

	"makassartidakrantasa.com/portal/internal/platform/errs"
	"makassartidakrantasa.com/portal/internal/platform/errs/errstest"
)

// Pages follow each other without a gap or a repetition, forth and back, whatever
// narrows the list, also where many have one name.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	a := c.hire(kassiKassi, PermView, PermEdit)
	var homes []NewFamily
	for i := range 30 {
		h := c.household(kassiKassi, 4)
		h.RT = fmt.Sprint(1 + i%2)
		for j := range h.Members {
			h.Members[j].Name = []string{"Muh. Yusuf", "Muhammad Jusuf", fmt.Sprintf("Sitti Aminah %c", 'A'+i%26), "Abd. Rahman"}[j]
		}
		homes = append(homes, h)
	}
	c.add(a, homes...)
	c.add(c.hire(tidung, PermView, PermEdit), c.household(tidung, 5))
	for name, want := range map[*Filter]int{{}: 120, {Text: "moh jusuf"}: 60, {RT: "001"}: 60, {RT: "001", RW: "003", Text: "st aminah"}: 15, {Status: Living, Text: "toddopuli"}: 120, {Status: Dead}: 0, {Text: "sitti aminaht"}: 30} {
		var forth, back []int64
		var cursor *Cursor
		for {
			p, err := c.Search(t.Context(), a, *name, cursor)
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range p.Items {
				forth = append(forth, it.ID)
			}
			if cursor = p.Next; cursor == nil {
				if p.Prev != nil {
					cursor = p.Prev
				}
				for _, it := range slices.Backward(p.Items) {
					back = append(back, it.ID)
				}
				break
			}
		}
		for cursor != nil {
			p, err := c.Search(t.Context(), a, *name, cursor)
			if err != nil {
				t.Fatal(err)
			}
			for _, it := range slices.Backward(p.Items) {
				back = append(back, it.ID)
			}
			cursor = p.Prev
		}
		slices.Reverse(back)
		sorted := slices.Compact(slices.Sorted(slices.Values(forth)))
		if len(forth) != want || len(sorted) != want || !slices.Equal(forth, back) {
			t.Errorf("%+v: %d forth, %d of them different, %d back, want %d", *name, len(forth), len(sorted), len(back), want)
		}
	}
	_, err := c.Search(t.Context(), c.hire(tidung, PermView), Filter{}, &Cursor{ID: one[int64](c, `SELECT min(id) FROM epemerintahan_resident`)})
	errstest.Kind(t, err, errs.NotFound)
}
