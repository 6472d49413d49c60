<?php
defined('ABSPATH') || exit;

// $nonce, $back
?>
<h2><?php esc_html_e('Log everybody out?', 'owc-zijspan'); ?></h2>
<p><?php esc_html_e('All residents who are logged in at this site now are logged out at once. What they are filling in may be lost. They can log in again right away.', 'owc-zijspan'); ?></p>
<p><?php esc_html_e('This is written in the audit log of Zijspan.', 'owc-zijspan'); ?></p>
<form method="post" action="<?php echo esc_url($back); ?>">
    <?php wp_nonce_field($nonce); ?>
    <input type="hidden" name="iedereen" value="uit">
    <p class="submit">
        <button type="submit" class="button button-primary"><?php esc_html_e('Yes, log everybody out', 'owc-zijspan'); ?></button>
        <a class="button" href="<?php echo esc_url($back); ?>"><?php esc_html_e('No, leave it as it is', 'owc-zijspan'); ?></a>
    </p>
</form>
