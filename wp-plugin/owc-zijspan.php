<?php

/**
 * Plugin Name:       OWC | MijnOmgeving (Zijspan)
 * Description:       Shows residents their own zaken. The Zijspan sidecar does the work; this plugin shows the pages.
 * Version:           0.1.0
 * Requires at least: 6.8
 * Requires PHP:      8.2
 * Author:            Zijspan
 * License:           EUPL-1.2
 * License URI:       https://eupl.eu/1.2/en/
 * Text Domain:       owc-zijspan
 * Domain Path:       /languages
 */

// This file must be readable by any PHP, so that an old one says what is wrong instead of failing.
if (!defined('ABSPATH')) {
    exit;
}

if (version_compare(PHP_VERSION, '8.2', '<') || version_compare($GLOBALS['wp_version'], '6.8', '<')) {
    add_action('admin_notices', 'owc_zijspan_too_old');

    function owc_zijspan_too_old()
    {
        echo '<div class="notice notice-error"><p>',
            esc_html__('MijnOmgeving needs PHP 8.2 and WordPress 6.8 or newer and does nothing now.', 'owc-zijspan'),
            '</p></div>';
    }

    return;
}

require __DIR__ . '/includes/bootstrap.php';
