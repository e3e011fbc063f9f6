#!/usr/bin/env bash
# Lets outside scanners loose on a demo portal of its own and says what they found that
# docs/security.md does not answer: scan.sh [FOLDER] leaves their reports there (scan). Needs bin/portal
# (make build); ends with 1 when something new was found, or an answer was a server's error.
set -euo pipefail

for tool in wapiti sqlmap curl; do
	command -v "$tool" >/dev/null || { echo "scan.sh: $tool is missing (Debian: apt-get install wapiti sqlmap curl)" >&2; exit 1; }
done
data=$(mktemp -d) && chmod 755 "$data" # PostgreSQL is another user there
out=${1:-scan}
url=http://127.0.0.1:${SCAN_PORT:-8099}
admin=http://127.0.0.1:$((${SCAN_PORT:-8099} + 1))
export PORTAL_DEMO_PASSWORD=${PORTAL_DEMO_PASSWORD:-$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')}
mkdir -p "$out"

PORTAL_RATE_LIMITS=off PORTAL_ADDR=${url#http://} PORTAL_ADMIN_ADDR=${admin#http://} PORTAL_DATA_DIR=$data/portal bin/portal dev >"$out/portal.log" 2>&1 &
portal=$!
trap 'kill $portal 2>/dev/null; wait $portal || true; rm -rf "$data"' EXIT
until curl -fsS -o /dev/null "$url/readyz" 2>/dev/null; do
	kill -0 $portal 2>/dev/null || { cat "$out/portal.log" >&2; exit 1; }
	sleep 1
done

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

# session USER: the cookie of somebody signed in.
session() {
	curl -sS -o /dev/null -c - -d "nama=$1@portal.example" --data-urlencode "sandi=$PORTAL_DEMO_PASSWORD" "$url/masuk" | awk '$6 ~ /sesi$/ { print $6 "=" $7 }'
}

visit stranger -u "$url/" --scope domain
visit warga -u "$url/akun/" -s "$url/akun" --scope folder -H "Cookie: $(session warga)"
visit operator -u "$url/meja/" -s "$url/meja" -s "$url/meja/penduduk" -s "$url/meja/surat" --scope folder -H "Cookie: $(session operator)"

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

echo "sqlmap: $(grep -c 'does not seem to be injectable' "$out/sqlmap.log" || true) parameters do not seem to be injectable"
grep -hE '^ .*: +[1-9][0-9]*$' "$out"/*.txt || true

failed=0
# Forms, headers and the cookie of a demo over http are answered in docs/security.md.
if grep -hE '^ .*: +[1-9][0-9]*$' "$out"/*.txt | grep -vE '^ *(Cross Site Request Forgery|HTTP Secure Headers|Secure Flag cookie) *:'; then
	echo "scan.sh: wapiti found what docs/security.md does not answer" >&2
	failed=1
fi
if grep -E 'is vulnerable|injectable with|appears to be .* injectable' "$out/sqlmap.log"; then
	echo "scan.sh: sqlmap found a parameter that it can inject" >&2
	failed=1
fi
if curl -fsS "$admin/metrics" | grep -E '^portal_request_seconds_count\{.*status="5' | grep -v 'status="503"'; then
	echo "scan.sh: the portal answered with a server's error; see $out/portal.log" >&2
	failed=1
fi
exit $failed
