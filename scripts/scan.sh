#!/usr/bin/env bash
# Lets outside scanners loose on a demo portal: scan.sh [URL [FOLDER]]. Reports land in FOLDER.
# Start the portal before, with data that may go:
#
#	PORTAL_RATE_LIMITS=off PORTAL_DEMO_PASSWORD=… PORTAL_DATA_DIR=/tmp/scan make run
#	PORTAL_DEMO_PASSWORD=… scripts/scan.sh
#
# The scanners write what they like into every form. Without PORTAL_DEMO_PASSWORD they come as
# strangers only. docs/security.md answers what they find.
set -euo pipefail

url=${1:-http://127.0.0.1:8080}
out=${2:-scan}
case $url in http://127.0.0.1:* | http://localhost:*) ;; *) echo "scan.sh: only a portal on this machine is scanned" >&2; exit 2 ;; esac
for tool in wapiti sqlmap curl; do
	command -v "$tool" >/dev/null || { echo "scan.sh: $tool is missing (Debian: apt-get install wapiti sqlmap curl)" >&2; exit 1; }
done
mkdir -p "$out"

# Not ssrf and xxe, which have the portal call a server of wapiti's, nor nikto, which fetches its list.
modules=backup,blindsql,buster,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,redirect,shellshock,sql,xss

# visit NAME ARGS: wapiti, with a report NAME.txt. Folders keep it away from the button to sign out.
visit() {
	local name=$1
	shift
	echo "wapiti as $name"
	wapiti -m "$modules" -d 5 --max-links-per-page 40 --max-files-per-dir 12 --max-parameters 12 --max-scan-time 420 --max-attack-time 100 \
		--flush-session --store-session "$out/.$name" --store-config "$out/.$name" --no-bugreport -t 10 -f txt -o "$out/$name.txt" "$@" >"$out/$name.log" 2>&1
}

visit stranger -u "$url/" --scope domain
if [ -n "${PORTAL_DEMO_PASSWORD:-}" ]; then
	for user in warga operator; do
		cookie=$(curl -sS -o /dev/null -c - -d "nama=$user@portal.example" --data-urlencode "sandi=$PORTAL_DEMO_PASSWORD" "$url/masuk" | awk '$6 ~ /sesi$/ { print $6 "=" $7 }')
		case $user in
		warga) visit warga -u "$url/akun/" -s "$url/akun" --scope folder -H "Cookie: $cookie" ;;
		operator) visit operator -u "$url/meja/" -s "$url/meja" -s "$url/meja/penduduk" -s "$url/meja/surat" --scope folder -H "Cookie: $cookie" ;;
		esac
	done
fi

# inject URL [FORM]: sqlmap on every parameter.
inject() {
	echo "sqlmap on $1"
	sqlmap --batch --disable-coloring --flush-session --output-dir="$out/sqlmap" --dbms=postgresql --level=2 --risk=2 --time-sec=2 \
		--ignore-code=404,422,429 -u "$url$1" ${2:+--data="$2"} >>"$out/sqlmap.log" 2>&1
}

: >"$out/sqlmap.log"
inject '/mtr?cari=lampu&kategori=1&status=selesai&kecamatan=1&unit=1'
inject '/mtr/statistik?dari=2026-01-01&sampai=2026-12-31&kategori=1'
inject '/lacak?nomor=MTR-26-000001'
inject '/puskesmas?q=kassi'
inject '/surat?cari=usaha'
inject '/open311/v2/requests.json?service_code=SAMPAH&status=open&start_date=2026-01-01T00:00:00Z&page_size=5'
inject '/masuk' 'nama=warga%40portal.example&sandi=salah'
inject '/lacak' 'nomor_saya=MTR-26-000001&kode=KAPAL-4821'

echo "sqlmap: $(grep -c 'does not seem to be injectable' "$out/sqlmap.log" || true) parameters do not seem to be injectable; $(grep -cE 'is vulnerable|injectable with' "$out/sqlmap.log" || true) do"
grep -hE '^ .*: +[1-9][0-9]*$' "$out"/*.txt || true
