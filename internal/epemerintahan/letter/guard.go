package letter

import "makassartidakrantasa.com/portal/internal/platform/errs"

func electronic(c *Case, _ Moment) error {
	if c.Mode != Electronic {
		return errs.New(errs.Conflict, "Surat ini ditandatangani dengan tinta: cetak, tanda tangani, lalu pindai.")
	}
	return nil
}

func wet(c *Case, _ Moment) error {
	if c.Mode != Wet {
		return errs.New(errs.Conflict, "Surat ini ditandatangani secara elektronik, jadi tidak dicetak lebih dahulu.")
	}
	return nil
}

func atCounter(c *Case, m Moment) error {
	if err := wet(c, m); err != nil {
		return err
	}
	if !c.CounterPrint {
		return errs.New(errs.Forbidden, "Kelurahan ini tidak mencetak surat di loket. Teruskan surat untuk diparaf.")
	}
	return nil
}

// namedCamat: a letter that the lurah signed already names its camat, and what is
// signed does not change.
func namedCamat(c *Case, m Moment) error {
	for _, b := range c.Blocks {
		if b.Office == Camat && b.PersonID != m.Actor.PersonID {
			return errs.New(errs.Conflict, "Surat ini menyebut "+b.Name+
				" sebagai camat. Kembalikan ke operator, supaya disusun lagi dengan nama Anda dan ditandatangani lurah lagi.")
		}
	}
	return nil
}

func offers(c *Case, m Moment) error {
	switch {
	case m.Effect == NoEffect:
		return errs.New(errs.Conflict, "Surat jenis ini tidak mengubah data penduduk.")
	case c.EffectDone:
		return errs.New(errs.Conflict, "Peristiwa penduduk untuk surat ini sudah dicatat.")
	}
	return nil
}
