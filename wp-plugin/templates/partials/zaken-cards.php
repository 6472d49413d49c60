<?php
defined('ABSPATH') || exit;

// $items, $level of a card's heading
?>
<ul class="denhaag-card-group" role="list">
    <?php foreach ($items as $item) : ?>
        <?php $tag = 'h' . max(2, min(6, (int) $level)); ?>
        <li class="denhaag-case-card<?php echo $item['open'] ? '' : ' denhaag-case-card--archived'; ?>">
            <<?php echo esc_attr($tag); ?> class="nl-heading denhaag-case-card__title"><?php if ($item['url'] !== null) : ?><a class="nl-link denhaag-case-card__action" href="<?php echo esc_url($item['url']); ?>"><?php echo esc_html($item['title']); ?><?php if ($item['subtitle'] !== null) : ?><span class="owc-zijspan-visually-hidden">: <?php echo esc_html($item['subtitle']); ?></span><?php endif; ?></a><?php else : ?><?php echo esc_html($item['title']); ?><?php endif; ?></<?php echo esc_attr($tag); ?>>
            <?php if ($item['subtitle'] !== null) : ?>
                <p class="denhaag-case-card__subtitle"<?php if ($item['url'] !== null) : ?> aria-hidden="true"<?php endif; ?>><?php echo esc_html($item['subtitle']); ?></p>
            <?php endif; ?>
            <?php $this->partial('zaak-status', ['item' => $item]); ?>
            <div class="denhaag-case-card__footer">
                <?php if ($item['number'] !== null) : ?>
                    <p><?php esc_html_e('Case number', 'owc-zijspan'); ?> <?php $this->partial('number', ['number' => $item['number']]); ?></p>
                <?php endif; ?>
                <?php if ($item['applied'] !== null) : ?>
                    <p><?php esc_html_e('Applied for on', 'owc-zijspan'); ?> <?php $this->partial('date', ['date' => $item['applied']]); ?></p>
                <?php endif; ?>
                <?php if ($item['expected'] !== null) : ?>
                    <p><?php echo $item['overdue'] ? esc_html__('Was expected to be ready on', 'owc-zijspan') : esc_html__('Expected to be ready on', 'owc-zijspan'); ?> <?php $this->partial('date', ['date' => $item['expected']]); ?></p>
                <?php endif; ?>
                <?php if ($item['ended'] !== null) : ?>
                    <p><?php esc_html_e('Finished on', 'owc-zijspan'); ?> <?php $this->partial('date', ['date' => $item['ended']]); ?></p>
                <?php endif; ?>
                <?php if ($item['parts'] !== null) : ?>
                    <p><?php echo esc_html($item['parts']); ?></p>
                <?php endif; ?>
            </div>
        </li>
    <?php endforeach; ?>
</ul>
