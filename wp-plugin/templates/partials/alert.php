<?php
defined('ABSPATH') || exit;

// $type (info, ok, warning, error), $text; optional: $heading and $level, $list, $code, $links: list of {label, url}
?>
<div class="utrecht-alert utrecht-alert--<?php echo esc_attr($type); ?>">
    <div class="utrecht-alert__icon"><?php $this->partial('icon', ['name' => $type]); ?></div>
    <div class="utrecht-alert__content">
        <div class="utrecht-alert__message">
            <?php if (isset($heading, $level)) : ?>
                <?php $this->partial('heading', ['level' => $level, 'text' => $heading]); ?>
            <?php endif; ?>
            <p class="nl-paragraph"><?php echo esc_html($text); ?></p>
            <?php if (!empty($list)) : ?>
                <ul>
                    <?php foreach ($list as $line) : ?>
                        <li><?php echo esc_html($line); ?></li>
                    <?php endforeach; ?>
                </ul>
            <?php endif; ?>
            <?php if (!empty($code)) : ?>
                <?php $this->partial('code', ['code' => $code]); ?>
            <?php endif; ?>
            <?php foreach ($links ?? [] as $link) : ?>
                <p class="nl-paragraph"><a class="nl-link" href="<?php echo esc_url($link['url']); ?>"><?php echo esc_html($link['label']); ?></a></p>
            <?php endforeach; ?>
        </div>
    </div>
</div>
