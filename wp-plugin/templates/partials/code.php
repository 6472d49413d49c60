<?php
defined('ABSPATH') || exit;

// $code: what a resident can name when calling
?>
<p class="nl-paragraph owc-zijspan-note"><?php esc_html_e('Do you contact us about this? Then mention this code:', 'owc-zijspan'); ?> <strong translate="no"><?php echo esc_html($code); ?></strong></p>
