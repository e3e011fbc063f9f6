#!/usr/bin/env bash
# Installs what a target needs and the machine lacks: need.sh web|run|test|check|deep.
# On Debian and Ubuntu through apt, as root or with sudo; elsewhere it says what
# to install and stops.
set -euo pipefail

target=${1:?usage: need.sh web|run|test|check|deep}

has() { command -v "$1" >/dev/null 2>&1; }

has_postgres() {
	local dir
	for dir in $(has postgres && dirname "$(readlink -f "$(command -v postgres)")") \
		/usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
		[ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] || continue
		[ "$("$dir/postgres" --version | sed -E 's/.*\(PostgreSQL\) ([0-9]+).*/\1/')" -ge 15 ] && return 0
	done
	return 1
}

has_node() { has node && has npm && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 18 ]; }
has_chromium() { has chromium-headless-shell || has chromium || has chromium-browser || has google-chrome || has google-chrome-stable; }
reads_indonesian() { tesseract --list-langs 2>/dev/null | grep -qx ind; }
has_daemon() { has "$1" || [ -x "/usr/sbin/$1" ]; }
has_certificates() { [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ]; }

missing=() packages=()
# want PACKAGES NAME CHECK…: note NAME as missing unless CHECK succeeds.
want() {
	local pkgs=$1 name=$2
	shift 2
	"$@" || { missing+=("$name"); packages+=($pkgs); }
}

want_web() {
	want ca-certificates "CA certificates" has_certificates
	want "nodejs npm" "Node.js 18 or later with npm" has_node
}
want_run() {
	want_web
	want postgresql "PostgreSQL 15 or later (server, with contrib)" has_postgres
	want poppler-utils "poppler-utils (pdftotext, pdftoppm)" has pdftotext
	want zbar-tools "zbar-tools (zbarimg)" has zbarimg
}
want_test() {
	want_run
	want chromium "Chromium" has_chromium
	want "tesseract-ocr tesseract-ocr-ind" "Tesseract with Indonesian" reads_indonesian
	want qpdf "qpdf" has qpdf
	want libimage-exiftool-perl "exiftool" has exiftool
}

want_deep() {
	want_test
	want pgbouncer "PgBouncer" has_daemon pgbouncer
	want haproxy "HAProxy" has_daemon haproxy
	want wapiti "wapiti" has wapiti
	want sqlmap "sqlmap" has sqlmap
	want curl "curl" has curl
}
# A test fills a small disk of its own, mounted where nobody else sees it.
may_mount() {
	if [ "$(id -u)" -eq 0 ]; then unshare --mount true; else unshare --mount --map-root-user true; fi 2>/dev/null
}

case $target in
web) want_web ;;
run) want_run ;;
test) want_test ;;
deep)
	want_deep
	may_mount || echo "TestAFullDiskIsSaidAndForgotten will fail: it may mount nothing here. Run as root, or allow user namespaces (Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0)." >&2
	;;
check)
	want_test
	# Only checks a file; who has no Debian checks it where Docker is.
	if has apt-get; then want docker-compose "docker-compose" has docker-compose; fi
	;;
*)
	echo "need.sh: unknown target $target" >&2
	exit 2
	;;
esac

[ ${#missing[@]} -eq 0 ] && exit 0

list=$(printf '%s, ' "${missing[@]}")
list=${list%, }

if [ -n "${SECOND_LOOK:-}" ]; then
	echo "apt-get installed no usable $list (too old, or a placeholder for a snap). Install a newer one by hand and run make again." >&2
	exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
	if has sudo; then as_root=(sudo); else as_root=(no); fi
fi
if ! has apt-get || [ "${as_root[0]:-}" = no ]; then
	echo "Missing: $list." >&2
	if has apt-get; then
		echo "Please install as root:  apt-get install ${packages[*]}" >&2
	elif has brew; then
		echo "Please install:  brew install node postgresql@16 poppler zbar qpdf exiftool tesseract-lang (make deep: pgbouncer haproxy wapiti sqlmap), and Chromium or Google Chrome" >&2
	else
		echo "Please install them with this system's package manager and run make again." >&2
	fi
	exit 1
fi

echo "Installing: $list"
apt() { ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" </dev/null; }

# The portal runs a server of its own; the package need not start another one.
cluster_conf=/etc/postgresql-common/createcluster.d/portal-no-main-cluster.conf
if [[ " ${packages[*]} " == *" postgresql "* ]]; then
	${as_root[@]+"${as_root[@]}"} sh -c "mkdir -p ${cluster_conf%/*} && echo 'create_main_cluster = false' >$cluster_conf"
	trap '${as_root[@]+"${as_root[@]}"} rm -f "$cluster_conf"' EXIT
fi

# Debian has Chromium without its windows too: less to fetch, and for the same pages
# two thirds of the work.
without_windows() {
	local i
	for i in "${!packages[@]}"; do
		if [ "${packages[i]}" = chromium ] && apt-cache show chromium-headless-shell >/dev/null 2>&1; then packages[i]=chromium-headless-shell; fi
	done
}

# The tests run these servers themselves, with settings and ports of their own: they start
# neither now nor with the machine.
no_daemons=/usr/sbin/policy-rc.d
if [[ " ${packages[*]} " == *" pgbouncer "* || " ${packages[*]} " == *" haproxy "* ]] && [ ! -e "$no_daemons" ]; then
	${as_root[@]+"${as_root[@]}"} sh -c "printf '#!/bin/sh\nexit 101\n' >$no_daemons && chmod 755 $no_daemons"
	trap '${as_root[@]+"${as_root[@]}"} rm -f "$cluster_conf" "$no_daemons"' EXIT
fi

log=$(mktemp)
if ! { apt update && without_windows && apt install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
	tail -n 30 "$log" >&2
	echo "apt-get could not install: ${packages[*]}. Install them by hand and run make again." >&2
	rm -f "$log"
	exit 1
fi
rm -f "$log"
for daemon in pgbouncer haproxy; do
	if [[ " ${packages[*]} " == *" $daemon "* ]] && has systemctl; then ${as_root[@]+"${as_root[@]}"} systemctl disable --quiet "$daemon" || true; fi
done

# apt may have brought a version that is too old, or a placeholder.
SECOND_LOOK=1 "$0" "$target"
