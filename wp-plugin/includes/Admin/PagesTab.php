<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

use OWC\Zijspan\Setup\Pages;

/**
 * The pages to begin with, made as drafts: an editor looks at them and publishes them.
 */
final class PagesTab implements Tab
{
    public function __construct(private readonly Pages $pages)
    {
    }

    public function label(): string
    {
        return __('Pages', 'owc-zijspan');
    }

    public function receive(array $post, array $query): void
    {
        $this->pages->create();
        Admin::redirect(Admin::url('paginas', ['saved' => '1']));
    }

    public function show(array $query): void
    {
        $labels = [
            'zaken' => __('Overview of cases', 'owc-zijspan'),
            'zaak' => __('One case', 'owc-zijspan'),
            'inloggen' => __('Logging in', 'owc-zijspan'),
        ];
        $rows = [];
        foreach ($labels as $key => $label) {
            $id = $this->pages->find($key);
            $status = $id === null ? null : get_post_status_object((string) get_post_status($id));
            $rows[] = [
                'label' => $label,
                'title' => $id === null ? null : get_the_title($id),
                'status' => $id === null
                    ? __('Not made yet', 'owc-zijspan')
                    : $this->status((string) get_post_status($id), $status?->label),
                'edit' => $id === null ? null : get_edit_post_link($id, 'raw'),
            ];
        }
        AdminView::show('pages', [
            'rows' => $rows,
            'complete' => !in_array(null, array_column($rows, 'title'), true),
            'nonce' => Admin::nonce('paginas'),
        ]);
    }

    /** In our own words where we can: a site may run without WordPress's language packs. */
    private function status(string $status, ?string $label): string
    {
        return match ($status) {
            'publish' => __('Published', 'owc-zijspan'),
            'draft' => __('Draft', 'owc-zijspan'),
            'trash' => __('In the bin', 'owc-zijspan'),
            default => $label ?? $status,
        };
    }
}
