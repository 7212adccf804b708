# Inside a bare Debian: set the site up, break it, look whether it stands. Run by test_production.py.
set -euo pipefail
mount -t proc proc /proc
ip link set lo up 2>/dev/null || ifconfig lo up
cd /root/checkout
FETCH=0 NAME=survey.example.org MAIL='smtp+tls://survey:a&b$c;d@mail.example.org:587' deploy/install
get() { curl -ks -o /dev/null -w '%{http_code}' --resolve survey.example.org:443:127.0.0.1 "https://survey.example.org$1"; }
manage() { /opt/materiality/deploy/with /etc/materiality/environment .venv/bin/python manage.py "$@"; }
# A bare machine has no pgrep; the brackets keep grep from finding itself.
pids() { grep -la "$1" /proc/[0-9]*/cmdline 2>/dev/null | cut -d/ -f3; }
echo "page $(get /accounts/login/)"
echo "outside $(curl -ks -o /dev/null -w '%{http_code}' -H 'Host: evil.example' https://127.0.0.1/)"
for _kill in 1 2 3; do
    kill -9 $(pids '[s]upervised:application' | shuf -n 1)
    echo "killed $(get /accounts/login/)"
    sleep 1
done
worker=$(pids '[d]b_worker' | head -n 1)
kill -9 "$worker"
for _try in $(seq 30); do [ -n "$(pids '[d]b_worker')" ] && break; sleep 1; done
echo "worker $(pids '[d]b_worker' | grep -vc "^$worker$")"
manage backup /root/site.backup
manage selfcheck
echo "owner $(runuser -u materiality -- cat /etc/materiality/owner 2>&1 | grep -c 'Permission denied')"
owners=$(pids '[s]cheduled.vacuum' | head -n 1)
echo "schedule of $(stat -c %U "/proc/$owners")"
for _try in $(seq 60); do grep -q 'no byte is left in the tables' /var/log/materiality.log && break; sleep 1; done
echo "vacuumed $(grep -c 'no byte is left in the tables' /var/log/materiality.log)"
before=$(sha256sum /etc/materiality/environment)
FETCH=0 NAME=survey.example.org deploy/install
[ "$before" = "$(sha256sum /etc/materiality/environment)" ] && echo "again same settings"
