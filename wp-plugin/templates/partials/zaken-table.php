<?php
defined('ABSPATH') || exit;

// $items. The roles are written out because a narrow screen shows the rows as a list, and browsers then forget them.
?>
<div class="utrecht-table-container">
    <table class="utrecht-table" role="table">
        <caption class="owc-zijspan-visually-hidden"><?php esc_html_e('Your cases', 'owc-zijspan'); ?></caption>
        <thead class="utrecht-table__header" role="rowgroup">
            <tr class="utrecht-table__row" role="row">
                <th class="utrecht-table__header-cell" role="columnheader" scope="col"><?php esc_html_e('Case', 'owc-zijspan'); ?></th>
                <th class="utrecht-table__header-cell" role="columnheader" scope="col"><?php esc_html_e('Status', 'owc-zijspan'); ?></th>
                <th class="utrecht-table__header-cell" role="columnheader" scope="col"><?php esc_html_e('Applied for on', 'owc-zijspan'); ?></th>
                <th class="utrecht-table__header-cell" role="columnheader" scope="col"><?php esc_html_e('Ready', 'owc-zijspan'); ?></th>
            </tr>
        </thead>
        <tbody class="utrecht-table__body" role="rowgroup">
            <?php foreach ($items as $item) : ?>
                <?php $ready = $item['ended'] ?? $item['expected']; ?>
                <tr class="utrecht-table__row" role="row">
                    <th class="utrecht-table__cell utrecht-table__cell--title" role="rowheader" scope="row">
                        <?php if ($item['url'] !== null) : ?>
                            <a class="nl-link" href="<?php echo esc_url($item['url']); ?>"><?php echo esc_html($item['title']); ?><?php if ($item['subtitle'] !== null) : ?><span class="owc-zijspan-visually-hidden">: <?php echo esc_html($item['subtitle']); ?></span><?php endif; ?></a>
                        <?php else : ?>
                            <strong><?php echo esc_html($item['title']); ?></strong>
                        <?php endif; ?>
                        <?php if ($item['subtitle'] !== null) : ?>
                            <span class="owc-zijspan-row-note"<?php if ($item['url'] !== null) : ?> aria-hidden="true"<?php endif; ?>><?php echo esc_html($item['subtitle']); ?></span>
                        <?php endif; ?>
                        <?php if ($item['number'] !== null) : ?>
                            <span class="owc-zijspan-row-note"><?php esc_html_e('Case number', 'owc-zijspan'); ?> <?php $this->partial('number', ['number' => $item['number']]); ?></span>
                        <?php endif; ?>
                        <?php if ($item['parts'] !== null) : ?>
                            <span class="owc-zijspan-row-note"><?php echo esc_html($item['parts']); ?></span>
                        <?php endif; ?>
                    </th>
                    <td class="utrecht-table__cell" role="cell"><?php $this->partial('zaak-status', ['item' => $item]); ?></td>
                    <td class="utrecht-table__cell<?php echo $item['applied'] === null ? ' utrecht-table__cell--empty' : ''; ?>" role="cell"><?php if ($item['applied'] !== null) : ?><span class="owc-zijspan-cell-label"><?php esc_html_e('Applied for on', 'owc-zijspan'); ?> </span><?php $this->partial('date', ['date' => $item['applied']]); ?><?php endif; ?></td>
                    <td class="utrecht-table__cell<?php echo $ready === null ? ' utrecht-table__cell--empty' : ''; ?>" role="cell"><?php if ($ready !== null) : ?><span class="owc-zijspan-cell-label"><?php
                    if ($item['ended'] !== null) {
                        esc_html_e('Finished on', 'owc-zijspan');
                    } elseif ($item['overdue']) {
                        esc_html_e('Was expected to be ready on', 'owc-zijspan');
                    } else {
                        esc_html_e('Expected to be ready on', 'owc-zijspan');
                    }
                    ?> </span><?php $this->partial('date', ['date' => $ready]); ?><?php if ($item['ended'] === null) : ?> <span class="owc-zijspan-row-note owc-zijspan-wide"><?php echo $item['overdue'] ? esc_html__('was expected', 'owc-zijspan') : esc_html__('expected', 'owc-zijspan'); ?></span><?php endif; ?><?php endif; ?></td>
                </tr>
            <?php endforeach; ?>
        </tbody>
    </table>
</div>
