<?php
defined('ABSPATH') || exit;

// $back: {label, url} or null
?>
<?php if (!empty($back)) : ?>
    <a class="nl-link owc-zijspan-back" href="<?php echo esc_url($back['url']); ?>"><?php $this->partial('icon', ['name' => 'back']); ?><?php echo esc_html($back['label']); ?></a>
<?php endif; ?>
