<?php
defined('ABSPATH') || exit;

// $number: a zaaknummer, which a translating browser leaves as it is
?>
<span translate="no"><?php echo esc_html($number); ?></span><?php
