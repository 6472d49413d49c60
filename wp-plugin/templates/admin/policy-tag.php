<?php
defined('ABSPATH') || exit;

// $row: {gone, new}: what has changed since the rules were written
?>
<?php if ($row['gone']) : ?>
    <span class="owc-zijspan-admin__tag"><?php esc_html_e('no longer in the catalogue', 'owc-zijspan'); ?></span>
<?php elseif ($row['new']) : ?>
    <span class="owc-zijspan-admin__tag"><?php esc_html_e('new', 'owc-zijspan'); ?></span>
<?php endif; ?>
