<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * templates/<block>/<state>.php of the plugin, unless the theme has owc-zijspan/<block>/<state>.php.
 */
final class TemplateFinder
{
    public function __construct(private readonly string $folder)
    {
    }

    public function find(string $block, string $template): ?string
    {
        foreach ([$block, $template] as $name) {
            if (preg_match('/^[a-z0-9][a-z0-9_-]*$/D', $name) !== 1) {
                return null;
            }
        }
        $path = $block . '/' . $template . '.php';
        foreach ([get_stylesheet_directory(), get_template_directory()] as $theme) {
            if (is_file($theme . '/owc-zijspan/' . $path)) {
                return $theme . '/owc-zijspan/' . $path;
            }
        }

        return is_file($this->folder . '/' . $path) ? $this->folder . '/' . $path : null;
    }
}
