# shellcheck shell=sh
# The groups of ./dev test. Sourced, never run.

all_groups="rust php wordpress conformance attacks e2e"

run_groups() {
    [ $# -gt 0 ] || set -- $all_groups
    for group in "$@"; do
        case " $all_groups " in
            *" $group "*) ;;
            *) die "no such group: $group (there are: $all_groups)" ;;
        esac
    done
    for group in "$@"; do
        group_skipped=
        "group_$group"
        step "group $group ${group_skipped:-passed}"
    done
}

# cargo_tests NEXTEST_FILTER LIBTEST_ARGUMENTS...
cargo_tests() {
    nextest_filter=$1
    shift
    if (cd "$root" && cargo nextest --version) >/dev/null 2>&1; then
        (cd "$root" && cargo nextest run --locked --no-fail-fast -E "$nextest_filter")
    else
        (cd "$root" && cargo test --quiet --locked --all-targets --no-fail-fast -- "$@")
    fi
}

group_rust() {
    need_cargo
    step "rust: cargo fmt --check"
    (cd "$root" && cargo fmt --check)
    step "rust: cargo clippy"
    (cd "$root" && cargo clippy --quiet --locked --all-targets -- -D warnings)
    step "rust: tests"
    cargo_tests 'not (test(conformance) | test(attacks))' --skip conformance --skip attacks
    step "rust: the build without the sandbox"
    (cd "$root" && cargo clippy --quiet --locked --no-default-features -- -D warnings)
    if [ -f "$root/tests/vectors/crosscheck.py" ]; then
        need_venv
        step "rust: vectors are what their generator writes"
        (cd "$root" && "$cache/venv/bin/python" tests/vectors/generate.py --check)
        step "rust: vectors against an independent implementation"
        (cd "$root" && "$cache/venv/bin/python" tests/vectors/crosscheck.py)
    fi
}

group_conformance() {
    captures=${ZIJSPAN_CAPTURES:-$root/../shared/captures}
    if [ ! -d "$captures" ]; then
        group_skipped="skipped: there are no recordings at $captures (ZIJSPAN_CAPTURES names another folder)"
        return 0
    fi
    need_cargo
    step "conformance: replaying recorded answers"
    (
        ZIJSPAN_CAPTURES=$(CDPATH='' cd -- "$captures" && pwd)
        export ZIJSPAN_CAPTURES
        cargo_tests 'test(conformance)' conformance
    )
}

group_attacks() {
    need_cargo
    step "attacks: forged, replayed and confused messages"
    cargo_tests 'test(attacks)' attacks
}

php_files() {
    find "$root/wp-plugin" "$root/php-shim" "$root/tests" -name '*.php' \
        -not -path '*/node_modules/*' -not -path '*/tests/output/*' "$@"
}

group_php() {
    need_php
    step "php: syntax"
    php_files -print0 | xargs -0 -n 1 php -l >"$cache/php-lint.log" 2>&1 || {
        grep -v '^No syntax errors' "$cache/php-lint.log" >&2
        return 1
    }
    note "$(grep -c '^No syntax errors' "$cache/php-lint.log") files"
    if need_phpcs; then
        step "php: coding standard"
        (cd "$root" && phpcs -q)
    else
        step "php: coding standard: skipped, Debian $(os_field VERSION_ID) has no php-codesniffer"
    fi
    step "php: translations"
    need_gettext
    (cd "$root" && php tests/tools/i18n.php --check)
    step "php: the shim's own tests"
    need_phpunit
    if [ -f "$root/php-shim/phpunit.xml.dist" ]; then
        (cd "$root/php-shim" && phpunit --fail-on-empty-test-suite --configuration phpunit.xml.dist)
    else
        (cd "$root/php-shim" && phpunit --do-not-cache-result --fail-on-empty-test-suite --fail-on-risky --fail-on-warning tests)
    fi
}

group_wordpress() {
    need_wordpress
    need_phpunit
    need_gettext
    wp_run=$runs/wordpress-$$
    new_run "$wp_run"
    step "wordpress: installing WordPress with the plugin"
    make_site "$wp_run" "http://localhost:8488"
    step "wordpress: PHPUnit in WordPress $(wordpress_version "$wordpress_base")"
    wp_status=0
    (cd "$root" && ZIJSPAN_TEST_SITE="$wp_run/site" phpunit --configuration tests/wordpress/phpunit.xml.dist) || wp_status=$?
    if [ "$wp_status" -ne 0 ]; then
        note "what WordPress logged: $wp_run/debug.log"
        return "$wp_status"
    fi
    rm -rf "$wp_run"
}

group_e2e() {
    # shellcheck disable=SC2046
    run_in_browser "e2e" $(find "$root/tests/e2e" -maxdepth 1 -name '*.test.mjs' | sort)
    # A site with several zaaksystemen is another demo.
    demo_options="--sources 3"
    # shellcheck disable=SC2046
    run_in_browser "e2e-sources" $(find "$root/tests/e2e/several" -name '*.test.mjs' | sort)
    demo_options=
}

# run_in_browser NAME FILES...: the demo and a WordPress on free ports, then node's test runner
run_in_browser() {
    browser_name=$1
    shift
    [ $# -gt 0 ] || die "there are no tests for $browser_name"
    need_e2e_modules
    need_chromium
    need_php
    browser_run=$runs/$browser_name-$$
    new_run "$browser_run"
    mkdir -p "$root/tests/output"
    trap 'trap - EXIT INT TERM HUP; stop_all "$browser_run"; exit 130' INT TERM HUP
    trap 'stop_all "$browser_run"' EXIT
    browser_port=$(free_port)
    start_everything "$browser_run" "$browser_port"
    step "$browser_name: node --test"
    browser_status=0
    (
        cd "$root/tests/e2e"
        ZIJSPAN_E2E_SITE=http://localhost:$browser_port
        ZIJSPAN_E2E_DIR=$browser_run
        ZIJSPAN_E2E_OUTPUT=$root/tests/output
        export ZIJSPAN_E2E_SITE ZIJSPAN_E2E_DIR ZIJSPAN_E2E_OUTPUT
        # One file at a time: they share one demo.
        node --test --test-concurrency=1 --test-reporter=tap "$@"
    ) || browser_status=$?
    stop_all "$browser_run"
    trap - EXIT INT TERM HUP
    if [ "$browser_status" -ne 0 ]; then
        note "logs: $browser_run; screenshots: $root/tests/output"
        return "$browser_status"
    fi
    rm -rf "$browser_run"
}

run_bench() {
    need_cargo
    step "bench ${1-}"
    if [ "${1-}" = engine ]; then
        shift
        # Minutes long, and with an exit code of its own: only when asked for by name.
        (cd "$root" && cargo bench --locked --bench engine -- ${1+"$@"})
    else
        (cd "$root" && cargo bench --locked --bench signing --bench gate --bench page ${1+"$@"})
    fi
}

run_soak() {
    need_cargo
    [ $# -le 1 ] || die "./dev soak takes one argument, the minutes"
    step "soak: ${1:-10} minutes"
    (cd "$root" && cargo bench --locked --bench engine -- soak "${1:-10}")
}

run_a11y() {
    [ -f "$root/tests/e2e/a11y.test.mjs" ] || die "the accessibility checks (tests/e2e/a11y.test.mjs) are not here yet"
    run_in_browser a11y "$root/tests/e2e/a11y.test.mjs"
}
