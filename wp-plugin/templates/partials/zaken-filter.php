<?php
defined('ABSPATH') || exit;

// $filter, $filtered, $clearUrl, $id
?>
<form class="owc-zijspan-filter" method="get" action="<?php echo esc_url($filter['action']); ?>" role="search" aria-label="<?php esc_attr_e('Search your cases', 'owc-zijspan'); ?>">
    <?php foreach ($filter['kept'] as $name => $value) : ?>
        <input type="hidden" name="<?php echo esc_attr($name); ?>" value="<?php echo esc_attr($value); ?>">
    <?php endforeach; ?>
    <div class="owc-zijspan-filter__fields">
        <div class="utrecht-form-field">
            <label class="utrecht-form-label" for="<?php echo esc_attr($id('zoek')); ?>"><?php esc_html_e('Search term', 'owc-zijspan'); ?></label>
            <input class="utrecht-textbox" type="search" id="<?php echo esc_attr($id('zoek')); ?>" name="zs_zoek" maxlength="<?php echo (int) $filter['maxLength']; ?>" value="<?php echo esc_attr($filter['query'] ?? ''); ?>" autocomplete="off">
        </div>
        <?php if ($filter['types'] !== []) : ?>
            <div class="utrecht-form-field">
                <label class="utrecht-form-label" for="<?php echo esc_attr($id('soort')); ?>"><?php esc_html_e('Kind of application', 'owc-zijspan'); ?></label>
                <select class="utrecht-select" id="<?php echo esc_attr($id('soort')); ?>" name="zs_soort">
                    <option value=""><?php esc_html_e('All kinds', 'owc-zijspan'); ?></option>
                    <?php foreach ($filter['types'] as $type) : ?>
                        <option value="<?php echo esc_attr($type['value']); ?>"<?php selected($filter['type'], $type['value']); ?>><?php echo esc_html($type['label']); ?></option>
                    <?php endforeach; ?>
                </select>
            </div>
        <?php endif; ?>
        <?php if ($filter['years'] !== []) : ?>
            <div class="utrecht-form-field">
                <label class="utrecht-form-label" for="<?php echo esc_attr($id('jaar')); ?>"><?php esc_html_e('Year', 'owc-zijspan'); ?></label>
                <select class="utrecht-select" id="<?php echo esc_attr($id('jaar')); ?>" name="zs_jaar">
                    <option value=""><?php esc_html_e('All years', 'owc-zijspan'); ?></option>
                    <?php foreach ($filter['years'] as $year) : ?>
                        <option value="<?php echo (int) $year; ?>"<?php selected($filter['year'], $year); ?>><?php echo (int) $year; ?></option>
                    <?php endforeach; ?>
                </select>
            </div>
        <?php endif; ?>
        <?php if ($filter['statuses'] !== []) : ?>
            <div class="utrecht-form-field">
                <label class="utrecht-form-label" for="<?php echo esc_attr($id('stand')); ?>"><?php esc_html_e('Current or finished', 'owc-zijspan'); ?></label>
                <select class="utrecht-select" id="<?php echo esc_attr($id('stand')); ?>" name="zs_status">
                    <?php foreach ($filter['statuses'] as $value => $label) : ?>
                        <option value="<?php echo esc_attr($value); ?>"<?php selected($filter['status'], $value); ?>><?php echo esc_html($label); ?></option>
                    <?php endforeach; ?>
                </select>
            </div>
        <?php endif; ?>
    </div>
    <div class="owc-zijspan-actions">
        <button type="submit" class="nl-button nl-button--primary"><?php esc_html_e('Search', 'owc-zijspan'); ?></button>
        <?php if ($filtered) : ?>
            <a class="nl-link owc-zijspan-back" href="<?php echo esc_url($clearUrl); ?>"><?php esc_html_e('Clear the filters', 'owc-zijspan'); ?></a>
        <?php endif; ?>
    </div>
</form>
