<?php
defined('ABSPATH') || exit;

// $facts: list of {label, date} or {label, number}
?>
<div class="denhaag-description-list-container">
    <dl class="denhaag-description-list">
        <?php foreach ($facts as $fact) : ?>
            <div class="denhaag-description-list-item">
                <dt class="denhaag-description-list__title"><?php echo esc_html($fact['label']); ?></dt>
                <dd class="denhaag-description-list__detail"><?php
                if (isset($fact['number'])) {
                    $this->partial('number', ['number' => $fact['number']]);
                } else {
                    $this->partial('date', ['date' => $fact['date']]);
                }
                ?></dd>
            </div>
        <?php endforeach; ?>
    </dl>
</div>
