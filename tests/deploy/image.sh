#!/usr/bin/env bash
# The image as it runs, without an engine: its own processes, as its own user, in its own files. The page
# of sign-in is served, `/readyz` says yes, and what must not be there is not.
set -euo pipefail
: "${NAME:=localhost/materiality}"
export BUILDAH_ISOLATION="${BUILDAH_ISOLATION:-chroot}" STORAGE_DRIVER="${STORAGE_DRIVER:-vfs}"
PORT=18001 SITE=survey.example.org
container=$(buildah from --pull-never "$NAME")
started=""
# In a chroot the process is one of this machine, and does not end with the program that started it.
finish() {
    if [ -n "$started" ]; then
        inside sh -c 'kill "$(cat /run/materiality/pid)"' 2>/dev/null || kill "$started" || true
        wait "$started" 2>/dev/null || true
    fi
    buildah rm "$container" >/dev/null
}
trap finish EXIT
inside() {
    buildah run --network host --user materiality \
        --env SECRET_KEY=only-to-try-the-image-only-to-try-the-image-only-to-try --env "ALLOWED_HOSTS=$SITE" \
        --env PRODUCTION=1 --env "SITE_URL=https://$SITE" --env TRUSTED_PROXIES=127.0.0.1 --env HOST=127.0.0.1 \
        --env DATABASE_URL=sqlite:////var/lib/materiality/site.sqlite3 "$container" -- "$@"
}
fail() { echo "$*" >&2; exit 1; }

[ "$(inside id -un)" = materiality ] || fail "it runs as root"
inside sh -c '! touch /opt/materiality/x 2>/dev/null' || fail "the program can be changed by who runs it"
for absent in gcc pip uv curl; do
    inside sh -c "! command -v $absent >/dev/null" || fail "$absent is in the image"
done
inside sh -c '[ ! -e tests ] && [ ! -e .git ] && [ ! -e data ]' || fail "tests, history or data are in the image"
inside sh -c '.venv/bin/python manage.py migrate -v0'
inside sh -c "echo \$\$ >/run/materiality/pid; exec deploy/web $PORT" &
started=$!
for _second in $(seq 60); do
    curl -fs "http://127.0.0.1:$PORT/healthz" >/dev/null && break
    kill -0 "$started" 2>/dev/null || fail "the process ended"
    sleep 1
done
# Probes name an address and no TLS; pages come by the name, as the proxy asks for them.
by_name() { curl -fsSL -H "Host: $SITE" -H 'X-Forwarded-Proto: https' -H 'Accept-Language: en' "http://127.0.0.1:$PORT$1"; }
echo "/readyz: $(curl -fsS "http://127.0.0.1:$PORT/readyz")"
page=$(by_name /accounts/login/)
grep -q '<form' <<<"$page" || fail "no page of sign-in"
style=$(grep -o '/static/[^"]*\.css' <<<"$page" | head -n 1)
by_name "$style" >/dev/null || fail "no style sheet"
inside sh -c "python3 -c \"import urllib.request as u; u.urlopen('http://127.0.0.1:$PORT/healthz', timeout=4)\"" ||
    fail "the health check says no"
echo "The image serves: sign-in page of ${#page} bytes, $style"
