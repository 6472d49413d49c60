<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-mijn-zaken">
    <?php if ($heading !== null) : ?>
        <?php $this->partial('heading', ['level' => $level, 'text' => $heading]); ?>
    <?php endif; ?>
    <?php $this->partial('partial', ['gaps' => $gaps, 'retryUrl' => $retryUrl]); ?>
    <?php if ($choices !== []) : ?>
        <nav aria-label="<?php esc_attr_e('Current or finished cases', 'owc-zijspan'); ?>">
            <ul class="owc-zijspan-mijn-zaken__choice">
                <?php foreach ($choices as $choice) : ?>
                    <li><a href="<?php echo esc_url($choice['url']); ?>"<?php if ($choice['current']) : ?> aria-current="page"<?php endif; ?>><?php echo esc_html($choice['label']); ?></a></li>
                <?php endforeach; ?>
            </ul>
        </nav>
    <?php endif; ?>
    <?php if ($filter !== null) : ?>
        <?php $this->partial('zaken-filter', ['filter' => $filter, 'filtered' => $filtered, 'clearUrl' => $clearUrl, 'id' => $id]); ?>
    <?php endif; ?>
    <?php if ($items === []) : ?>
        <?php if ($gaps === [] && $higher === null) : ?>
            <div class="owc-zijspan-panel">
                <p class="nl-paragraph"><?php echo esc_html($empty); ?></p>
                <?php if (!$filtered && $status !== 'closed') : ?>
                    <p class="nl-paragraph"><?php esc_html_e('Did you apply for something recently? It can take a few working days before you see it here.', 'owc-zijspan'); ?></p>
                    <?php $this->partial('contact', ['contact' => $contact]); ?>
                <?php endif; ?>
            </div>
        <?php elseif ($filtered) : ?>
            <div class="owc-zijspan-panel">
                <p class="nl-paragraph"><?php esc_html_e('Nothing in the cases that we can show now matches your search. Try another search term, or clear the filters.', 'owc-zijspan'); ?></p>
            </div>
        <?php endif; ?>
    <?php else : ?>
        <?php if ($filter !== null && $count !== null) : ?>
            <p class="owc-zijspan-count"><?php echo esc_html($count); ?></p>
        <?php endif; ?>
        <?php $this->partial($table ? 'zaken-table' : 'zaken-cards', ['items' => $items, 'level' => $heading === null ? $level : $level + 1]); ?>
        <?php $this->partial('pagination', ['previousUrl' => $previousUrl, 'nextUrl' => $nextUrl, 'label' => __('Pages with cases', 'owc-zijspan')]); ?>
    <?php endif; ?>
    <?php if ($higher !== null) : ?>
        <div class="owc-zijspan-panel">
            <p class="nl-paragraph"><?php echo esc_html($higher['text']); ?></p>
            <?php $this->partial('ways', ['ways' => $higher['ways']]); ?>
        </div>
    <?php endif; ?>
</div>
