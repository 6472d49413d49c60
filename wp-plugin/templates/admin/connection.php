<?php
defined('ABSPATH') || exit;

// $rows: list of {label, value, fingerprint, source, problem}, $steps, $failed, $nonce
$words = [
    'ok' => __('In order', 'owc-zijspan'),
    'fail' => __('Fails', 'owc-zijspan'),
    'skipped' => __('Not tested', 'owc-zijspan'),
];
?>
<h2><?php esc_html_e('Connection', 'owc-zijspan'); ?></h2>
<p><?php esc_html_e('Address and keys are set on the server: as constants in wp-config.php, as environment variables, or in files outside the web folder. They cannot be changed here, and secrets are never shown. Compare a fingerprint with what “zijspan keys list” says.', 'owc-zijspan'); ?></p>
<div class="owc-zijspan-admin__scroll" tabindex="0" role="region" aria-label="<?php esc_attr_e('Address and keys', 'owc-zijspan'); ?>">
    <table class="widefat striped">
        <thead>
            <tr>
                <th scope="col"><?php esc_html_e('Setting', 'owc-zijspan'); ?></th>
                <th scope="col"><?php esc_html_e('Value or key id', 'owc-zijspan'); ?></th>
                <th scope="col"><?php esc_html_e('Fingerprint', 'owc-zijspan'); ?></th>
                <th scope="col"><?php esc_html_e('Comes from', 'owc-zijspan'); ?></th>
            </tr>
        </thead>
        <tbody>
            <?php foreach ($rows as $row) : ?>
                <tr>
                    <th scope="row"><?php echo esc_html($row['label']); ?></th>
                    <?php if ($row['problem'] !== null) : ?>
                        <td colspan="2"><strong class="owc-zijspan-admin__bad"><?php echo esc_html($row['problem']); ?></strong></td>
                    <?php else : ?>
                        <td><code translate="no"><?php echo esc_html((string) $row['value']); ?></code></td>
                        <td><?php if ($row['fingerprint'] !== null) : ?><code translate="no"><?php echo esc_html($row['fingerprint']); ?></code><?php else : ?>–<?php endif; ?></td>
                    <?php endif; ?>
                    <td><?php echo esc_html($row['source']); ?></td>
                </tr>
            <?php endforeach; ?>
        </tbody>
    </table>
</div>

<h2 id="owc-zijspan-test"><?php esc_html_e('Test the connection', 'owc-zijspan'); ?></h2>
<form method="post" action="#owc-zijspan-test">
    <?php wp_nonce_field($nonce); ?>
    <p><?php esc_html_e('Asks Zijspan, and through it every source, what a real page asks. No data of residents is used.', 'owc-zijspan'); ?></p>
    <p><button type="submit" class="button button-primary"><?php esc_html_e('Test now', 'owc-zijspan'); ?></button></p>
</form>
<?php if ($steps !== null) : ?>
    <div class="notice notice-<?php echo $failed ? 'error' : 'success'; ?> inline" role="status"><p><?php echo $failed ? esc_html__('Something is not right. The first step that fails says what to do.', 'owc-zijspan') : esc_html__('Everything works.', 'owc-zijspan'); ?></p></div>
    <ol class="owc-zijspan-admin__steps">
        <?php foreach ($steps as $step) : ?>
            <li class="owc-zijspan-admin__step owc-zijspan-admin__step--<?php echo esc_attr($step['state']); ?>">
                <strong><?php echo esc_html($step['label']); ?>:</strong> <?php echo esc_html($words[$step['state']] ?? ''); ?><?php if ($step['ms'] !== null) : ?> <span class="description">(<?php echo (int) $step['ms']; ?> ms)</span><?php endif; ?>
                <?php if ($step['text'] !== '') : ?>
                    <br><?php echo esc_html($step['text']); ?>
                <?php endif; ?>
            </li>
        <?php endforeach; ?>
    </ol>
<?php endif; ?>
