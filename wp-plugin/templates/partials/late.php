<?php
defined('ABSPATH') || exit;

// $level, $heading, $text, $retryUrl; $loaded and $failed are what script says after asking again
?>
<div class="owc-zijspan-panel" data-zijspan-loaded="<?php echo esc_attr($loaded); ?>" data-zijspan-failed="<?php echo esc_attr($failed); ?>">
    <?php $this->partial('heading', ['level' => $level, 'text' => $heading]); ?>
    <p class="nl-paragraph"><?php echo esc_html($text); ?></p>
    <p class="owc-zijspan-actions"><a class="nl-button" href="<?php echo esc_url($retryUrl); ?>"><?php esc_html_e('Load again', 'owc-zijspan'); ?></a></p>
</div>
