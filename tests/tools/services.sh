# shellcheck shell=sh
# Starting and ending the sidecar's demo and a WordPress beside it. Every service is the leader of a process group of
# its own, whose number is in DIR/<name>.pid; ending it ends the group. Sourced, never run.

# start NAME DIR COMMAND...: in the background, in its own group, output in DIR/NAME.out and DIR/NAME.log
start() {
    start_name=$1
    start_dir=$2
    shift 2
    if have setsid; then
        setsid "$@" >"$start_dir/$start_name.out" 2>"$start_dir/$start_name.log" </dev/null &
    else
        perl -MPOSIX -e 'setsid(); exec @ARGV or die "$ARGV[0]: $!\n"' "$@" \
            >"$start_dir/$start_name.out" 2>"$start_dir/$start_name.log" </dev/null &
    fi
    printf '%s\n' $! >"$start_dir/$start_name.pid"
}

# True while a process of group $1 runs whose command line names folder $2. A number that another program has got since
# is none of ours, so the command line is looked at before anything is ended.
group_is_ours() {
    kill -0 "-$1" 2>/dev/null || return 1
    [ -d /proc/self ] || return 0
    for process in /proc/[0-9]*; do
        [ "$(sed 's/.*) //' "$process/stat" 2>/dev/null | cut -d' ' -f3)" = "$1" ] || continue
        if tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -qF -- "$2"; then
            return 0
        fi
    done
    return 1
}

# stop NAME DIR
stop() {
    stop_file=$2/$1.pid
    [ -f "$stop_file" ] || return 0
    stop_pid=$(cat "$stop_file")
    if group_is_ours "$stop_pid" "$2"; then
        kill -TERM "-$stop_pid" 2>/dev/null || true
        stop_tries=0
        while kill -0 "-$stop_pid" 2>/dev/null; do
            # A child of ours that has ended stays in its group until it is waited for.
            stop_tries=$((stop_tries + 1))
            [ "$stop_tries" -le 60 ] || break
            is_only_a_zombie "$stop_pid" && break
            sleep 0.1
        done
        if [ "$stop_tries" -gt 60 ]; then
            kill -KILL "-$stop_pid" 2>/dev/null || true
        fi
        wait "$stop_pid" 2>/dev/null || true
    fi
    rm -f "$stop_file"
}

is_only_a_zombie() {
    [ -r "/proc/$1/stat" ] || return 1
    [ "$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f1)" = Z ]
}

# running NAME DIR
running() {
    running_pid=$(cat "$2/$1.pid" 2>/dev/null) || return 1
    kill -0 "$running_pid" 2>/dev/null && ! is_only_a_zombie "$running_pid"
}

build_sidecar() {
    need_cargo
    step "building the sidecar"
    (cd "$root" && cargo build --quiet --locked)
    zijspan=$(cargo_target_dir)/debug/zijspan
}

