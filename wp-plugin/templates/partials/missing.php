<?php
defined('ABSPATH') || exit;

// A section that could not be asked, or not yet. $text, optional: $fetching
$type = !empty($fetching) ? 'info' : 'warning';
?>
<div class="utrecht-alert utrecht-alert--<?php echo esc_attr($type); ?>">
    <div class="utrecht-alert__icon"><?php $this->partial('icon', ['name' => $type]); ?></div>
    <div class="utrecht-alert__content">
        <div class="utrecht-alert__message"><p class="nl-paragraph"><?php echo !empty($fetching) ? esc_html__('We are still fetching this.', 'owc-zijspan') : esc_html($text); ?></p></div>
    </div>
</div>
