<?php
defined('ABSPATH') || exit;

// $date: {datetime, text}
?>
<time datetime="<?php echo esc_attr($date['datetime']); ?>" class="owc-zijspan-nowrap"><?php echo esc_html($date['text']); ?></time><?php
