<?php
defined('ABSPATH') || exit;

use OWC\Zijspan\Admin\AdminView;

// $notices, $wanted: {soort, naam, aan}, $title, $lines, $version, $nonce, $back
?>
<h2><?php echo esc_html($title); ?></h2>
<?php AdminView::show('notices', ['notices' => $notices]); ?>
<?php foreach ($lines as $line) : ?>
    <p><?php echo esc_html($line); ?></p>
<?php endforeach; ?>
<form method="post" action="<?php echo esc_url($back); ?>">
    <?php wp_nonce_field($nonce); ?>
    <input type="hidden" name="versie" value="<?php echo (int) $version; ?>">
    <input type="hidden" name="soort" value="<?php echo esc_attr($wanted['soort']); ?>">
    <input type="hidden" name="naam" value="<?php echo esc_attr($wanted['naam']); ?>">
    <input type="hidden" name="zet" value="<?php echo $wanted['aan'] ? 'aan' : 'uit'; ?>">
    <p class="submit">
        <button type="submit" class="button button-primary"><?php echo $wanted['aan'] ? esc_html__('Yes, switch on', 'owc-zijspan') : esc_html__('Yes, switch off', 'owc-zijspan'); ?></button>
        <a class="button" href="<?php echo esc_url($back); ?>"><?php esc_html_e('No, leave it as it is', 'owc-zijspan'); ?></a>
    </p>
</form>
