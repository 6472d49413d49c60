<?php
defined('ABSPATH') || exit;

// $notices: list of {type, text, lines}
?>
<?php foreach ($notices as $notice) : ?>
    <div class="notice notice-<?php echo esc_attr($notice['type']); ?> inline" role="<?php echo $notice['type'] === 'error' ? 'alert' : 'status'; ?>">
        <p><?php echo esc_html($notice['text']); ?></p>
        <?php if ($notice['lines'] !== []) : ?>
            <ul class="ul-disc">
                <?php foreach ($notice['lines'] as $line) : ?>
                    <li><?php echo esc_html($line); ?></li>
                <?php endforeach; ?>
            </ul>
        <?php endif; ?>
    </div>
<?php endforeach; ?>
