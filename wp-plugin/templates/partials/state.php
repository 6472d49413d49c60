<?php
defined('ABSPATH') || exit;

// What a block shows instead of its content. $type, $level, $heading, $text, $id, $code, $contact, $ways, $back, and
// $again: the address to try again with its label, or null
?>
<?php $this->partial('back', ['back' => $back]); ?>
<?php if ($type === null) : ?>
    <div class="owc-zijspan-panel">
        <?php $this->partial('heading', ['level' => $level, 'text' => $heading]); ?>
        <p class="nl-paragraph"><?php echo esc_html($text); ?></p>
        <?php $this->partial('ways', ['ways' => $ways]); ?>
    </div>
<?php else : ?>
    <div class="utrecht-alert utrecht-alert--<?php echo esc_attr($type); ?>">
        <div class="utrecht-alert__icon"><?php $this->partial('icon', ['name' => $type]); ?></div>
        <div class="utrecht-alert__content">
            <div class="utrecht-alert__message">
                <?php $this->partial('heading', ['level' => $level, 'text' => $heading]); ?>
                <p class="nl-paragraph"><?php echo esc_html($text); ?></p>
                <?php $this->partial('contact', ['contact' => $contact]); ?>
                <?php if (!empty($code)) : ?>
                    <?php $this->partial('code', ['code' => $code]); ?>
                <?php endif; ?>
                <?php if (!empty($again)) : ?>
                    <p class="owc-zijspan-actions"><a class="nl-button" href="<?php echo esc_url($again['url']); ?>"><?php echo esc_html($again['label']); ?></a></p>
                <?php endif; ?>
                <?php $this->partial('ways', ['ways' => $ways]); ?>
            </div>
        </div>
    </div>
<?php endif; ?>
