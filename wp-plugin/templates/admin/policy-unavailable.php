<?php
defined('ABSPATH') || exit;

// $text, $url of the connection tab
?>
<h2><?php esc_html_e('Display rules', 'owc-zijspan'); ?></h2>
<div class="notice notice-error inline"><p><?php esc_html_e('The display rules cannot be read.', 'owc-zijspan'); ?> <?php echo esc_html($text); ?></p></div>
<p><a href="<?php echo esc_url($url); ?>"><?php esc_html_e('Test the connection', 'owc-zijspan'); ?></a></p>
