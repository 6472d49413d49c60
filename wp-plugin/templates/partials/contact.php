<?php
defined('ABSPATH') || exit;

// $contact: the municipality's own words, or null
?>
<?php if (!empty($contact)) : ?>
    <p class="nl-paragraph"><?php echo wp_kses(nl2br(esc_html($contact)), ['br' => []]); ?></p>
<?php endif; ?>
