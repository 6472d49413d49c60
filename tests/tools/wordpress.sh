# shellcheck shell=sh
# A real WordPress: unpacked once into .cache/, then a throw-away copy per run. Sourced, never run.

wordpress_base=$cache/wordpress${ZIJSPAN_WORDPRESS:+-own}
sqlite_base=$cache/sqlite-database-integration
# The SQLite drop-in travels inside this npm package; its integrity is checked against the value below.
sqlite_npm=@wp-playground/cli@3.1.56
sqlite_integrity=JTxl6djPEM2YRYz/w+BUoyoCvhSGHIjqMi4fMV1b8o1UPNvZatLaS7opo57UsrVElXrfdZwvi6IuyS4LswUx9Q==

need_wordpress() {
    need_php
    need_wordpress_files
    need_sqlite_plugin
}

wordpress_version() { sed -n "s/^\$wp_version *= *'\(.*\)';/\1/p" "$1/wp-includes/version.php"; }

assert_wordpress() {
    [ -f "$1/wp-includes/version.php" ] || die "$2 holds no WordPress"
    php -r 'exit(version_compare($argv[1], "6.8", ">=") ? 0 : 1);' "$(wordpress_version "$1")" ||
        die "WordPress $(wordpress_version "$1") is too old: 6.8 or newer is needed ($2)"
}

need_wordpress_files() {
    # A WordPress of the developer's own is taken again when another one is named.
    wordpress_source=${ZIJSPAN_WORDPRESS:-debian}
    [ "$(cat "$wordpress_base/.source" 2>/dev/null || true)" = "$wordpress_source" ] && return 0

    unpack=$cache/unpack.$$
    rm -rf "$unpack"
    mkdir -p "$unpack"
    if [ "$wordpress_source" != debian ]; then
        step "taking WordPress from $wordpress_source"
        unpack_own_wordpress "$wordpress_source"
    elif is_debian; then
        step "unpacking WordPress from Debian's packages into .cache/wordpress"
        unpack_debian_wordpress
    else
        die_elsewhere "WordPress"
    fi
    assert_wordpress "$unpack/wp" "$wordpress_source"
    rm -f "$unpack/wp/wp-config.php" "$unpack/wp/.htaccess"
    printf '%s\n' "$wordpress_source" >"$unpack/wp/.source"
    rm -rf "$wordpress_base"
    # Where another run was faster, its copy is as good as ours.
    mv "$unpack/wp" "$wordpress_base" 2>/dev/null || [ -d "$wordpress_base" ]
    rm -rf "$unpack"
    note "WordPress $(wordpress_version "$wordpress_base")"
}

unpack_own_wordpress() {
    if [ -d "$1" ]; then
        cp -R "$1" "$unpack/wp"
        return 0
    fi
    [ -f "$1" ] || die "ZIJSPAN_WORDPRESS names neither a zip nor a folder: $1"
    need_unzip
    quietly unzip -q "$1" -d "$unpack/zip"
    if [ -d "$unpack/zip/wordpress" ]; then
        mv "$unpack/zip/wordpress" "$unpack/wp"
    else
        mv "$unpack/zip" "$unpack/wp"
    fi
}

# The archive that the host's own apt uses, whatever the form of its sources. $1: suite suffix ("" or "-security").
host_archive() {
    codename=$(os_field VERSION_CODENAME)
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(COMPONENT) $(REPO_URI)' 'Identifier: Packages' |
        awk -v want="$codename$1" -v also="stable$1" '
            $1 == "Debian" && ($2 == want || $2 == also) && $3 == "main" { print $4; found = 1; exit }
            # Before the first update apt does not know the origin: ORIGIN is then empty.
            ($1 == want || $1 == also) && $2 == "main" && !guess { guess = $3 }
            END { if (!found && guess) print guess }'
}

# An apt of our own, with its own lists and cache, that reads Debian 13 next to whatever the host is. The host's apt
# and dpkg are not touched; its proxies and mirrors are used, and signatures are checked with Debian's keyring.
trixie_apt() {
    trixie_command=$1
    shift
    "$trixie_command" -q \
        -o "Dir::Etc::SourceList=$unpack/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o "Dir::State::Lists=$unpack/apt/lists" -o "Dir::Cache=$unpack/apt/cache" \
        -o "Dir::State::Status=$unpack/apt/status" -o APT::Sandbox::User=root \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
        -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false "$@"
}

