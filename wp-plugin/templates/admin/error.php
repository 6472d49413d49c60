<?php
defined('ABSPATH') || exit;

// $errors, $field: what is wrong with one field, if anything; its id is <field>-fout
?>
<?php if (isset($errors[$field])) : ?>
    <p class="owc-zijspan-admin__bad" id="<?php echo esc_attr($field); ?>-fout"><?php echo esc_html($errors[$field]); ?></p>
<?php endif; ?>
