<?php

// Loads a real WordPress, with the plugin active, into PHPUnit. ZIJSPAN_TEST_SITE is its folder; each run has its own.

declare(strict_types=1);

// PHPUnit loads this file inside a function, and WordPress expects its own files to run at the top level.
global $wpdb, $wp, $wp_query, $wp_the_query, $wp_rewrite, $wp_roles, $wp_filter, $wp_actions, $wp_version, $wp_locale,
    $wp_widget_factory, $wp_embed, $wp_scripts, $wp_styles, $wp_theme_directories, $wp_textdomain_registry,
    $wp_registered_sidebars, $wp_registered_widgets, $table_prefix, $shortcode_tags, $phpmailer, $pagenow, $post,
    $current_user, $current_site, $current_blog, $locale, $_wp_theme_features, $_wp_sidebars_widgets, $wp_post_types,
    $wp_taxonomies, $wp_meta_keys, $wp_rest_server, $wp_object_cache;

$site = getenv('ZIJSPAN_TEST_SITE');
if ($site === false || !is_file($site . '/wp-load.php')) {
    fwrite(STDERR, "ZIJSPAN_TEST_SITE names no WordPress; run ./dev test wordpress\n");
    exit(2);
}

$_SERVER['HTTP_HOST'] = 'localhost:8488';
$_SERVER['SERVER_NAME'] = 'localhost';
$_SERVER['SERVER_PORT'] = '8488';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
$_SERVER['HTTP_USER_AGENT'] = 'PHPUnit';

require_once $site . '/wp-load.php';

foreach (get_defined_vars() as $name => $value) {
    if (!array_key_exists($name, $GLOBALS)) {
        $GLOBALS[$name] = $value;
    }
}

require_once ABSPATH . 'wp-admin/includes/plugin.php';

// What the tests share: one class a file.
spl_autoload_register(static function (string $class): void {
    $name = substr($class, strlen('Zijspan\\Tests\\WordPress\\'));
    if (str_starts_with($class, 'Zijspan\\Tests\\WordPress\\') && is_file(__DIR__ . '/' . $name . '.php')) {
        require_once __DIR__ . '/' . $name . '.php';
    }
});
