<?php

/**
 * Removes what the plugin stored: options of its own. Pages, and everything that editors wrote, stay.
 */

declare(strict_types=1);

defined('WP_UNINSTALL_PLUGIN') || exit;

(static function (): void {
    $clean = static function (): void {
        global $wpdb;

        $names = $wpdb->get_col($wpdb->prepare(
            "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s OR option_name LIKE %s",
            $wpdb->esc_like('zijspan_') . '%',
            $wpdb->esc_like('owc_zijspan_') . '%'
        ));
        foreach ($names as $name) {
            delete_option($name);
        }
    };
    if (!is_multisite()) {
        $clean();

        return;
    }
    foreach (get_sites(['fields' => 'ids', 'number' => 0]) as $site) {
        switch_to_blog((int) $site);
        $clean();
        restore_current_blog();
    }
})();
