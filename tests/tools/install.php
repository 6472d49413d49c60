<?php

// Installs WordPress without a browser: php install.php DIR, with DIR/site, DIR/secrets.php and DIR/admin-password.

declare(strict_types=1);

$dir = $argv[1];
define('WP_INSTALLING', true);

// The names of the constants are WordPress's; the address is what a browser would ask for.
require_once $dir . '/secrets.php';
$_SERVER['HTTP_HOST'] = parse_url(WP_HOME, PHP_URL_HOST) . ':' . parse_url(WP_HOME, PHP_URL_PORT);
$_SERVER['SERVER_NAME'] = parse_url(WP_HOME, PHP_URL_HOST);
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';

require_once $dir . '/site/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

add_filter('pre_wp_mail', '__return_true');

$password = trim((string) file_get_contents($dir . '/admin-password'));
$installed = wp_install('Gemeente Lindenwaard', 'admin', 'admin@example.org', false, '', $password, 'nl_NL');
$admin = (int) $installed['user_id'];
wp_set_current_user($admin);

update_option('blogdescription', 'Demo van MijnOmgeving');
update_option('timezone_string', 'Europe/Amsterdam');
update_option('date_format', 'j F Y');
update_option('show_avatars', 0);
update_option('default_comment_status', 'closed');
// Otherwise a welcome dialog lies over the editor.
update_user_meta($admin, $GLOBALS['wpdb']->get_blog_prefix() . 'persisted_preferences', [
    'core' => ['enableChoosePatternModal' => false, 'isComplementaryAreaVisible' => true],
    'core/edit-post' => ['welcomeGuide' => false, 'welcomeGuideTemplate' => false],
    '_modified' => gmdate('c'),
]);
switch_theme('twentytwentyfive');

$GLOBALS['wp_rewrite']->set_permalink_structure('/%postname%/');

$plugin = 'owc-zijspan/owc-zijspan.php';
$activated = activate_plugin($plugin);
if (is_wp_error($activated)) {
    fwrite(STDERR, 'The plugin does not activate: ' . $activated->get_error_message() . "\n");
    exit(1);
}

$page = static function (string $slug, string $title, string $content) use ($admin): int {
    $id = wp_insert_post([
        'post_type' => 'page',
        'post_status' => 'publish',
        'post_author' => $admin,
        'post_name' => $slug,
        'post_title' => $title,
        'post_content' => wp_slash($content),
    ], true);
    if (is_wp_error($id)) {
        fwrite(STDERR, "Page $title: " . $id->get_error_message() . "\n");
        exit(1);
    }
    return $id;
};

// What WordPress makes by itself is in the way on a demo site.
foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $post) {
    wp_delete_post($post->ID, true);
}

// The same pages that the settings page makes as drafts, published.
switch_to_locale('nl_NL');
$made = (new OWC\Zijspan\Setup\Pages())->create();
foreach ($made as $id) {
    wp_publish_post($id);
}
['zaken' => $overview, 'inloggen' => $login] = $made;
$front = $page('voorpagina', 'Welkom', <<<HTML
<!-- wp:paragraph -->
<p>Dit is een demo met verzonnen personen. Log in om te zien hoe een inwoner zaken volgt.</p>
<!-- /wp:paragraph -->

<!-- wp:owc-zijspan/inloggen /-->

<!-- wp:list -->
<ul class="wp-block-list"><!-- wp:list-item -->
<li><a href="/mijn-zaken/">Mijn zaken</a></li>
<!-- /wp:list-item --></ul>
<!-- /wp:list -->
HTML);
update_option('show_on_front', 'page');
update_option('page_on_front', $front);

// The theme's header shows this instead of a list of all pages, among which a zaak page that shows nothing by itself.
$link = static fn (int $id, string $label): string => sprintf(
    '<!-- wp:navigation-link {"label":"%s","type":"page","id":%d,"url":"%s","kind":"post-type"} /-->',
    $label,
    $id,
    get_permalink($id)
);
wp_insert_post([
    'post_type' => 'wp_navigation',
    'post_status' => 'publish',
    'post_author' => $admin,
    'post_title' => 'Hoofdmenu',
    'post_content' => wp_slash($link($front, 'Welkom') . $link($overview, 'Mijn zaken') . $link($login, 'Inloggen')),
]);

// The theme's own footer is made of English examples.
$footer = wp_insert_post([
    'post_type' => 'wp_template_part',
    'post_status' => 'publish',
    'post_author' => $admin,
    'post_name' => 'footer',
    'post_title' => 'Footer',
    'post_content' => wp_slash(<<<HTML
    <!-- wp:group {"align":"full","layout":{"type":"constrained"},"style":{"spacing":{"padding":{"top":"var:preset|spacing|60","bottom":"var:preset|spacing|50"}}}} -->
    <div class="wp-block-group alignfull" style="padding-top:var(--wp--preset--spacing--60);padding-bottom:var(--wp--preset--spacing--50)"><!-- wp:paragraph {"fontSize":"small"} -->
    <p class="has-small-font-size">Gemeente Lindenwaard bestaat niet. Alle personen, zaken en documenten in deze demo zijn verzonnen.</p>
    <!-- /wp:paragraph --></div>
    <!-- /wp:group -->
    HTML),
]);
wp_set_object_terms($footer, get_stylesheet(), 'wp_theme');
wp_set_object_terms($footer, 'footer', 'wp_template_part_area');

flush_rewrite_rules(false);
printf("WordPress %s installed with %s\n", $GLOBALS['wp_version'], $plugin);
