# shellcheck shell=sh
# Words every part of ./dev uses. Sourced, never run.

cache=${ZIJSPAN_CACHE:-$root/.cache}
runs=$cache/run
mkdir -p "$cache" "$runs"
# What a run that failed left behind, once nobody will look at it any more.
find "$cache" "$runs" -maxdepth 1 \( -name 'unpack*.*' -o -name '*-[0-9]*' \) -mmin +1440 -exec rm -rf {} + 2>/dev/null || true

step() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
    printf 'dev: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command whose output matters only when it fails.
quietly() {
    quietly_log=$cache/last-command.$$.log
    if "$@" >"$quietly_log" 2>&1; then
        rm -f "$quietly_log"
    else
        quietly_status=$?
        cat "$quietly_log" >&2
        rm -f "$quietly_log"
        printf 'dev: this failed (%s): %s\n' "$quietly_status" "$*" >&2
        return "$quietly_status"
    fi
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

os_field() {
    # shellcheck disable=SC1091
    (. /etc/os-release 2>/dev/null && eval "printf '%s' \"\${$1-}\"") || true
}

is_debian() {
    [ "$(os_field ID)" = debian ] && [ "$(os_field VERSION_ID)" -ge 12 ] 2>/dev/null
}

# One sentence for everybody who is not on Debian 12 or newer.
die_elsewhere() {
    die "$1 is missing, and only on Debian 12 or 13 can ./dev install it: provide PHP >= 8.2 (with its curl, dom, gd, intl, mbstring, pdo_sqlite and zip extensions), a WordPress >= 6.8 (ZIJSPAN_WORDPRESS=<zip or folder>), Chromium (ZIJSPAN_CHROMIUM=<program>), node >= 18 with npm, phpunit and phpcs."
}

sha256_of() {
    if have sha256sum; then
        sha256sum "$@"
    else
        shasum -a 256 "$@"
    fi | cut -d' ' -f1
}

random_base64() { php -r 'echo base64_encode(random_bytes(32));'; }

# A TCP port that is free now; the caller binds it at once.
free_port() {
    php -r '$s = stream_socket_server("tcp://127.0.0.1:0"); echo parse_url("tcp://" . stream_socket_get_name($s, false), PHP_URL_PORT);'
}

port_is_free() {
    php -r 'exit(@stream_socket_server("tcp://127.0.0.1:" . $argv[1]) ? 0 : 1);' "$1"
}

# json FILE FIELD [FIELD ...]: one value out of a JSON file, empty when absent.
json() {
    # shellcheck disable=SC2016
    php -r '$v = json_decode(file_get_contents($argv[1]), true);
        foreach (array_slice($argv, 2) as $k) { $v = $v[$k] ?? null; }
        echo is_scalar($v) ? $v : "";' "$@"
}
