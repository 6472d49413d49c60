<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\PageContext;

final class TemplateRenderer
{
    public function __construct(private readonly TemplateFinder $finder)
    {
    }

    /** @param array<string, mixed> $attributes */
    public function render(Block $block, array $attributes, View $view, PageContext $context): string
    {
        $file = $this->finder->find($block->name(), $view->template);
        if ($file === null) {
            _doing_it_wrong(
                __METHOD__,
                esc_html("No template '{$view->template}' for block '{$block->name()}'."),
                '0.1.0'
            );

            return '';
        }
        $template = new Template($this->finder, $attributes, $context);
        // The block that tells who is logged in says it itself, beside the button to log out.
        $acting = $block->name() === Inloggen::NAME ? null : Acting::text($context->session);
        $partial = $acting === null ? null : $this->finder->find('partials', 'acting');
        $before = $partial === null ? '' : $template->render($partial, ['text' => $acting]);

        return TextGuard::protect($before . $template->render($file, $view->data));
    }
}
