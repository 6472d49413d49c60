<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * Styles, scripts and translations that blocks share, and their place in the inserter.
 */
final class Assets
{
    public const STYLE = 'owc-zijspan-base';
    public const EDITOR = 'owc-zijspan-editor';
    public const MODULE = 'owc-zijspan/page';
    private const DOMAIN = 'owc-zijspan';

    public function __construct(private readonly string $pluginFile, private readonly string $version)
    {
    }

    public function register(): void
    {
        // Before the blocks are registered, which name these.
        add_action('init', [$this, 'registerAssets'], 5);
        add_action('init', [$this, 'translateScripts'], 20);
        add_filter('block_categories_all', [$this, 'addCategory']);
        add_filter('block_type_metadata', [$this, 'withoutStyles']);
        add_filter('load_textdomain_mofile', [$this, 'dutchForAllDutch'], 10, 2);
    }

    public function registerAssets(): void
    {
        load_plugin_textdomain(self::DOMAIN, false, dirname(plugin_basename($this->pluginFile)) . '/languages');
        if (Display::all()['css']) {
            wp_register_style(self::STYLE, plugins_url('assets/base.css', $this->pluginFile), [], $this->version);
        }
        wp_register_script(
            self::EDITOR,
            plugins_url('assets/editor.js', $this->pluginFile),
            ['wp-block-editor', 'wp-components', 'wp-core-data', 'wp-data', 'wp-element', 'wp-i18n', 'wp-server-side-render'],
            $this->version,
            true
        );
        wp_register_script_module(self::MODULE, plugins_url('assets/page.js', $this->pluginFile), [], $this->version);
    }

    public function translateScripts(): void
    {
        $languages = dirname($this->pluginFile) . '/languages';
        wp_set_script_translations(self::EDITOR, self::DOMAIN, $languages);
        foreach (\WP_Block_Type_Registry::get_instance()->get_all_registered() as $name => $type) {
            if (str_starts_with((string) $name, Registry::PREFIX)) {
                foreach ($type->editor_script_handles as $handle) {
                    wp_set_script_translations($handle, self::DOMAIN, $languages);
                }
            }
        }
    }

    /**
     * @param array<int, array<string, mixed>> $categories
     * @return array<int, array<string, mixed>>
     */
    public function addCategory(array $categories): array
    {
        array_unshift($categories, ['slug' => 'owc-zijspan', 'title' => __('MijnOmgeving', 'owc-zijspan')]);

        return $categories;
    }

    /**
     * Where the theme brings the styles of the NL Design System, ours stay away.
     *
     * @param array<string, mixed> $metadata
     * @return array<string, mixed>
     */
    public function withoutStyles(array $metadata): array
    {
        if (str_starts_with((string) ($metadata['name'] ?? ''), Registry::PREFIX) && !Display::all()['css']) {
            unset($metadata['style']);
        }

        return $metadata;
    }

    /** A site in nl_BE or nl_NL_formal reads our Dutch, not our English. */
    public function dutchForAllDutch(string $file, string $domain): string
    {
        if ($domain !== self::DOMAIN || is_readable($file) || !str_starts_with(determine_locale(), 'nl')) {
            return $file;
        }

        return dirname($this->pluginFile) . '/languages/owc-zijspan-nl_NL.mo';
    }
}
