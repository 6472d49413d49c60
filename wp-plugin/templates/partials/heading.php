<?php
defined('ABSPATH') || exit;

// $level, $text, optional: $id (of the element), $class, $focus (may get the focus from script)
$tag = 'h' . max(1, min(6, (int) $level));
?>
<<?php echo esc_attr($tag); ?> class="nl-heading nl-heading--level-<?php echo (int) max(1, min(6, (int) $level)); ?><?php echo isset($class) ? ' ' . esc_attr($class) : ''; ?>"<?php if (isset($id)) : ?> id="<?php echo esc_attr($id); ?>"<?php endif; ?>><?php echo esc_html($text); ?></<?php echo esc_attr($tag); ?>>
