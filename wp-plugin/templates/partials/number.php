<?php
defined('ABSPATH') || exit;

// $number: a zaaknummer, which a translating browser leaves as it is
?>
<span class="owc-zijspan-number" translate="no"><?php echo esc_html($number); ?></span><?php
