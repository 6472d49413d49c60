<?php
defined('ABSPATH') || exit;

// $ways: list of {idp, label, url}
?>
<?php if (!empty($ways)) : ?>
    <ul class="owc-zijspan-actions">
        <?php foreach ($ways as $way) : ?>
            <li><a class="nl-button nl-button--primary no-prefetch no-prerender" rel="nofollow" href="<?php echo esc_url($way['url']); ?>"><?php echo esc_html($way['label']); ?></a></li>
        <?php endforeach; ?>
    </ul>
<?php endif; ?>