unpack_debian_wordpress() {
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -f "$keyring" ] || apt_install "Debian's keyring" debian-archive-keyring
    archive=$(host_archive "")
    [ -n "$archive" ] || die "apt's sources name no Debian archive for $(os_field VERSION_CODENAME) main"
    security=$(host_archive -security)
    mkdir -p "$unpack/apt/lists/partial" "$unpack/apt/cache/archives/partial" "$unpack/debs" "$unpack/root"
    : >"$unpack/apt/status"
    printf 'deb [signed-by=%s] %s trixie main\n' "$keyring" "$archive" >"$unpack/apt/sources.list"
    if [ -n "$security" ]; then
        printf 'deb [signed-by=%s] %s trixie-security main\n' "$keyring" "$security" >>"$unpack/apt/sources.list"
    else
        note "apt's sources name no security archive: WordPress comes without Debian's latest fixes"
    fi
    quietly trixie_apt apt-get update

    # WordPress links to libraries that are packages of their own; which ones is for the package to say.
    wordpress_packages="wordpress wordpress-l10n wordpress-theme-twentytwentyfive"
    libraries=$(trixie_apt apt-cache show --no-all-versions wordpress |
        sed -n 's/^Depends: //p' | tr ',|' '\n\n' | sed 's/^ *//; s/[ :(].*//' |
        grep -E '^(libjs-|libphp-|php-getid3|php-phpmailer)' | sort -u)
    # shellcheck disable=SC2086
    (cd "$unpack/debs" && quietly trixie_apt apt-get download $wordpress_packages $libraries)
    for deb in "$unpack/debs"/*.deb; do
        dpkg-deb -x "$deb" "$unpack/root"
    done
    rm -f "$unpack/root/usr/share/wordpress/.htaccess" "$unpack/root/usr/share/wordpress/wp-config.php"
    # -L: the package's links into other folders become files, so that the copy stands on its own.
    cp -RL "$unpack/root/usr/share/wordpress" "$unpack/wp"
}

need_sqlite_plugin() {
    [ -f "$sqlite_base/.complete" ] && return 0
    need_node
    need_unzip
    step "fetching the SQLite drop-in ($sqlite_npm)"
    unpack=$cache/unpack-sqlite.$$
    rm -rf "$unpack"
    mkdir -p "$unpack"
    quietly npm pack --silent --pack-destination "$unpack" "$sqlite_npm"
    # shellcheck disable=SC2016
    [ "$(php -r 'echo base64_encode(hash_file("sha512", $argv[1], true));' "$unpack"/*.tgz)" = "$sqlite_integrity" ] ||
        die "$sqlite_npm is not the package it was: its sha512 differs"
    tar -xzf "$unpack"/*.tgz -C "$unpack"
    sqlite_zip=$(find "$unpack/package" -name sqlite-database-integration.zip | head -n 1)
    [ -n "$sqlite_zip" ] || die "$sqlite_npm holds no SQLite drop-in"
    quietly unzip -q "$sqlite_zip" -d "$unpack/plugin"
    sqlite_dir=$(dirname "$(find "$unpack/plugin" -name db.copy | head -n 1)")
    touch "$sqlite_dir/.complete"
    rm -rf "$sqlite_base"
    mv "$sqlite_dir" "$sqlite_base" 2>/dev/null || [ -d "$sqlite_base" ]
    rm -rf "$unpack"
}

# make_site DIR URL: a WordPress of its own in DIR/site, its database and secrets beside it, outside the web root.
make_site() {
    site_dir=$1
    site_url=$2
    rm -rf "$site_dir/site" "$site_dir/db"
    mkdir -p "$site_dir/db"
    # Hard links: nothing in a run writes to WordPress's own files, and a copy costs nothing.
    cp -al "$wordpress_base" "$site_dir/site" 2>/dev/null || cp -R "$wordpress_base" "$site_dir/site"
    rm -f "$site_dir/site/.source"
    mkdir -p "$site_dir/site/wp-content/plugins" "$site_dir/site/wp-content/uploads"
    cp -R "$sqlite_base" "$site_dir/site/wp-content/plugins/sqlite-database-integration"
    sed -e "s#{SQLITE_IMPLEMENTATION_FOLDER_PATH}#$site_dir/site/wp-content/plugins/none#" \
        -e 's#{SQLITE_PLUGIN}#sqlite-database-integration/load.php#' \
        "$sqlite_base/db.copy" >"$site_dir/site/wp-content/db.php"
    copy_plugin "$site_dir/site"
    cp "$tools/wp-config.php" "$site_dir/site/wp-config.php"
    write_secrets "$site_dir" "$site_url"
    (umask 077 && php -r 'echo rtrim(strtr(base64_encode(random_bytes(12)), "+/", "-_"), "=");' >"$site_dir/admin-password")
    quietly php -d display_errors=1 "$tools/install.php" "$site_dir"
}

# The plugin as a site would have it: a folder of its own, with the shim inside and nobody's tests.
copy_plugin() {
    plugin_dir=$1/wp-content/plugins/owc-zijspan
    rm -rf "$plugin_dir"
    mkdir -p "$plugin_dir"
    cp -R "$root/wp-plugin/." "$plugin_dir/"
    mkdir -p "$plugin_dir/php-shim/src"
    cp -R "$root/php-shim/src/." "$plugin_dir/php-shim/src/"
}

# Keeps a running demo's plugin equal to the working tree, so that an edit shows at the next page.
refresh_plugin() {
    plugin_dir=$1/wp-content/plugins/owc-zijspan
    cp -Ru "$root/wp-plugin/." "$plugin_dir/" 2>/dev/null || true
    cp -Ru "$root/php-shim/src/." "$plugin_dir/php-shim/src/" 2>/dev/null || true
}

# What wp-config reads: the sidecar's address and keys from DIR/demo.json, or values that lead nowhere without it.
write_secrets() {
    (umask 077 && php "$tools/secrets.php" "$1" "$2" >"$1/secrets.php")
}
