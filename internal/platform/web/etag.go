package web

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"

	"makassartidakrantasa.com/portal/internal/platform/ui"
)

const (
	// asked is the Cache-Control of public pages: a browser keeps one and asks each time whether
	// it still holds. Nobody between keeps it, since it may name who is signed in.
	asked        = "private, no-cache"
	policyHeader = "Content-Security-Policy"
)

// unchanged names the page that is about to be answered, and tells whether the reader has it
// already. Then the headers are those of the answer that says so: without a policy, because the
// browser would put its new nonce beside the scripts of the page that it kept.
func unchanged(h http.Header, r *http.Request, page []byte) bool {
	if h.Get("Cache-Control") != asked {
		return false
	}
	tag := tagOf(page, of(r.Context()))
	h.Set("ETag", tag)
	if !Matches(r.Header.Get("If-None-Match"), tag) {
		return false
	}
	notModified(h)
	return true
}

// notModified leaves of a page's headers those of the answer that it is the same.
func notModified(h http.Header) {
	h.Del("Content-Type")
	h.Del(policyHeader)
}

// tagOf is the same for pages that say the same: neither the nonce nor the time at which a page
// was written makes another page of it. The words of that time do ("2 jam lalu"), so one that a
// browser kept is right when it is shown; if it stays open its words are late by what the page
// was old, at most one step of them. Weak, because the page goes out packed or not.
func tagOf(page []byte, q *request) string {
	var d xxhash.Digest
	d.Reset()
	if before, after, ok := bytes.Cut(page, []byte(ui.WrittenAt)); ok {
		_, _ = d.Write(before)
		_, page, _ = bytes.Cut(after, []byte(`"`))
	}
	if q.nonceTaken {
		page = bytes.ReplaceAll(page, []byte(q.nonce), nil)
	}
	_, _ = d.Write(page)
	return `W/"` + strconv.FormatUint(d.Sum64(), 36) + `"`
}

// Matches tells whether an If-None-Match names a tag, by the weak comparison.
func Matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}
