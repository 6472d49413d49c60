<?php
defined('ABSPATH') || exit;

// $end: name of the last field
?>
<p class="submit">
    <button type="submit" class="button button-primary"><?php esc_html_e('Save', 'owc-zijspan'); ?></button>
    <button type="submit" class="button" name="proef" value="1"><?php esc_html_e('See what would change', 'owc-zijspan'); ?></button>
</p>
<input type="hidden" name="<?php echo esc_attr($end); ?>" value="1">
