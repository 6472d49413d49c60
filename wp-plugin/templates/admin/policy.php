<?php
defined('ABSPATH') || exit;

use OWC\Zijspan\Admin\AdminView;

// $policy, $zaakLevels, $documentLevels, $levelNames, $roles, $documenttypen, $zaaktypen, $version, $nonce, $end, $errors, $notices
$invalid = static function (string $field) use ($errors): void {
    if (isset($errors[$field])) {
        printf(' aria-invalid="true" aria-describedby="%s-fout"', esc_attr($field));
    }
};
$states = [
    'nieuw' => __('new', 'owc-zijspan'),
    'gewijzigd' => __('changed', 'owc-zijspan'),
    'weg' => __('no longer in the catalogue', 'owc-zijspan'),
];
$lists = [
    'aanvraag_documenttypen' => [
        __('Documents that are the resident’s own application', 'owc-zijspan'),
        __('Shown as “Uw ingediende aanvraag”.', 'owc-zijspan'),
    ],
    'interne_documenttypen' => [
        __('Internal documents that are shown all the same', 'owc-zijspan'),
        __('Types of document whose level is “intern”.', 'owc-zijspan'),
    ],
    'verborgen_documenttypen' => [__('Documents that are never shown', 'owc-zijspan'), ''],
];
?>
<h2><?php esc_html_e('Display rules', 'owc-zijspan'); ?></h2>
<p><?php esc_html_e('What residents see, and in which words. Zijspan applies these rules everywhere: in lists, cases, documents and downloads. They can only narrow what the configuration of Zijspan allows.', 'owc-zijspan'); ?></p>
<?php AdminView::show('notices', ['notices' => $notices]); ?>

<h3><?php esc_html_e('Per zaaktype', 'owc-zijspan'); ?></h3>
<?php if ($zaaktypen === []) : ?>
    <p><?php esc_html_e('There are no zaaktypen to show.', 'owc-zijspan'); ?></p>
<?php else : ?>
    <div class="owc-zijspan-admin__scroll" tabindex="0" role="region" aria-label="<?php esc_attr_e('Zaaktypen', 'owc-zijspan'); ?>">
        <table class="widefat striped">
            <thead>
                <tr>
                    <th scope="col"><?php esc_html_e('Zaaktype', 'owc-zijspan'); ?></th>
                    <th scope="col"><?php esc_html_e('Residents read', 'owc-zijspan'); ?></th>
                    <th scope="col"><?php esc_html_e('Shown to residents', 'owc-zijspan'); ?></th>
                    <th scope="col"><?php esc_html_e('Catalogue', 'owc-zijspan'); ?></th>
                </tr>
            </thead>
            <tbody>
                <?php foreach ($zaaktypen as $zaaktype) : ?>
                    <tr>
                        <th scope="row">
                            <a href="<?php echo esc_url($zaaktype['url']); ?>"><?php echo esc_html($zaaktype['title']); ?></a>
                            <?php if (isset($states[$zaaktype['state'] ?? ''])) : ?>
                                <span class="owc-zijspan-admin__tag"><?php echo esc_html($states[$zaaktype['state']]); ?></span>
                            <?php endif; ?>
                        </th>
                        <td><?php echo esc_html($zaaktype['label'] ?? $zaaktype['title']); ?></td>
                        <td><?php
                        if (!$zaaktype['extern']) {
                            esc_html_e('Never: the catalogue says internal', 'owc-zijspan');
                        } elseif ($zaaktype['byDefault']) {
                            echo $zaaktype['shown'] ? esc_html__('Yes, as every new zaaktype', 'owc-zijspan') : esc_html__('No, as every new zaaktype', 'owc-zijspan');
                        } else {
                            echo $zaaktype['shown'] ? esc_html__('Yes', 'owc-zijspan') : esc_html__('No', 'owc-zijspan');
                        }
                        ?></td>
                        <td><code translate="no"><?php echo esc_html(trim($zaaktype['catalogus'] . ' ' . $zaaktype['identificatie'])); ?></code></td>
                    </tr>
                <?php endforeach; ?>
            </tbody>
        </table>
    </div>
