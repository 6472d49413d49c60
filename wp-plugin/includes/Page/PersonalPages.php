<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

/**
 * Which published pages hold our blocks. Browsers must not fetch those ahead, and caches are checked on one of them.
 */
final class PersonalPages
{
    public const OPTION = 'zijspan_personal_pages';
    private const MAX = 200;

    public function __construct(private readonly BlockFinder $finder)
    {
    }

    public function register(): void
    {
        foreach (['save_post', 'deleted_post', 'switch_theme', 'permalink_structure_changed'] as $hook) {
            add_action($hook, static function (): void {
                delete_option(self::OPTION);
            });
        }
        add_filter('wp_speculation_rules_href_exclude_paths', [$this, 'exclude']);
    }

    /**
     * @param array<string> $paths
     * @return array<string>
     */
    public function exclude(array $paths): array
    {
        $own = ['/*\\?zijspan*', '/*\\?*&zijspan*'];
        foreach ($this->all() as $page) {
            $own[] = $page;
            $own[] = untrailingslashit($page) . '/*';
            $own[] = untrailingslashit($page) . '\\?*';
        }

        return array_values(array_unique([...$paths, ...$own]));
    }

    /** @return list<string> site-relative paths, by id */
    public function all(): array
    {
        $paths = get_option(self::OPTION);
        if (!is_array($paths)) {
            $paths = $this->search();
            update_option(self::OPTION, $paths, true);
        }

        return $paths;
    }

    /** @return list<string> */
    private function search(): array
    {
        global $wpdb;

        $types = array_values(get_post_types(['public' => true]));
        if ($types === []) {
            return [];
        }
        // Content with our blocks, or with something that can hold them; the finder then looks properly.
        $places = implode(',', array_fill(0, count($types), '%s'));
        $ids = $wpdb->get_col($wpdb->prepare(
            "SELECT ID FROM {$wpdb->posts} WHERE post_status = 'publish' AND post_type IN ({$places})"
            . " AND (post_content LIKE %s OR post_content LIKE %s OR post_content LIKE %s) ORDER BY ID LIMIT %d",
            [
                ...$types,
                '%' . $wpdb->esc_like('wp:owc-zijspan/') . '%',
                '%' . $wpdb->esc_like('wp:block ') . '%',
                '%' . $wpdb->esc_like('wp:pattern ') . '%',
                self::MAX,
            ]
        ));
        $paths = [];
        foreach ($ids as $id) {
            $post = get_post((int) $id);
            $link = $post !== null && $this->finder->isIn($post->post_content) ? get_permalink($post) : false;
            if (is_string($link)) {
                $paths[] = wp_make_link_relative($link);
            }
        }

        return $paths;
    }
}