cargo_target_dir() {
    (cd "$root" && cargo metadata --format-version 1 --no-deps --locked) |
        sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

# start_demo DIR SITE_URL: the sidecar with its sandbox; its addresses and keys in DIR/demo.json. $demo_options are for
# it alone (--sources 3).
start_demo() {
    mkdir -p "$1/demo"
    rm -f "$1/demo.json"
    (umask 077 && : >"$1/sidecar.out")
    # shellcheck disable=SC2086
    start sidecar "$1" "$zijspan" demo --dir "$1/demo" --json --site-origin "$2" ${demo_options-}
    demo_tries=0
    until [ -s "$1/sidecar.out" ] && php -r 'exit(json_decode(file_get_contents($argv[1])) ? 0 : 1);' "$1/sidecar.out"; do
        demo_tries=$((demo_tries + 1))
        if ! running sidecar "$1" || [ "$demo_tries" -gt 300 ]; then
            tail -n 40 "$1/sidecar.log" >&2
            die "the sidecar did not start; its log is $1/sidecar.log"
        fi
        sleep 0.1
    done
    (umask 077 && cp "$1/sidecar.out" "$1/demo.json")
}

# start_wordpress DIR PORT: serves DIR/site
start_wordpress() {
    PHP_CLI_SERVER_WORKERS=4
    export PHP_CLI_SERVER_WORKERS
    start wordpress "$1" php -d variables_order=EGPCS -d upload_max_filesize=64M -d post_max_size=72M \
        -d session.auto_start=0 -d expose_php=0 -S "127.0.0.1:$2" -t "$1/site" "$tools/router.php"
    unset PHP_CLI_SERVER_WORKERS
    wordpress_tries=0
    until php "$tools/ready.php" "http://localhost:$2/" 2>/dev/null; do
        wordpress_tries=$((wordpress_tries + 1))
        if ! running wordpress "$1" || [ "$wordpress_tries" -gt 100 ]; then
            tail -n 40 "$1/wordpress.log" "$1/debug.log" >&2 2>/dev/null || true
            die "WordPress does not answer at http://localhost:$2/; its logs are in $1"
        fi
        sleep 0.2
    done
}

stop_all() {
    stop wordpress "$1"
    stop sidecar "$1"
}

# new_run DIR: an empty folder that only we may read
new_run() {
    rm -rf "$1"
    mkdir -p "$1"
    chmod 700 "$1"
    printf '%s\n' "$$" >"$1/owner"
}

# The whole demo in DIR on PORT.
start_everything() {
    need_wordpress
    build_sidecar
    step "starting the sidecar's demo"
    start_demo "$1" "http://localhost:$2"
    step "installing WordPress with the plugin"
    make_site "$1" "http://localhost:$2"
    step "starting WordPress at http://localhost:$2"
    start_wordpress "$1" "$2"
}

demo_up() {
    need_php
    up=$runs/up
    if owner_lives "$up"; then
        die "the demo runs already; ./dev down ends it"
    fi
    stop_all "$up"
    new_run "$up"

    port=${ZIJSPAN_PORT:-8488}
    if ! port_is_free "$port"; then
        [ -z "${ZIJSPAN_PORT-}" ] || die "port $port is in use"
        port=$(free_port)
    fi
    trap 'trap - EXIT INT TERM HUP; step "stopping"; stop_all "$up"; exit 0' INT TERM HUP
    trap 'stop_all "$up"' EXIT
    start_everything "$up" "$port"
    php "$tools/welcome.php" "$up" "$port"

    while running sidecar "$up" && running wordpress "$up"; do
        refresh_plugin "$up/site"
        # In the background, so that Ctrl-C is heard at once.
        sleep 2 &
        wait $! || true
    done
    tail -n 20 "$up/sidecar.log" >&2
    die "the sidecar or WordPress ended by itself; the logs are in $up"
}

# The ./dev that a run belongs to: its process id is in DIR/owner. True while it lives.
owner_lives() {
    owner=$(cat "$1/owner" 2>/dev/null) || return 1
    kill -0 "$owner" 2>/dev/null || return 1
    [ ! -r "/proc/$owner/cmdline" ] || tr '\0' ' ' <"/proc/$owner/cmdline" | grep -qE 'dev (up|test|a11y)'
}

demo_down() {
    stopped=
    for down_dir in "$runs"/*; do
        [ -d "$down_dir" ] || continue
        down_run=$(basename "$down_dir")
        if owner_lives "$down_dir"; then
            # Tests that are running now are somebody's; a demo is what this command is for, and stops itself.
            [ "$down_run" = up ] || continue
            step "stopping the demo"
            kill -TERM "$(cat "$down_dir/owner")"
            stopped=yes
            down_tries=0
            while owner_lives "$down_dir" && [ "$down_tries" -lt 100 ]; do
                down_tries=$((down_tries + 1))
                sleep 0.1
            done
        fi
        for pid_file in "$down_dir"/*.pid; do
            [ -f "$pid_file" ] || continue
            down_name=$(basename "$pid_file" .pid)
            if group_is_ours "$(cat "$pid_file")" "$down_dir"; then
                step "stopping $down_name of $down_run"
                stopped=yes
            fi
            stop "$down_name" "$down_dir"
        done
        rm -rf "$down_dir"
    done
    [ -n "$stopped" ] || step "nothing was running"
}
