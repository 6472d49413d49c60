# shellcheck shell=sh
# What the machine must have: installed from Debian on Debian, asked for elsewhere. Each need_* looks before it
# installs, so that a second run asks no network. Sourced, never run.

apt_fresh=

apt_install() {
    # $1: what it is for; the rest: package names
    apt_for=$1
    shift
    is_debian || die_elsewhere "$apt_for"
    [ "$(id -u)" -eq 0 ] || have sudo ||
        die "$apt_for is missing and installing it needs root: run ./dev as root, install sudo, or have this done: apt-get install $*"
    step "installing $apt_for: $*"
    if [ -z "$apt_fresh" ]; then
        # A third-party source that is down must not stop an install from Debian's own.
        quietly as_root apt-get -q -o DPkg::Lock::Timeout=600 update ||
            note "apt-get update complained; trying with what it got"
        apt_fresh=yes
    fi
    quietly as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"
}

php_is_enough() {
    have php && php -r 'exit(PHP_VERSION_ID >= 80200 && !array_diff(
        ["curl", "dom", "gd", "intl", "mbstring", "openssl", "pdo_sqlite", "simplexml", "sodium", "xmlwriter", "zip"],
        array_map("strtolower", get_loaded_extensions())) ? 0 : 1);' >/dev/null 2>&1
}

need_php() {
    php_is_enough && return 0
    # The unversioned names bring the distribution's own version: 8.2 on Debian 12, 8.4 on 13.
    apt_install "PHP" php-cli php-sqlite3 php-curl php-xml php-mbstring php-intl php-zip php-gd
    php_is_enough || die "PHP is there but is older than 8.2 or lacks an extension: $(php -v 2>&1 | head -n 1)"
}

need_unzip() { have unzip || apt_install "unzip" unzip; }

need_gettext() { have msgfmt && have xgettext || apt_install "gettext" gettext; }

need_phpunit() { have phpunit || apt_install "PHPUnit" phpunit; }

# Debian 13 has no php-codesniffer: the step is then left out, aloud.
need_phpcs() {
    have phpcs && return 0
    if is_debian && [ "$(os_field VERSION_ID)" -ge 13 ]; then
        return 1
    fi
    apt_install "PHP_CodeSniffer" php-codesniffer
}

need_node() {
    if ! have node || ! have npm; then
        node_packages=
        have node || node_packages=nodejs
        have npm || node_packages="$node_packages npm"
        # shellcheck disable=SC2086
        apt_install "node" $node_packages
    fi
    [ "$(node -p 'parseInt(process.versions.node, 10)')" -ge 18 ] || die "node >= 18 is needed; this is $(node -v)"
}

chromium_path() {
    for candidate in "${ZIJSPAN_CHROMIUM-}" chromium chromium-browser google-chrome; do
        if [ -n "$candidate" ] && have "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

need_chromium() {
    [ -n "$(chromium_path)" ] || apt_install "Chromium" chromium fonts-liberation
    CHROMIUM=$(chromium_path) || die "no Chromium found"
    export CHROMIUM
}

# The C compiler and friends that crates with C in them ask for.
need_cargo() {
    if ! have cargo; then
        if [ -x "${CARGO_HOME:-$HOME/.cargo}/bin/cargo" ]; then
            PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
            export PATH
        else
            die "cargo is missing: install Rust $(rust_version) or newer with rustup, as https://rustup.rs says, and run this again."
        fi
    fi
    have cc || apt_install "a C compiler" gcc libc6-dev
    if [ -z "${cargo_ready-}" ]; then
        # With everything in cargo's own cache, nothing is asked of the network from here on.
        cargo_host=$(rustc -vV | sed -n 's/^host: //p')
        if ! (cd "$root" && cargo fetch --quiet --locked --offline --target "$cargo_host") >/dev/null 2>&1; then
            step "fetching the crates that Cargo.lock names"
            (cd "$root" && cargo fetch --quiet --locked --target "$cargo_host")
        fi
        CARGO_NET_OFFLINE=true
        export CARGO_NET_OFFLINE
        cargo_ready=yes
    fi
}

rust_version() { sed -n 's/^rust-version *= *"\(.*\)"/\1/p' "$root/Cargo.toml"; }

# An independent implementation of RFC 9421, for the cross-check of the test vectors.
need_venv() {
    venv=$cache/venv
    venv_stamp=$(sha256_of "$tools/requirements.txt")
    [ "$(cat "$venv/.complete" 2>/dev/null || true)" = "$venv_stamp" ] && return 0
    venv_python=python3
    if is_debian; then
        venv_python=/usr/bin/python3
        if ! "$venv_python" -c 'import cryptography, ensurepip, venv' 2>/dev/null; then
            apt_install "Python" python3 python3-venv python3-cryptography
        fi
    elif ! have python3; then
        die_elsewhere "python3"
    fi
    step "installing http-message-signatures in .cache/venv"
    rm -rf "$venv"
    quietly "$venv_python" -m venv --system-site-packages "$venv"
    quietly "$venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r "$tools/requirements.txt"
    quietly "$venv/bin/python" -c 'import http_message_signatures'
    printf '%s\n' "$venv_stamp" >"$venv/.complete"
}

# playwright-core and axe-core, as tests/e2e/package-lock.json pins them.
need_e2e_modules() {
    need_node
    modules_stamp=$(sha256_of "$root/tests/e2e/package-lock.json")
    [ "$(cat "$root/tests/e2e/node_modules/.complete" 2>/dev/null || true)" = "$modules_stamp" ] && return 0
    step "installing what the browser tests need (npm ci)"
    (cd "$root/tests/e2e" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 quietly npm ci --no-audit --no-fund --ignore-scripts)
    printf '%s\n' "$modules_stamp" >"$root/tests/e2e/node_modules/.complete"
}
