#!/bin/sh
# Makes the words that the boards of the puskesmas say: web/static/suara/*.mp3. They are
# in the repository; run this again after adding a word to internal/epuskesmas/spoken.go.
# Needs espeak-ng and lame.
set -eu
cd "$(dirname "$0")/.."
out=web/static/suara
mkdir -p "$out"

say() { # file, words
	espeak-ng -v id -s 145 -p 55 -z --stdout "$2" | lame --quiet -m m -b 32 --resample 22.05 - "$out/$1.mp3"
}

say nomor-antrean "nomor antrean"
say silakan-lihat-layar "silakan lihat layar"
say ke ke
say kb "ka be"
say kia "ka i a"
for pair in a:a b:be c:ce d:de e:é f:ef g:ge h:ha i:i j:je k:ka l:el m:em n:en o:o p:pe q:ki r:er s:es t:te u:u v:fe w:we x:eks y:ye z:zet; do
	say "huruf-${pair%%:*}" "${pair#*:}"
done
sed -n '/^const spokenWords/,/`$/p' internal/epuskesmas/spoken.go | tr -d '`' | sed 's/^const spokenWords =//' | tr -s ' \t' '\n\n' | while read -r word; do
	case "$word" in '' | kb | kia) ;; *) say "$word" "$word" ;; esac
done
cat >"$out/README.md" <<'TEXT'
# The board's voice

Short clips that the boards of the puskesmas put together to sentences, such as "Nomor
antrean A tujuh belas, ke Poli Umum". Made by `scripts/suara.sh` with eSpeak NG's
Indonesian voice and LAME: MP3, one channel, 32 kbit/s. eSpeak NG's licence (GPL-3.0 or
later) covers the program, not what it says; the clips are under the portal's own licence.
TEXT
