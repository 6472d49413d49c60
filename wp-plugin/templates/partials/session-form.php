<?php
defined('ABSPATH') || exit;

// $action, $fields: name to value, $label, $primary
?>
<form method="post" action="<?php echo esc_url($action); ?>" data-zijspan-form="<?php echo esc_attr($fields['zijspan_action'] ?? ''); ?>">
    <?php foreach ($fields as $name => $value) : ?>
        <input type="hidden" name="<?php echo esc_attr($name); ?>" value="<?php echo esc_attr($value); ?>">
    <?php endforeach; ?>
    <button type="submit" class="nl-button<?php echo $primary ? ' nl-button--primary' : ''; ?>"><?php echo esc_html($label); ?></button>
</form>
