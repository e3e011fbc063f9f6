// Package authn knows who somebody is: accounts, passwords, one-time codes, second
// factors and invitations, and the Actor that an account becomes in a request.
//
// Answers never tell whether a contact has an account: signing in, signing up and
// resetting take the same steps, do the same work and say the same thing for known
// and unknown contacts. Tight limits belong to an account or a contact; an address,
// which carriers share among thousands, alone never blocks anybody: it only slows.
package authn
