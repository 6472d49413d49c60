<?php
defined('ABSPATH') || exit;

use OWC\Zijspan\Admin\AdminView;

// $notices, $text, $url of the connection tab
?>
<h2><?php esc_html_e('Sources', 'owc-zijspan'); ?></h2>
<?php AdminView::show('notices', ['notices' => $notices]); ?>
<div class="notice notice-error inline"><p><?php esc_html_e('How the sources do cannot be seen now.', 'owc-zijspan'); ?> <?php echo esc_html($text); ?></p></div>
<p><a href="<?php echo esc_url($url); ?>"><?php esc_html_e('Test the connection', 'owc-zijspan'); ?></a></p>
