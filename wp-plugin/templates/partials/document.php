<?php
defined('ABSPATH') || exit;

// $document: {name, url, facts, type, date, lang}; the row of one document
?>
<div class="denhaag-file">
    <div class="denhaag-file__left"><?php $this->partial('icon', ['name' => 'file', 'class' => 'denhaag-file__icon']); ?></div>
    <div class="denhaag-file__right">
        <?php
        $name = '<span' . ($document['lang'] === null ? '' : ' lang="' . esc_attr($document['lang']) . '"') . '>' . esc_html($document['name']) . '</span>';
        /* translators: %s: name of a document */
        $text = sprintf(esc_html__('Download %s', 'owc-zijspan'), $name);
        ?>
        <?php if ($document['url'] !== null) : ?>
            <a class="nl-link denhaag-file__link no-prefetch no-prerender" rel="nofollow" href="<?php echo esc_url($document['url']); ?>"><?php echo wp_kses($text, ['span' => ['lang' => true]]); ?><?php if ($document['facts'] !== '') : ?> <span class="owc-zijspan-nowrap">(<?php echo esc_html($document['facts']); ?>)</span><?php endif; ?></a>
        <?php else : ?>
            <p class="nl-paragraph"><?php echo esc_html($document['name']); ?></p>
        <?php endif; ?>
        <?php if ($document['type'] !== null || $document['date'] !== null) : ?>
            <p class="denhaag-file__label"><?php if ($document['type'] !== null) : ?><?php echo esc_html($document['type']); ?><?php endif; ?><?php if ($document['type'] !== null && $document['date'] !== null) : ?>, <?php endif; ?><?php if ($document['date'] !== null) : ?><?php $this->partial('date', ['date' => $document['date']]); ?><?php endif; ?></p>
        <?php endif; ?>
    </div>
</div>
