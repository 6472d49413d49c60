#!/bin/sh
# Proves that a second run asks no network: ./dev test wordpress and ./dev up, each in a network namespace that has
# nothing but its loopback. Run as root, after a first ./dev test and ./dev up have filled .cache/ with a network.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
[ "$(id -u)" -eq 0 ] || { echo "offline.sh: a network namespace needs root" >&2; exit 1; }

if [ "${1-}" != inside ]; then
    exec unshare --net -- "$0" inside
fi

ip link set lo up
[ -z "$(ip route)" ] || { echo "offline.sh: there is a route; this proves nothing" >&2; exit 1; }

echo "==> offline: ./dev test wordpress"
"$root/dev" test wordpress

echo "==> offline: ./dev up"
log=$(mktemp)
ZIJSPAN_PORT=$(php -r '$s = stream_socket_server("tcp://127.0.0.1:0"); echo parse_url("tcp://" . stream_socket_get_name($s, false), PHP_URL_PORT);')
export ZIJSPAN_PORT
"$root/dev" up >"$log" 2>&1 &
up=$!
tries=0
until grep -q 'Ctrl-C stops everything' "$log"; do
    tries=$((tries + 1))
    if ! kill -0 "$up" 2>/dev/null || [ "$tries" -gt 600 ]; then
        cat "$log" >&2
        echo "offline.sh: ./dev up did not come up without a network" >&2
        exit 1
    fi
    sleep 1
done
cat "$log"
php "$root/tests/tools/ready.php" "http://localhost:$ZIJSPAN_PORT/"
kill -TERM "$up"
wait "$up"
if php "$root/tests/tools/ready.php" "http://localhost:$ZIJSPAN_PORT/" 2>/dev/null; then
    echo "offline.sh: ./dev up left its WordPress running" >&2
    exit 1
fi
rm -f "$log"
echo "==> offline: all of it worked without a network"
