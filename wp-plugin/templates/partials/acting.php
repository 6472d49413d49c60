<?php
defined('ABSPATH') || exit;

// $text: for whom the resident acts
?>
<div class="owc-zijspan owc-zijspan-acting"><?php $this->partial('icon', ['name' => 'person']); ?><p><?php echo esc_html($text); ?></p></div>
