<?php
defined('ABSPATH') || exit;

// $url of the settings
?>
<div class="notice notice-warning">
    <p><?php esc_html_e('MijnOmgeving is not connected yet: residents cannot see their cases.', 'owc-zijspan'); ?> <a href="<?php echo esc_url($url); ?>"><?php esc_html_e('See what is missing', 'owc-zijspan'); ?></a></p>
</div>
