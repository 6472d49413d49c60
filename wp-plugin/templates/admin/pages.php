<?php
defined('ABSPATH') || exit;

// $rows: list of {label, title, status, edit}, $complete, $nonce
?>
<h2><?php esc_html_e('Pages', 'owc-zijspan'); ?></h2>
<p><?php esc_html_e('These pages are enough to begin with. They are made as drafts: look at them, change what you like, and publish them when you are ready. What is there already stays as it is.', 'owc-zijspan'); ?></p>
<table class="widefat striped">
    <thead>
        <tr>
            <th scope="col"><?php esc_html_e('For', 'owc-zijspan'); ?></th>
            <th scope="col"><?php esc_html_e('Page', 'owc-zijspan'); ?></th>
            <th scope="col"><?php esc_html_e('State', 'owc-zijspan'); ?></th>
        </tr>
    </thead>
    <tbody>
        <?php foreach ($rows as $row) : ?>
            <tr>
                <th scope="row"><?php echo esc_html($row['label']); ?></th>
                <td><?php if ($row['edit'] !== null) : ?><a href="<?php echo esc_url($row['edit']); ?>"><?php echo esc_html((string) $row['title']); ?></a><?php else : ?><?php echo esc_html($row['title'] ?? '–'); ?><?php endif; ?></td>
                <td><?php echo esc_html($row['status']); ?></td>
            </tr>
        <?php endforeach; ?>
    </tbody>
</table>
<?php if (!$complete) : ?>
    <form method="post">
        <?php wp_nonce_field($nonce); ?>
        <p class="submit"><button type="submit" class="button button-primary"><?php esc_html_e('Make the pages as drafts', 'owc-zijspan'); ?></button></p>
    </form>
<?php endif; ?>
