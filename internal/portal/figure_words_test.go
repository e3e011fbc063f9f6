package portal

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestFiguresSayOnlyWhatRestsOnEnough(t *testing.T) {
	t.Parallel()
	full := Figures{Received: 1482, AnsweredOnTime: 0.914, AnsweredN: 1200, HalfDoneIn: 75 * time.Hour, DoneN: 900, OpenNow: 214}
	for name, tc := range map[string]struct {
		change func(*Figures)
		want   []Figure
	}{
		"all": {func(*Figures) {}, []Figure{
			{"1.482", "laporan diterima"}, {"91%", "ditanggapi dalam 2×24 jam"},
			{"3,1 hari", "separuh laporan selesai dalam"}, {"214", "sedang ditangani saat ini"},
		}},
		"few answered": {func(f *Figures) { f.AnsweredN = Enough - 1 }, []Figure{
			{"1.482", "laporan diterima"}, {"3,1 hari", "separuh laporan selesai dalam"}, {"214", "sedang ditangani saat ini"},
		}},
		"nothing yet": {func(f *Figures) { *f = Figures{} }, []Figure{
			{"0", "laporan diterima"}, {"0", "sedang ditangani saat ini"},
		}},
	} {
		f := full
		tc.change(&f)
		if diff := cmp.Diff(tc.want, f.Words()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
