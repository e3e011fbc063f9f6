package naskah

// item is what stands in one place of one page: a line of text, a row of a table.
type item struct {
	gap  float64 // above, except at the top of a page
	h    float64
	keep bool  // on the page of the item after it
	head *item // drawn again above this item at the top of a page
	draw func(p *pen, y float64)
	// then draws the right of two columns, once the left one is drawn as far as it
	// goes on the page: the order in which a screen reader reads them.
	then func(p *pen, y float64)
}

// placed is an item with the top of its place.
type placed struct {
	item
	y float64
}

// drawAll draws the items of a page in reading order.
func drawAll(p *pen, page []placed) {
	var later []placed
	flush := func() {
		for _, it := range later {
			it.then(p, it.y)
		}
		later = later[:0]
	}
	for _, it := range page {
		if it.then == nil || it.gap > 0 { // a new pair of columns begins with a gap
			flush()
		}
		it.draw(p, it.y)
		if it.then != nil {
			later = append(later, it)
		}
	}
	flush()
}

// paginate places the items from top (on the first page) and next (on the
// others) to bottom. Items kept together move together to a new page, unless
// they need more than a page.
func paginate(items []item, top, next, bottom float64) (pages [][]placed) {
	var page []placed
	y := top
	turn := func() {
		pages, page, y = append(pages, page), nil, next
	}
	put := func(it item) {
		if len(page) > 0 {
			if y+it.gap+it.h > bottom {
				turn()
			} else {
				y += it.gap
			}
		}
		if len(page) == 0 && it.head != nil {
			page = append(page, placed{*it.head, y})
			y += it.head.h
		}
		page = append(page, placed{it, y})
		y += it.h
	}
	for i := 0; i < len(items); {
		n, h := i, 0.0
		for {
			h += items[n].gap + items[n].h
			n++
			if n == len(items) || !items[n-1].keep {
				break
			}
		}
		alone := h - items[i].gap
		if items[i].head != nil {
			alone += items[i].head.h
		}
		if len(page) > 0 && y+h > bottom && next+alone <= bottom {
			turn()
		}
		for ; i < n; i++ {
			put(items[i])
		}
	}
	return append(pages, page)
}
