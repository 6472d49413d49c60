<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-inloggen"<?php if ($idle !== null && $absolute !== null) : ?> data-zijspan-idle="<?php echo (int) $idle; ?>" data-zijspan-absolute="<?php echo (int) $absolute; ?>" data-zijspan-warn="<?php echo (int) $warn; ?>" data-zijspan-zone="<?php echo esc_attr($zone); ?>"<?php endif; ?>>
    <?php if ($acting !== null) : ?>
        <div class="owc-zijspan-acting"><?php $this->partial('icon', ['name' => 'person']); ?><p><?php echo esc_html($acting); ?></p></div>
    <?php endif; ?>
    <div class="owc-zijspan-inloggen__bar">
        <div class="owc-zijspan-inloggen__who">
            <p><?php echo esc_html($who); ?></p>
            <?php if ($ends === null) : ?>
                <p class="owc-zijspan-note"><?php esc_html_e('After 15 minutes of doing nothing you are logged out.', 'owc-zijspan'); ?></p>
            <?php else : ?>
                <p class="owc-zijspan-note"><?php
                $time = '<time data-zijspan-ends datetime="' . esc_attr($ends['datetime']) . '">' . esc_html($ends['text']) . '</time>';
                echo wp_kses(sprintf(
                    $ends['last']
                        /* translators: %s: a time, such as "14:32" */
                        ? __('At %s you are logged out, because you will have been logged in for 2 hours. You can log in again then.', 'owc-zijspan')
                        /* translators: %s: a time, such as "14:32" */
                        : __('If you do nothing, you are logged out at %s.', 'owc-zijspan'),
                    $time
                ), ['time' => ['data-zijspan-ends' => true, 'datetime' => true]]);
                ?></p>
            <?php endif; ?>
        </div>
        <?php if ($ends !== null && !$ends['last']) : ?>
            <noscript><?php $this->partial('session-form', ['action' => $action, 'fields' => $extend, 'label' => __('Stay logged in', 'owc-zijspan'), 'primary' => false]); ?></noscript>
        <?php endif; ?>
        <?php $this->partial('session-form', ['action' => $action, 'fields' => $logout, 'label' => __('Log out', 'owc-zijspan'), 'primary' => false]); ?>
    </div>
    <dialog class="owc-zijspan-dialog" aria-labelledby="<?php echo esc_attr($id('warning')); ?>" aria-describedby="<?php echo esc_attr($id('warning-text')); ?>">
        <?php $this->partial('heading', ['level' => 2, 'text' => __('Do you want to stay logged in?', 'owc-zijspan'), 'id' => $id('warning')]); ?>
        <div id="<?php echo esc_attr($id('warning-text')); ?>">
            <p class="nl-paragraph" data-zijspan-when="idle"><?php esc_html_e('You have done nothing for a while. In 2 minutes we log you out, to protect your data.', 'owc-zijspan'); ?></p>
            <p class="nl-paragraph" data-zijspan-when="absolute" hidden><?php esc_html_e('You have been logged in for almost 2 hours, which is the longest possible. In 2 minutes we log you out. After that you can log in again.', 'owc-zijspan'); ?></p>
            <p class="nl-paragraph" data-zijspan-when="failed" role="status"></p>
        </div>
        <div class="owc-zijspan-actions">
            <div data-zijspan-when="idle"><?php $this->partial('session-form', ['action' => $action, 'fields' => $extend, 'label' => __('Stay logged in', 'owc-zijspan'), 'primary' => true]); ?></div>
            <div data-zijspan-when="absolute" hidden><button type="button" class="nl-button nl-button--primary" data-zijspan-close><?php esc_html_e('Close this message', 'owc-zijspan'); ?></button></div>
            <?php $this->partial('session-form', ['action' => $action, 'fields' => $logout, 'label' => __('Log out', 'owc-zijspan'), 'primary' => false]); ?>
        </div>
        <template data-zijspan-text="failed"><?php esc_html_e('That did not work. Please try again.', 'owc-zijspan'); ?></template>
    </dialog>
</div>
