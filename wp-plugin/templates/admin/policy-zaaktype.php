<?php
defined('ABSPATH') || exit;

use OWC\Zijspan\Admin\AdminView;

// $form, $title, $catalogus, $identificatie, $state, $extern, $known, $turns, $back, $version, $nonce, $end, $errors, $notices
$invalid = static function (string $field) use ($errors): void {
    if (isset($errors[$field])) {
        printf(' aria-invalid="true" aria-describedby="%s-fout"', esc_attr($field));
    }
};
?>
<p><a href="<?php echo esc_url($back); ?>">‹ <?php esc_html_e('All display rules', 'owc-zijspan'); ?></a></p>
<h2><?php echo esc_html($title); ?></h2>
<p><code translate="no"><?php echo esc_html(trim($catalogus . ' ' . $identificatie)); ?></code></p>
<?php AdminView::show('notices', ['notices' => $notices]); ?>
<?php if (!$known) : ?>
    <div class="notice notice-warning inline"><p><?php esc_html_e('This zaaktype is not in the catalogue, or the catalogue cannot be read now.', 'owc-zijspan'); ?></p></div>
<?php elseif ($state === 'gewijzigd') : ?>
    <div class="notice notice-info inline"><p><?php esc_html_e('The catalogue has changed since these rules were written. Look at what is marked below.', 'owc-zijspan'); ?></p></div>
<?php elseif ($state === 'nieuw') : ?>
    <div class="notice notice-info inline"><p><?php esc_html_e('This zaaktype is new: there are no rules for it yet.', 'owc-zijspan'); ?></p></div>
<?php endif; ?>
<?php if (!$extern) : ?>
    <div class="notice notice-warning inline"><p><?php esc_html_e('The catalogue says that this zaaktype is internal. Residents never see it, whatever is chosen here.', 'owc-zijspan'); ?></p></div>
