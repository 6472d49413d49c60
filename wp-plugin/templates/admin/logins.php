<?php
defined('ABSPATH') || exit;

use OWC\Zijspan\Admin\AdminView;

// $notices, $found: list of {title, mode, by, text}, $advice, $spoofs, $ways: list of {idp, label, by, login, logout},
// $choices: value to label, $feeds, $toml, $wpConfig, $canEnd, $endUrl, $nonce, $place
$advised = [
    'rp' => __('Let Zijspan log in itself (mode rp). WordPress then never learns who somebody is.', 'owc-zijspan'),
    'exchange' => __('Let the login plugin log in, and Zijspan prove its token (mode exchange). A resident then logs in once, for forms and for MijnOmgeving.', 'owc-zijspan'),
    'asserted' => __('Let the login plugin log in, and Zijspan believe its word (mode asserted). A resident then logs in once. It is the weakest way: every plugin on this site can claim to be any resident.', 'owc-zijspan'),
];
?>
<h2><?php esc_html_e('Logging in', 'owc-zijspan'); ?></h2>
<?php AdminView::show('notices', ['notices' => $notices]); ?>
<p><?php esc_html_e('A resident logs in once: for the forms of this site and for MijnOmgeving. Who can log in is decided by Zijspan; here you say which plugin does it.', 'owc-zijspan'); ?></p>

<h3><?php esc_html_e('What this site has', 'owc-zijspan'); ?></h3>
<?php if ($found === []) : ?>
    <p><?php esc_html_e('No login plugin was found.', 'owc-zijspan'); ?></p>
<?php else : ?>
    <ul class="ul-disc owc-zijspan-admin__found">
        <?php foreach ($found as $one) : ?>
            <li><strong><?php echo esc_html($one['title']); ?>.</strong> <?php echo esc_html($one['text']); ?></li>
        <?php endforeach; ?>
    </ul>
<?php endif; ?>
<?php if ($spoofs !== []) : ?>
    <p class="owc-zijspan-admin__bad"><?php
    /* translators: %s: names of plugins */
    echo esc_html(sprintf(__('Also active: %s, with which anybody can pretend to be somebody else. For tests only.', 'owc-zijspan'), implode(', ', $spoofs)));
    ?></p>
<?php endif; ?>
<p><strong><?php esc_html_e('Our advice:', 'owc-zijspan'); ?></strong> <?php echo esc_html($advised[$advice] ?? ''); ?></p>

<details class="owc-zijspan-admin__copy">
    <summary><?php esc_html_e('Lines for the administrator of the server', 'owc-zijspan'); ?></summary>
    <p><?php esc_html_e('In zijspan.toml, under the site. Then restart Zijspan.', 'owc-zijspan'); ?></p>
    <pre class="owc-zijspan-admin__code" tabindex="0" translate="no"><?php echo esc_html($toml); ?></pre>
    <?php if ($wpConfig !== null) : ?>
        <p><?php esc_html_e('In wp-config.php:', 'owc-zijspan'); ?></p>
        <pre class="owc-zijspan-admin__code" tabindex="0" translate="no"><?php echo esc_html($wpConfig); ?></pre>
    <?php endif; ?>
</details>

<form method="post">
    <?php wp_nonce_field($nonce); ?>
    <h3><?php esc_html_e('Who logs in', 'owc-zijspan'); ?></h3>
    <?php foreach ($ways as $way) : ?>
        <fieldset class="owc-zijspan-admin__row">
            <legend><?php echo esc_html($way['label']); ?></legend>
            <p>
                <label for="owc-zijspan-by-<?php echo esc_attr($way['idp']); ?>"><?php esc_html_e('Logging in is done by', 'owc-zijspan'); ?></label><br>
                <select class="owc-zijspan-admin__wide" id="owc-zijspan-by-<?php echo esc_attr($way['idp']); ?>" name="<?php echo esc_attr($way['idp']); ?>[by]">
                    <?php foreach ($choices as $value => $label) : ?>
                        <option value="<?php echo esc_attr($value); ?>"<?php selected($way['by'], $value); ?>><?php echo esc_html($label); ?></option>
                    <?php endforeach; ?>
                </select>
            </p>
            <details<?php if ($way['login'] !== '' || $way['logout'] !== '' || $way['by'] === 'facade') : ?> open<?php endif; ?>>
                <summary><?php esc_html_e('Addresses of the login plugin', 'owc-zijspan'); ?></summary>
                <p class="description"><?php
                /* translators: %s: "{terug}" */
                echo esc_html(sprintf(__('Only for a plugin without a bridge (owc/idp-userdata). %s becomes the address to come back to.', 'owc-zijspan'), $place));
                ?></p>
                <p>
                    <label for="owc-zijspan-login-<?php echo esc_attr($way['idp']); ?>"><?php esc_html_e('Where one logs in', 'owc-zijspan'); ?></label><br>
                    <input type="text" class="large-text code" id="owc-zijspan-login-<?php echo esc_attr($way['idp']); ?>" name="<?php echo esc_attr($way['idp']); ?>[login]" value="<?php echo esc_attr($way['login']); ?>" placeholder="/inloggen-digid/?terug=<?php echo esc_attr($place); ?>">
                </p>
                <p>
                    <label for="owc-zijspan-logout-<?php echo esc_attr($way['idp']); ?>"><?php esc_html_e('Where one logs out', 'owc-zijspan'); ?></label><br>
                    <input type="text" class="large-text code" id="owc-zijspan-logout-<?php echo esc_attr($way['idp']); ?>" name="<?php echo esc_attr($way['idp']); ?>[logout]" value="<?php echo esc_attr($way['logout']); ?>">
                </p>
            </details>
        </fieldset>
    <?php endforeach; ?>

    <h3><?php esc_html_e('Forms on this site', 'owc-zijspan'); ?></h3>
    <fieldset class="owc-zijspan-admin__row">
        <legend><?php esc_html_e('Only where Zijspan logs in itself', 'owc-zijspan'); ?></legend>
        <p><label><input type="checkbox" name="feed" value="1" aria-describedby="owc-zijspan-feed-risk"<?php checked($feeds); ?>> <?php esc_html_e('Forms may read who is logged in (owc/idp-userdata)', 'owc-zijspan'); ?></label></p>
        <div class="notice notice-warning inline" id="owc-zijspan-feed-risk">
            <p><strong><?php esc_html_e('Risk:', 'owc-zijspan'); ?></strong> <?php esc_html_e('every plugin on this site can then read the BSN or KvK number of whoever is logged in. Without this no number ever comes to WordPress. Zijspan has to allow it as well (feed_userdata in zijspan.toml), writes each time in its audit log, and never gives the number of somebody for whom another acts.', 'owc-zijspan'); ?></p>
        </div>
    </fieldset>
    <p class="submit"><button type="submit" class="button button-primary"><?php esc_html_e('Save', 'owc-zijspan'); ?></button></p>
</form>

<h3><?php esc_html_e('Log everybody out', 'owc-zijspan'); ?></h3>
<p><?php esc_html_e('For when something is wrong: all residents who are logged in now have to log in again. It asks first.', 'owc-zijspan'); ?></p>
<?php if ($canEnd) : ?>
    <p><a class="button" href="<?php echo esc_url($endUrl); ?>"><?php esc_html_e('Log everybody out…', 'owc-zijspan'); ?></a></p>
<?php else : ?>
    <p><?php esc_html_e('This needs a key for administration (ZIJSPAN_ADMIN_KEYID).', 'owc-zijspan'); ?></p>
<?php endif; ?>
