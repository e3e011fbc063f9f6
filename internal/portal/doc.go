// Package portal is the sixth module: the front page, tracking by number, the
// own account, and administration. It knows no other module; what it shows of
// them it takes through the interfaces in front.go, which the composition root
// satisfies.
package portal
