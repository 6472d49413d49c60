<?php
defined('ABSPATH') || exit;

// A section that could not be asked. $text
?>
<div class="utrecht-alert utrecht-alert--warning">
    <div class="utrecht-alert__icon"><?php $this->partial('icon', ['name' => 'warning']); ?></div>
    <div class="utrecht-alert__content">
        <div class="utrecht-alert__message"><p class="nl-paragraph"><?php echo esc_html($text); ?></p></div>
    </div>
</div>
