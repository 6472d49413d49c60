<?php
defined('ABSPATH') || exit;

use OWC\Zijspan\Admin\AdminView;

// $notices, $summary: {type, text} or null, $now, $refresh, $sources, $modules, $canSwitch, $noSwitch, $cache, $test
$moment = static function (?array $moment): void {
    if ($moment === null) {
        echo '–';

        return;
    }
    printf(
        '<time datetime="%s">%s</time> <span class="description">(%s)</span>',
        esc_attr($moment['datetime']),
        esc_html($moment['text']),
        esc_html($moment['ago'])
    );
};
?>
<h2><?php esc_html_e('Sources', 'owc-zijspan'); ?></h2>
<p><?php esc_html_e('Where Zijspan fetches what residents see, and how those sources do. The numbers count since Zijspan started; nothing here is about a person.', 'owc-zijspan'); ?></p>
<?php AdminView::show('notices', ['notices' => $notices]); ?>
<?php if ($summary !== null) : ?>
    <div class="notice notice-<?php echo esc_attr($summary['type']); ?> inline"><p><strong><?php echo esc_html($summary['text']); ?></strong></p></div>
<?php endif; ?>
<p><?php
/* translators: %s: a moment, such as "24 november 2026, 14:05" */
echo esc_html(sprintf(__('As it is on %s.', 'owc-zijspan'), $now['text']));
?> <a class="button" href="<?php echo esc_url($refresh); ?>"><?php esc_html_e('Refresh', 'owc-zijspan'); ?></a></p>

<?php foreach ($sources as $index => $source) : ?>
    <?php $id = 'owc-zijspan-bron-' . (int) $index; ?>
    <section class="owc-zijspan-admin__source owc-zijspan-admin__source--<?php echo esc_attr($source['state']); ?>" aria-labelledby="<?php echo esc_attr($id); ?>">
        <h3 id="<?php echo esc_attr($id); ?>"><?php echo esc_html($source['label']); ?> <code translate="no"><?php echo esc_html($source['name']); ?></code></h3>
        <p class="owc-zijspan-admin__state"><strong><?php echo esc_html($source['words']); ?></strong></p>
        <p><?php echo esc_html($source['explanation']); ?></p>
        <?php if ($source['culprit'] !== null && $source['culprit']['reason'] !== null) : ?>
            <p><strong><?php
            /* translators: %s: a part of a source, such as "Documenten" */
            echo esc_html(sprintf(__('What to do (%s):', 'owc-zijspan'), $source['culprit']['label']));
            ?></strong> <?php echo esc_html($source['culprit']['reason']); ?></p>
        <?php endif; ?>
        <?php if ($source['since'] !== null || $source['lastOk'] !== null || $source['speed'] !== null) : ?>
            <dl class="owc-zijspan-admin__facts">
                <?php if ($source['since'] !== null) : ?>
                    <div><dt><?php esc_html_e('Since', 'owc-zijspan'); ?></dt><dd><?php $moment($source['since']); ?></dd></div>
                <?php endif; ?>
                <?php if ($source['lastOk'] !== null) : ?>
                    <div><dt><?php esc_html_e('Last good answer', 'owc-zijspan'); ?></dt><dd><?php $moment($source['lastOk']); ?></dd></div>
                <?php endif; ?>
                <?php if ($source['speed'] !== null) : ?>
                    <div><dt><?php esc_html_e('Speed of the slowest part', 'owc-zijspan'); ?></dt><dd><?php echo esc_html($source['speed']); ?></dd></div>
                <?php endif; ?>
            </dl>
        <?php endif; ?>
        <?php if ($source['components'] !== []) : ?>
            <details>
                <summary><?php esc_html_e('Per part', 'owc-zijspan'); ?><span class="screen-reader-text">: <?php echo esc_html($source['label']); ?></span></summary>
                <div class="owc-zijspan-admin__scroll" tabindex="0" role="region" aria-label="<?php
                /* translators: %s: name of a source */
                echo esc_attr(sprintf(__('Parts of %s', 'owc-zijspan'), $source['label']));
                ?>">
                    <table class="widefat striped">
                        <thead>
                            <tr>
                                <th scope="col"><?php esc_html_e('Part', 'owc-zijspan'); ?></th>
                                <th scope="col"><?php esc_html_e('State', 'owc-zijspan'); ?></th>
                                <th scope="col"><?php esc_html_e('Last good answer', 'owc-zijspan'); ?></th>
                                <th scope="col"><?php esc_html_e('Last failure', 'owc-zijspan'); ?></th>
                                <th scope="col"><?php esc_html_e('Speed', 'owc-zijspan'); ?></th>
                                <th scope="col"><?php esc_html_e('Asked', 'owc-zijspan'); ?></th>
                                <th scope="col"><?php esc_html_e('Failed', 'owc-zijspan'); ?></th>
                            </tr>
                        </thead>
                        <tbody>
                            <?php foreach ($source['components'] as $component) : ?>
                                <tr>
                                    <th scope="row"><?php echo esc_html($component['label']); ?></th>
                                    <td><strong><?php echo esc_html($component['words']); ?></strong><?php if ($component['since'] !== null) : ?><br><?php esc_html_e('since', 'owc-zijspan'); ?> <?php $moment($component['since']); ?><?php endif; ?></td>
                                    <td><?php $moment($component['lastOk']); ?></td>
                                    <td><?php $moment($component['lastFailure']); ?><?php if ($component['reason'] !== null) : ?><br><?php echo esc_html($component['reason']); ?><?php endif; ?></td>
                                    <td><?php echo esc_html($component['speed'] ?? '–'); ?></td>
                                    <td><?php echo esc_html($component['calls']); ?><?php if ($component['busy'] !== null) : ?><br><?php echo esc_html($component['busy']); ?><?php endif; ?></td>
                                    <td><?php echo esc_html($component['failures']); ?></td>
                                </tr>
                            <?php endforeach; ?>
                        </tbody>
                    </table>
                </div>
            </details>
        <?php endif; ?>
        <?php if ($source['switch'] !== null) : ?>
            <p><a class="button" href="<?php echo esc_url($source['switch']['url']); ?>"><?php echo $source['switch']['on'] ? esc_html__('Switch off…', 'owc-zijspan') : esc_html__('Switch on…', 'owc-zijspan'); ?><span class="screen-reader-text"> <?php echo esc_html($source['label']); ?></span></a></p>
        <?php endif; ?>
    </section>