<?php endif; ?>
<form method="post">
    <?php wp_nonce_field($nonce); ?>
    <input type="hidden" name="versie" value="<?php echo (int) $version; ?>">
    <table class="form-table" role="presentation">
        <tr>
            <th scope="row"><?php esc_html_e('Show to residents', 'owc-zijspan'); ?></th>
            <td>
                <fieldset>
                    <legend class="screen-reader-text"><?php esc_html_e('Show to residents', 'owc-zijspan'); ?></legend>
                    <label><input type="radio" name="tonen" value="ja"<?php checked($form['tonen'], true); ?>> <?php esc_html_e('Yes', 'owc-zijspan'); ?></label><br>
                    <label><input type="radio" name="tonen" value="nee"<?php checked($form['tonen'], false); ?>> <?php esc_html_e('No', 'owc-zijspan'); ?></label>
                </fieldset>
                <?php AdminView::show('error', ['errors' => $errors, 'field' => 'tonen']); ?>
            </td>
        </tr>
        <tr>
            <th scope="row"><label for="label"><?php esc_html_e('Name for residents', 'owc-zijspan'); ?></label></th>
            <td><input type="text" class="regular-text" id="label" name="label" maxlength="500" value="<?php echo esc_attr($form['label']); ?>" placeholder="<?php echo esc_attr($title); ?>"<?php $invalid('label'); ?>><?php AdminView::show('error', ['errors' => $errors, 'field' => 'label']); ?></td>
        </tr>
        <tr>
            <th scope="row"><label for="status_betekenis"><?php esc_html_e('A status that is set means', 'owc-zijspan'); ?></label></th>
            <td>
                <select id="status_betekenis" name="status_betekenis"<?php $invalid('status_betekenis'); ?>>
                    <option value=""><?php esc_html_e('as in the general rules', 'owc-zijspan'); ?></option>
                    <option value="bereikt"<?php selected($form['status_betekenis'], 'bereikt'); ?>><?php esc_html_e('this step is done, the next one is current', 'owc-zijspan'); ?></option>
                    <option value="bezig"<?php selected($form['status_betekenis'], 'bezig'); ?>><?php esc_html_e('this step is current', 'owc-zijspan'); ?></option>
                </select>
                <?php AdminView::show('error', ['errors' => $errors, 'field' => 'status_betekenis']); ?>
            </td>
        </tr>
        <tr>
            <th scope="row"><label for="substatussen"><?php esc_html_e('Smaller steps', 'owc-zijspan'); ?></label></th>
            <td>
                <select id="substatussen" name="substatussen"<?php $invalid('substatussen'); ?>>
                    <option value=""><?php esc_html_e('as in the general rules', 'owc-zijspan'); ?></option>
                    <option value="ja"<?php selected($form['substatussen'], 'ja'); ?>><?php esc_html_e('show', 'owc-zijspan'); ?></option>
                    <option value="nee"<?php selected($form['substatussen'], 'nee'); ?>><?php esc_html_e('hide', 'owc-zijspan'); ?></option>
                </select>
                <?php AdminView::show('error', ['errors' => $errors, 'field' => 'substatussen']); ?>
            </td>
        </tr>
    </table>

    <h3><?php esc_html_e('Steps', 'owc-zijspan'); ?></h3>
    <?php if ($form['statustypen'] === []) : ?>
        <p><?php esc_html_e('The catalogue names no steps.', 'owc-zijspan'); ?></p>
    <?php endif; ?>
    <?php foreach ($form['statustypen'] as $index => $row) : ?>
        <?php $field = 'statustypen-' . (int) $index; ?>
        <fieldset class="owc-zijspan-admin__row">
            <legend><?php echo esc_html(trim(($row['volgnummer'] ?? '') . '. ' . ($row['omschrijving'] ?? ''))); ?><?php AdminView::show('policy-tag', ['row' => $row]); ?></legend>
            <input type="hidden" name="statustypen[<?php echo (int) $index; ?>][volgnummer]" value="<?php echo (int) ($row['volgnummer'] ?? 0); ?>">
            <?php if ($row['gone']) : ?>
                <input type="hidden" name="statustypen[<?php echo (int) $index; ?>][gone]" value="1">
            <?php endif; ?>
            <input type="hidden" name="statustypen[<?php echo (int) $index; ?>][omschrijving]" value="<?php echo esc_attr((string) ($row['omschrijving'] ?? '')); ?>">
            <p><label for="<?php echo esc_attr($field); ?>-label"><?php esc_html_e('Residents read', 'owc-zijspan'); ?></label><br>
                <input type="text" class="regular-text" id="<?php echo esc_attr($field); ?>-label" name="statustypen[<?php echo (int) $index; ?>][label]" maxlength="500" value="<?php echo esc_attr((string) ($row['label'] ?? '')); ?>" placeholder="<?php echo esc_attr((string) ($row['omschrijving'] ?? '')); ?>"<?php $invalid("$field-label"); ?>></p>
            <?php AdminView::show('error', ['errors' => $errors, 'field' => "$field-label"]); ?>
            <p><label for="<?php echo esc_attr($field); ?>-toelichting"><?php esc_html_e('Explanation', 'owc-zijspan'); ?></label><br>
                <textarea class="large-text" rows="2" id="<?php echo esc_attr($field); ?>-toelichting" name="statustypen[<?php echo (int) $index; ?>][toelichting]" maxlength="500"<?php $invalid("$field-toelichting"); ?>><?php echo esc_textarea((string) ($row['toelichting'] ?? '')); ?></textarea></p>
            <?php AdminView::show('error', ['errors' => $errors, 'field' => "$field-toelichting"]); ?>
            <p><label for="<?php echo esc_attr($field); ?>-beurt"><?php esc_html_e('Whose turn it is', 'owc-zijspan'); ?></label>
                <select id="<?php echo esc_attr($field); ?>-beurt" name="statustypen[<?php echo (int) $index; ?>][beurt]"<?php $invalid("$field-beurt"); ?>>
                    <?php foreach ($turns as $value => $text) : ?>
                        <option value="<?php echo esc_attr($value); ?>"<?php selected((string) ($row['beurt'] ?? ''), (string) $value); ?>><?php echo esc_html($text); ?></option>
                    <?php endforeach; ?>
                </select>
                <label class="owc-zijspan-admin__beside"><input type="checkbox" name="statustypen[<?php echo (int) $index; ?>][verborgen]" value="1"<?php checked(($row['verborgen'] ?? false) === true); ?>> <?php esc_html_e('Hide this step', 'owc-zijspan'); ?></label></p>
            <?php AdminView::show('error', ['errors' => $errors, 'field' => "$field-beurt"]); ?>
            <?php AdminView::show('error', ['errors' => $errors, 'field' => "$field-verborgen"]); ?>
        </fieldset>
    <?php endforeach; ?>

    <h3><?php esc_html_e('Outcomes', 'owc-zijspan'); ?></h3>
    <?php if ($form['resultaattypen'] === []) : ?>
        <p><?php esc_html_e('The catalogue names no outcomes.', 'owc-zijspan'); ?></p>
    <?php endif; ?>
    <?php foreach ($form['resultaattypen'] as $index => $row) : ?>
        <?php $field = 'resultaattypen-' . (int) $index; ?>
        <fieldset class="owc-zijspan-admin__row">
            <legend><?php echo esc_html((string) ($row['omschrijving'] ?? '')); ?><?php AdminView::show('policy-tag', ['row' => $row]); ?></legend>
            <?php if ($row['gone']) : ?>
                <input type="hidden" name="resultaattypen[<?php echo (int) $index; ?>][gone]" value="1">
            <?php endif; ?>
            <input type="hidden" name="resultaattypen[<?php echo (int) $index; ?>][omschrijving]" value="<?php echo esc_attr((string) ($row['omschrijving'] ?? '')); ?>">
            <p><label for="<?php echo esc_attr($field); ?>-label"><?php esc_html_e('Residents read', 'owc-zijspan'); ?></label><br>
                <input type="text" class="regular-text" id="<?php echo esc_attr($field); ?>-label" name="resultaattypen[<?php echo (int) $index; ?>][label]" maxlength="500" value="<?php echo esc_attr((string) ($row['label'] ?? '')); ?>" placeholder="<?php echo esc_attr((string) ($row['omschrijving'] ?? '')); ?>"<?php $invalid("$field-label"); ?>></p>
            <?php AdminView::show('error', ['errors' => $errors, 'field' => "$field-label"]); ?>
            <p><label for="<?php echo esc_attr($field); ?>-toelichting"><?php esc_html_e('Explanation', 'owc-zijspan'); ?></label><br>
                <textarea class="large-text" rows="2" id="<?php echo esc_attr($field); ?>-toelichting" name="resultaattypen[<?php echo (int) $index; ?>][toelichting]" maxlength="500"<?php $invalid("$field-toelichting"); ?>><?php echo esc_textarea((string) ($row['toelichting'] ?? '')); ?></textarea></p>
            <?php AdminView::show('error', ['errors' => $errors, 'field' => "$field-toelichting"]); ?>
            <p><label for="<?php echo esc_attr($field); ?>-bezwaar"><?php esc_html_e('Can a resident object?', 'owc-zijspan'); ?></label>
                <select id="<?php echo esc_attr($field); ?>-bezwaar" name="resultaattypen[<?php echo (int) $index; ?>][bezwaar]"<?php $invalid("$field-bezwaar"); ?>>
                    <option value=""><?php esc_html_e('say nothing about it', 'owc-zijspan'); ?></option>
                    <option value="ja"<?php selected(($row['bezwaar'] ?? null) === true); ?>><?php esc_html_e('Yes', 'owc-zijspan'); ?></option>
                    <option value="nee"<?php selected(($row['bezwaar'] ?? null) === false); ?>><?php esc_html_e('No', 'owc-zijspan'); ?></option>
                </select></p>
            <?php AdminView::show('error', ['errors' => $errors, 'field' => "$field-bezwaar"]); ?>
        </fieldset>
    <?php endforeach; ?>

    <?php if ($form['named']) : ?>
        <p><label><input type="checkbox" name="vergeet" value="1"> <?php esc_html_e('Forget all rules for this zaaktype', 'owc-zijspan'); ?></label></p>
    <?php endif; ?>
    <?php AdminView::show('policy-buttons', ['end' => $end]); ?>
</form>
