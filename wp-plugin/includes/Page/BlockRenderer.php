<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Block;
use OWC\Zijspan\Blocks\PartResults;
use OWC\Zijspan\Blocks\Registry;
use OWC\Zijspan\Blocks\TemplateRenderer;

/**
 * Registers the blocks with WordPress and renders them.
 */
final class BlockRenderer
{
    private int $instances = 0;

    public function __construct(
        private readonly Registry $blocks,
        private readonly TemplateRenderer $templates
    ) {
    }

    public function register(): void
    {
        add_action('init', [$this, 'registerBlocks']);
    }

    public function registerBlocks(): void
    {
        foreach ($this->blocks->all() as $block) {
            register_block_type_from_metadata($this->blocks->folderOf($block), [
                'render_callback' => fn (array $attributes): string => $this->render($block, $attributes),
            ]);
        }
    }

    /** @param array<string, mixed> $attributes */
    private function render(Block $block, array $attributes): string
    {
        $context = new PageContext(
            new SessionInfo(SessionState::None),
            new PageRequest('/'),
            new \DateTimeImmutable('now', wp_timezone()),
            'zijspan-' . ++$this->instances
        );
        $view = $block->view($attributes, new PartResults(), $context);

        return '<div ' . get_block_wrapper_attributes() . '>'
            . $this->templates->render($block, $attributes, $view, $context) . '</div>';
    }
}
