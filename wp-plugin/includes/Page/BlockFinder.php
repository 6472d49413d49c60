<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Registry;

/**
 * Finds our blocks before anything is rendered: in the page's content, the block template and its parts, synced and
 * registered patterns, and widgets.
 */
final class BlockFinder
{
    private const MAX_DEPTH = 20;
    private const INTERESTING = '/<!--\s+wp:(?:owc-zijspan\/|block |pattern |template-part |navigation )/';

    /** @var list<FoundBlock> */
    private array $found = [];
    /** @var array<string, true> */
    private array $seen = [];

    public function __construct(private readonly Registry $blocks)
    {
    }

    /** @return list<FoundBlock> */
    public function find(string $template): array
    {
        $this->found = [];
        $this->seen = [];
        $post = is_singular() ? get_queried_object() : null;
        if ($post instanceof \WP_Post && !post_password_required($post)) {
            $this->scan($post->post_content);
        }
        $this->scan($template);
        foreach ($this->widgets() as $content) {
            $this->scan($content);
        }

        return $this->found;
    }

    /** Is there one of our blocks in this content itself, or in what it refers to? */
    public function isIn(string $content): bool
    {
        $this->found = [];
        $this->seen = [];
        $this->scan($content);

        return $this->found !== [];
    }

    private function scan(string $content, int $depth = 0): void
    {
        // Most content has neither our blocks nor anything that could hold them.
        if ($depth > self::MAX_DEPTH || preg_match(self::INTERESTING, $content) !== 1) {
            return;
        }
        foreach (parse_blocks($content) as $block) {
            $this->visit($block, $depth);
        }
    }

    /** @param array<string, mixed> $block */
    private function visit(array $block, int $depth): void
    {
        $name = $block['blockName'] ?? null;
        $attributes = is_array($block['attrs'] ?? null) ? $block['attrs'] : [];
        $own = $this->blocks->find(is_string($name) ? $name : null);
        if ($own !== null) {
            $type = \WP_Block_Type_Registry::get_instance()->get_registered($name);
            $this->found[] = new FoundBlock(
                $own,
                $type === null ? $attributes : $type->prepare_attributes_for_render($attributes)
            );
        }
        $inside = match ($name) {
            'core/block', 'core/navigation' => $this->post($attributes['ref'] ?? null),
            'core/pattern' => $this->pattern($attributes['slug'] ?? null),
            'core/template-part' => $this->templatePart($attributes),
            default => null,
        };
        if ($inside !== null) {
            $this->scan($inside, $depth + 1);
        }
        foreach ($block['innerBlocks'] ?? [] as $inner) {
            $this->visit($inner, $depth);
        }
    }

    private function post(mixed $id): ?string
    {
        $post = is_numeric($id) && $this->once('post ' . $id) ? get_post((int) $id) : null;
        $may = $post instanceof \WP_Post
            && in_array($post->post_type, ['wp_block', 'wp_navigation'], true)
            && $post->post_status === 'publish'
            && $post->post_password === '';

        return $may ? $post->post_content : null;
    }

    private function pattern(mixed $slug): ?string
    {
        if (!is_string($slug) || !$this->once('pattern ' . $slug)) {
            return null;
        }
        $pattern = \WP_Block_Patterns_Registry::get_instance()->get_registered($slug);

        return is_string($pattern['content'] ?? null) ? $pattern['content'] : null;
    }

    /** @param array<string, mixed> $attributes */
    private function templatePart(array $attributes): ?string
    {
        $slug = $attributes['slug'] ?? null;
        if (!is_string($slug)) {
            return null;
        }
        $theme = is_string($attributes['theme'] ?? null) ? $attributes['theme'] : get_stylesheet();
        if (!$this->once('part ' . $theme . '//' . $slug)) {
            return null;
        }
        $part = get_block_template($theme . '//' . $slug, 'wp_template_part');

        return $part === null ? null : (string) $part->content;
    }

    /**
     * A pattern that stands on a page twice holds the same blocks twice: they ask the same parts.
     */
    private function once(string $what): bool
    {
        $first = !isset($this->seen[$what]);
        $this->seen[$what] = true;

        return $first;
    }

    /** @return list<string> */
    private function widgets(): array
    {
        global $wp_registered_sidebars;

        $instances = get_option('widget_block', []);
        if (!is_array($instances) || empty($wp_registered_sidebars)) {
            return [];
        }
        $contents = [];
        foreach (wp_get_sidebars_widgets() as $sidebar => $widgets) {
            if (!isset($wp_registered_sidebars[$sidebar]) || !is_array($widgets)) {
                continue;
            }
            foreach ($widgets as $widget) {
                $number = is_string($widget) && preg_match('/^block-([0-9]+)$/D', $widget, $match) === 1
                    ? (int) $match[1]
                    : null;
                $content = $number === null ? null : ($instances[$number]['content'] ?? null);
                if (is_string($content)) {
                    $contents[] = $content;
                }
            }
        }

        return $contents;
    }
}
