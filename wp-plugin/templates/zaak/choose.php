<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-zaak">
    <div class="owc-zijspan-panel">
        <?php $this->partial('heading', ['level' => $level, 'text' => __('Which case do you want to see?', 'owc-zijspan')]); ?>
        <p class="nl-paragraph"><?php esc_html_e('Choose a case in the overview. You will then see here how things stand.', 'owc-zijspan'); ?></p>
        <?php if ($back !== null) : ?>
            <p class="owc-zijspan-actions"><a class="nl-button" href="<?php echo esc_url($back['url']); ?>"><?php esc_html_e('To the overview', 'owc-zijspan'); ?></a></p>
        <?php endif; ?>
    </div>
</div>
