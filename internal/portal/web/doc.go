// Package portalweb is the face of module portal: the front page and static
// pages (home_*.go, info_*.go), tracking (track_*.go), the own account
// (account_*.go) and administration (admin_*.go).
package portalweb
