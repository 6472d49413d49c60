<?php
defined('ABSPATH') || exit;

// $previousUrl, $nextUrl, $label
?>
<?php if ($previousUrl !== null || $nextUrl !== null) : ?>
    <nav class="utrecht-pagination" aria-label="<?php echo esc_attr($label); ?>">
        <?php if ($previousUrl !== null) : ?>
            <a class="nl-button utrecht-pagination__relative-link utrecht-pagination__relative-link--prev" rel="prev" href="<?php echo esc_url($previousUrl); ?>"><?php $this->partial('icon', ['name' => 'back']); ?><?php esc_html_e('Previous', 'owc-zijspan'); ?></a>
        <?php endif; ?>
        <?php if ($nextUrl !== null) : ?>
            <a class="nl-button utrecht-pagination__relative-link utrecht-pagination__relative-link--next" rel="next" href="<?php echo esc_url($nextUrl); ?>"><?php esc_html_e('Next', 'owc-zijspan'); ?><?php $this->partial('icon', ['name' => 'next']); ?></a>
        <?php endif; ?>
    </nav>
<?php endif; ?>
