package app_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"makassartidakrantasa.com/portal/internal/app"
	"makassartidakrantasa.com/portal/internal/platform/pgtest"
)

// Not parallel: see TestTheFirstAdministratorComesByCommandAndLink.
func TestImportCommandsTryFirst(t *testing.T) {
	log := slog.Default()
	t.Cleanup(func() { slog.SetDefault(log) })
	db := pgtest.New(t)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	units := write("unit.csv", "kode,nama,jenis,induk\nDPU-SDA,Bidang Sumber Daya Air,bidang,DPU\n")
	const header = "nip,nama,status,jabatan,unit,tmt\n"
	staff := write("pegawai.csv", header+"0042,Wahyu Contoh,Non-ASN,Petugas Drainase,DPU-SDA,2024-01-02\n")
	broken := write("salah.csv", header+"0043,Yanti Contoh,magang,Petugas,DPU-SDA,2024-01-02\n")
	for _, s := range []struct {
		args     string
		code     int
		out, err string // parts of what is printed
	}{
		{"unit import " + units, 0, "1 baru", ""},
		{"pegawai import " + staff, 1, "1 bermasalah", "baris 2, unit"}, // the unit was only tried
		{"unit import -apply " + units, 0, "sudah disimpan", ""},
		{"pegawai import " + staff, 0, "Baru percobaan", ""},
		{"pegawai import -apply " + staff, 0, "sudah disimpan", ""},
		{"pegawai import -apply " + staff, 0, "1 sama seperti tercatat", ""},
		{"pegawai import -apply " + broken, 1, "1 bermasalah", `baris 2, status "magang"`},
		{"pegawai import " + filepath.Join(dir, "tidak-ada.csv"), 1, "", "no such file"},
		{"pegawai import", 2, "", "wrong number of arguments"},
		{"unit import -h", 0, "-apply", ""},
	} {
		var out, errOut bytes.Buffer
		code := app.Main(t.Context(), strings.Fields(s.args), []string{"DATABASE_URL=" + db.URL, "PORTAL_DATA_DIR=" + dir}, nil, &out, &errOut)
		if code != s.code || !strings.Contains(out.String(), s.out) || !strings.Contains(errOut.String(), s.err) {
			t.Errorf("portal %s: exit %d, want %d\n%s%s", s.args, code, s.code, out.String(), errOut.String())
		}
	}
	var holders int
	if err := db.Pool.QueryRow(t.Context(), `SELECT count(*) FROM org_occupancy`).Scan(&holders); err != nil || holders != 1 {
		t.Errorf("%d people sit, %v", holders, err)
	}
}
