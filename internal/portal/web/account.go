package portalweb

// EnrolPath is where the second factor is set up.
const EnrolPath = "/akun/verifikasi-dua-langkah"
