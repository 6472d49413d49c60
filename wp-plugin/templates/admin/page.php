<?php
defined('ABSPATH') || exit;

use OWC\Zijspan\Admin\AdminView;

// $tabs: list of {label, url, current}, $saved, $risks: notices, $body: prints the tab
?>
<div class="wrap owc-zijspan-admin">
    <h1><?php esc_html_e('MijnOmgeving', 'owc-zijspan'); ?></h1>
    <nav class="nav-tab-wrapper" aria-label="<?php esc_attr_e('Settings of MijnOmgeving', 'owc-zijspan'); ?>">
        <?php foreach ($tabs as $tab) : ?>
            <a class="nav-tab<?php echo $tab['current'] ? ' nav-tab-active' : ''; ?>" href="<?php echo esc_url($tab['url']); ?>"<?php if ($tab['current']) : ?> aria-current="page"<?php endif; ?>><?php echo esc_html($tab['label']); ?></a>
        <?php endforeach; ?>
    </nav>
    <?php if ($saved) : ?>
        <div class="notice notice-success inline" role="status"><p><?php esc_html_e('Saved.', 'owc-zijspan'); ?></p></div>
    <?php endif; ?>
    <?php AdminView::show('notices', ['notices' => $risks]); ?>
    <?php $body(); ?>
</div>