<?php endif; ?>

<h3><?php esc_html_e('General rules', 'owc-zijspan'); ?></h3>
<form method="post">
    <?php wp_nonce_field($nonce); ?>
    <input type="hidden" name="versie" value="<?php echo (int) $version; ?>">
    <table class="form-table" role="presentation">
        <tr>
            <th scope="row"><?php esc_html_e('Cases', 'owc-zijspan'); ?></th>
            <td><label><input type="checkbox" name="module_zaken" value="1"<?php checked(($policy['modules']['zaken'] ?? false) === true); ?><?php $invalid('module_zaken'); ?>> <?php esc_html_e('Residents can see their cases', 'owc-zijspan'); ?></label><?php AdminView::show('error', ['errors' => $errors, 'field' => 'module_zaken']); ?></td>
        </tr>
        <tr>
            <th scope="row"><label for="nieuwe_zaaktypen"><?php esc_html_e('New zaaktypen', 'owc-zijspan'); ?></label></th>
            <td>
                <select id="nieuwe_zaaktypen" name="nieuwe_zaaktypen"<?php $invalid('nieuwe_zaaktypen'); ?>>
                    <option value="tonen"<?php selected($policy['nieuwe_zaaktypen'] ?? '', 'tonen'); ?>><?php esc_html_e('show until I hide them', 'owc-zijspan'); ?></option>
                    <option value="verbergen"<?php selected($policy['nieuwe_zaaktypen'] ?? '', 'verbergen'); ?>><?php esc_html_e('hide until I show them', 'owc-zijspan'); ?></option>
                </select>
                <?php AdminView::show('error', ['errors' => $errors, 'field' => 'nieuwe_zaaktypen']); ?>
            </td>
        </tr>
        <tr>
            <th scope="row"><?php esc_html_e('Who sees a case', 'owc-zijspan'); ?></th>
            <td>
                <fieldset>
                    <legend class="screen-reader-text"><?php esc_html_e('Who sees a case', 'owc-zijspan'); ?></legend>
                    <?php foreach ($roles as $role => $label) : ?>
                        <label><input type="checkbox" name="rollen[]" value="<?php echo esc_attr($role); ?>"<?php checked(in_array($role, (array) ($policy['rollen'] ?? []), true)); ?>> <?php echo esc_html($label); ?></label><br>
                    <?php endforeach; ?>
                </fieldset>
                <?php AdminView::show('error', ['errors' => $errors, 'field' => 'rollen']); ?>
            </td>
        </tr>
        <?php foreach (['zaak_vertrouwelijkheid' => [__('Most confidential case that is shown', 'owc-zijspan'), $zaakLevels], 'document_vertrouwelijkheid' => [__('Most confidential document that is shown', 'owc-zijspan'), $documentLevels]] as $field => [$label, $levels]) : ?>
            <tr>
                <th scope="row"><label for="<?php echo esc_attr($field); ?>"><?php echo esc_html($label); ?></label></th>
                <td>
                    <select id="<?php echo esc_attr($field); ?>" name="<?php echo esc_attr($field); ?>"<?php $invalid($field); ?>>
                        <?php foreach ($levels as $level) : ?>
                            <option value="<?php echo esc_attr($level); ?>"<?php selected($policy[$field] ?? '', $level); ?>><?php echo esc_html($levelNames[$level]); ?></option>
                        <?php endforeach; ?>
                    </select>
                    <?php AdminView::show('error', ['errors' => $errors, 'field' => $field]); ?>
                </td>
            </tr>
        <?php endforeach; ?>
        <tr>
            <th scope="row"><label for="zichtbaar_vanaf"><?php esc_html_e('Only cases that started on or after', 'owc-zijspan'); ?></label></th>
            <td><input type="date" id="zichtbaar_vanaf" name="zichtbaar_vanaf" value="<?php echo esc_attr((string) ($policy['zichtbaar_vanaf'] ?? '')); ?>"<?php $invalid('zichtbaar_vanaf'); ?>> <span class="description"><?php esc_html_e('Empty: all cases.', 'owc-zijspan'); ?></span><?php AdminView::show('error', ['errors' => $errors, 'field' => 'zichtbaar_vanaf']); ?></td>
        </tr>
        <tr>
            <th scope="row"><label for="deelzaken"><?php esc_html_e('Deelzaken', 'owc-zijspan'); ?></label></th>
            <td>
                <select id="deelzaken" name="deelzaken"<?php $invalid('deelzaken'); ?>>
                    <option value="gevouwen"<?php selected($policy['deelzaken'] ?? '', 'gevouwen'); ?>><?php esc_html_e('under the case they belong to', 'owc-zijspan'); ?></option>
                    <option value="los"<?php selected($policy['deelzaken'] ?? '', 'los'); ?>><?php esc_html_e('as cases of their own', 'owc-zijspan'); ?></option>
                </select>
                <?php AdminView::show('error', ['errors' => $errors, 'field' => 'deelzaken']); ?>
            </td>
        </tr>
        <tr>
            <th scope="row"><label for="status_betekenis"><?php esc_html_e('A status that is set means', 'owc-zijspan'); ?></label></th>
            <td>
                <select id="status_betekenis" name="status_betekenis"<?php $invalid('status_betekenis'); ?>>
                    <option value="bereikt"<?php selected($policy['status_betekenis'] ?? '', 'bereikt'); ?>><?php esc_html_e('this step is done, the next one is current', 'owc-zijspan'); ?></option>
                    <option value="bezig"<?php selected($policy['status_betekenis'] ?? '', 'bezig'); ?>><?php esc_html_e('this step is current', 'owc-zijspan'); ?></option>
                </select>
                <?php AdminView::show('error', ['errors' => $errors, 'field' => 'status_betekenis']); ?>
            </td>
        </tr>
        <tr>
            <th scope="row"><?php esc_html_e('Smaller steps', 'owc-zijspan'); ?></th>
            <td><label><input type="checkbox" name="substatussen" value="1"<?php checked(($policy['substatussen'] ?? false) === true); ?>> <?php esc_html_e('Show the smaller steps (substatussen) within a step', 'owc-zijspan'); ?></label></td>
        </tr>
        <?php foreach ($lists as $field => [$label, $help]) : ?>
            <tr>
                <th scope="row"><label for="<?php echo esc_attr($field); ?>"><?php echo esc_html($label); ?></label></th>
                <td>
                    <textarea class="regular-text" rows="3" id="<?php echo esc_attr($field); ?>" name="<?php echo esc_attr($field); ?>"<?php $invalid($field); ?>><?php echo esc_textarea(implode("\n", array_filter((array) ($policy[$field] ?? []), 'is_string'))); ?></textarea>
                    <p class="description"><?php echo esc_html($help); ?> <?php esc_html_e('One type per line, written as in the catalogue.', 'owc-zijspan'); ?></p>
                    <?php AdminView::show('error', ['errors' => $errors, 'field' => $field]); ?>
                </td>
            </tr>
        <?php endforeach; ?>
    </table>
    <?php if ($documenttypen !== []) : ?>
        <details><summary><?php esc_html_e('Types of document in the catalogue', 'owc-zijspan'); ?></summary>
            <ul class="ul-disc">
                <?php foreach ($documenttypen as $type) : ?>
                    <li><?php echo esc_html($type); ?></li>
                <?php endforeach; ?>
            </ul>
        </details>
    <?php endif; ?>
    <?php AdminView::show('policy-buttons', ['end' => $end]); ?>
</form>
