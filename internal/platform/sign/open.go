package sign

// Open chooses the signer: BSrE's service where bsreURL (BSRE_URL) names one, else
// the portal's own authority. Its errors never quote the address.
func Open(bsreURL string, authority *Authority) (Signer, error) {
	if bsreURL == "" {
		return local{authority}, nil
	}
	return openBSrE(bsreURL)
}
