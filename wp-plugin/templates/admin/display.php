<?php
defined('ABSPATH') || exit;

// $css, $login_digid, $login_eherkenning, $login_eidas, $contact, $nonce, $maxLabel, $maxContact
?>
<h2><?php esc_html_e('Appearance', 'owc-zijspan'); ?></h2>
<form method="post">
    <?php wp_nonce_field($nonce); ?>
    <table class="form-table" role="presentation">
        <tr>
            <th scope="row"><?php esc_html_e('Styles', 'owc-zijspan'); ?></th>
            <td>
                <label><input type="checkbox" name="css" value="1"<?php checked($css); ?>> <?php esc_html_e('Use the plugin’s own styles', 'owc-zijspan'); ?></label>
                <p class="description"><?php esc_html_e('Switch this off when the theme brings the styles of the NL Design System itself. Design tokens of the theme are used in both cases.', 'owc-zijspan'); ?></p>
            </td>
        </tr>
        <tr>
            <th scope="row"><label for="owc-zijspan-digid"><?php esc_html_e('Button for DigiD', 'owc-zijspan'); ?></label></th>
            <td><input type="text" class="regular-text" id="owc-zijspan-digid" name="login_digid" maxlength="<?php echo (int) $maxLabel; ?>" value="<?php echo esc_attr($login_digid); ?>" placeholder="<?php esc_attr_e('Log in with DigiD', 'owc-zijspan'); ?>"></td>
        </tr>
        <tr>
            <th scope="row"><label for="owc-zijspan-eherkenning"><?php esc_html_e('Button for eHerkenning', 'owc-zijspan'); ?></label></th>
            <td><input type="text" class="regular-text" id="owc-zijspan-eherkenning" name="login_eherkenning" maxlength="<?php echo (int) $maxLabel; ?>" value="<?php echo esc_attr($login_eherkenning); ?>" placeholder="<?php esc_attr_e('Log in with eHerkenning', 'owc-zijspan'); ?>"></td>
        </tr>
        <tr>
            <th scope="row"><label for="owc-zijspan-eidas"><?php esc_html_e('Button for eIDAS', 'owc-zijspan'); ?></label></th>
            <td><input type="text" class="regular-text" id="owc-zijspan-eidas" name="login_eidas" maxlength="<?php echo (int) $maxLabel; ?>" value="<?php echo esc_attr($login_eidas); ?>" placeholder="<?php esc_attr_e('Log in with a European means (eIDAS)', 'owc-zijspan'); ?>"></td>
        </tr>
        <tr>
            <th scope="row"><label for="owc-zijspan-contact"><?php esc_html_e('Contact', 'owc-zijspan'); ?></label></th>
            <td>
                <textarea class="large-text" rows="3" id="owc-zijspan-contact" name="contact" maxlength="<?php echo (int) $maxContact; ?>" aria-describedby="owc-zijspan-contact-help"><?php echo esc_textarea($contact); ?></textarea>
                <p class="description" id="owc-zijspan-contact-help"><?php esc_html_e('Residents read this when something does not work, or when there is nothing to see. For example: “Bel 14 0XX, op werkdagen van 9.00 tot 17.00 uur.” Text only.', 'owc-zijspan'); ?></p>
            </td>
        </tr>
    </table>
    <p class="submit"><button type="submit" class="button button-primary"><?php esc_html_e('Save', 'owc-zijspan'); ?></button></p>
</form>
