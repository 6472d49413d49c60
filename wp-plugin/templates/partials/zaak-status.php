<?php
defined('ABSPATH') || exit;

// $item: in a closed zaak the outcome, in an open one the status and whose turn it is
$label = !$item['open'] && $item['result'] !== null ? $item['result'] : $item['status'];
?>
<?php if ($label !== null || $item['resident']) : ?>
    <div class="denhaag-case-card__status">
        <?php if ($label !== null) : ?>
            <strong><span class="owc-zijspan-visually-hidden"><?php echo !$item['open'] && $item['result'] !== null ? esc_html__('Outcome:', 'owc-zijspan') : esc_html__('Status:', 'owc-zijspan'); ?> </span><?php echo esc_html($label); ?></strong>
        <?php endif; ?>
        <?php if ($item['resident']) : ?>
            <span class="utrecht-badge-status utrecht-badge-status--active"><?php $this->partial('icon', ['name' => 'flag']); ?><?php echo esc_html($item['turn']); ?></span>
        <?php endif; ?>
    </div>
<?php endif; ?>