<?php endforeach; ?>

<?php if ($modules !== []) : ?>
    <h2><?php esc_html_e('Parts of MijnOmgeving', 'owc-zijspan'); ?></h2>
    <table class="widefat striped owc-zijspan-admin__modules">
        <thead>
            <tr>
                <th scope="col"><?php esc_html_e('Part', 'owc-zijspan'); ?></th>
                <th scope="col"><?php esc_html_e('State', 'owc-zijspan'); ?></th>
                <th scope="col"><?php esc_html_e('Switch', 'owc-zijspan'); ?></th>
            </tr>
        </thead>
        <tbody>
            <?php foreach ($modules as $module) : ?>
                <tr>
                    <th scope="row"><?php echo esc_html($module['label']); ?></th>
                    <td><?php
                    if ($module['on']) {
                        esc_html_e('On', 'owc-zijspan');
                    } elseif ($module['fixed']) {
                        esc_html_e('Off, in the configuration of Zijspan', 'owc-zijspan');
                    } else {
                        esc_html_e('Switched off', 'owc-zijspan');
                    }
                    ?></td>
                    <td><?php if ($module['switch'] !== null) : ?><a class="button" href="<?php echo esc_url($module['switch']['url']); ?>"><?php echo $module['switch']['on'] ? esc_html__('Switch off…', 'owc-zijspan') : esc_html__('Switch on…', 'owc-zijspan'); ?><span class="screen-reader-text"> <?php echo esc_html($module['label']); ?></span></a><?php else : ?>–<?php endif; ?></td>
                </tr>
            <?php endforeach; ?>
        </tbody>
    </table>
<?php endif; ?>
<?php if (!$canSwitch) : ?>
    <p><?php echo esc_html($noSwitch); ?></p>
<?php endif; ?>
<?php if ($cache !== null) : ?>
    <p class="description"><?php echo esc_html($cache); ?></p>
<?php endif; ?>
<p><a href="<?php echo esc_url($test); ?>"><?php esc_html_e('Test the connection', 'owc-zijspan'); ?></a></p>
