<?php

declare(strict_types=1);

namespace OWC\Zijspan\Setup;

defined('ABSPATH') || exit;

/**
 * Makes the pages that a MijnOmgeving begins with, as drafts. An editor looks at them, moves them and publishes them.
 */
final class Pages
{
    private const META = '_zijspan_page';

    /**
     * Makes what is not there yet. What an editor changed, moved or threw in the bin stays as it is.
     *
     * @return array<string, int> every page by its key ("zaken", "zaak", "inloggen"): the id, also when it was there
     */
    public function create(): array
    {
        $ids = [];
        foreach (['zaak', 'zaken', 'inloggen'] as $key) {
            $ids[$key] = $this->find($key) ?? $this->make($key, $ids);
        }

        return array_filter($ids);
    }

    /** The id of a page that was made here, whatever its status; null when it is gone. */
    public function find(string $key): ?int
    {
        $found = get_posts([
            'post_type' => 'page',
            'post_status' => ['publish', 'draft', 'pending', 'private', 'future', 'trash'],
            'meta_key' => self::META,
            'meta_value' => $key,
            'fields' => 'ids',
            'numberposts' => 1,
            'orderby' => 'ID',
            'order' => 'ASC',
            'suppress_filters' => true,
        ]);

        return isset($found[0]) ? (int) $found[0] : null;
    }

    /** @param array<string, int> $ids */
    private function make(string $key, array $ids): int
    {
        [$title, $slug, $blocks] = match ($key) {
            'zaken' => [
                __('My cases', 'owc-zijspan'),
                'mijn-zaken',
                [['inloggen', []], ['mijn-zaken', isset($ids['zaak']) ? ['detailPage' => $ids['zaak']] : []]],
            ],
            'zaak' => [__('Case', 'owc-zijspan'), 'zaak', [['inloggen', []], ['zaak', []]]],
            default => [__('Log in', 'owc-zijspan'), 'inloggen', [['inloggen', []]]],
        };
        $content = '';
        foreach ($blocks as [$name, $attributes]) {
            $content .= serialize_block([
                'blockName' => 'owc-zijspan/' . $name,
                'attrs' => $attributes,
                'innerBlocks' => [],
                'innerHTML' => '',
                'innerContent' => [],
            ]) . "\n\n";
        }
        $id = wp_insert_post([
            'post_type' => 'page',
            'post_status' => 'draft',
            'post_title' => $title,
            'post_name' => $slug,
            'post_content' => wp_slash($content),
            'comment_status' => 'closed',
            'ping_status' => 'closed',
            'meta_input' => [self::META => $key],
        ]);

        return is_int($id) ? $id : 0;
    }
}
