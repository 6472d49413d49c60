<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

use OWC\Zijspan\Login\Risks;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Setup\Pages;

/**
 * Settings, MijnOmgeving: its place in the menu, who may come there, and a notice while something is missing. Each tab
 * is a class; all of them work without script.
 */
final class Admin
{
    public const PAGE = 'owc-zijspan';
    public const CAPABILITY = 'owc_zijspan_manage';

    /** @var array<string, Tab> */
    private readonly array $tabs;

    public function __construct(private readonly Plugin $plugin)
    {
        $this->tabs = [
            'verbinding' => new ConnectionTab($plugin->settings(), $plugin->sidecar()),
            'inloggen' => new LoginTab($plugin->settings(), $plugin->sidecar(), $plugin->logins()),
            'bronnen' => new SourcesTab($plugin->settings(), $plugin->sidecar()),
            'toonregels' => new PolicyTab($plugin->settings(), $plugin->sidecar()),
            'paginas' => new PagesTab(new Pages()),
            'weergave' => new DisplayTab(),
        ];
    }

    public function register(): void
    {
        add_filter('map_meta_cap', [$this, 'mapCapability'], 10, 2);
        if (!is_admin()) {
            return;
        }
        add_action('admin_menu', [$this, 'addPage']);
        add_action('admin_notices', [$this, 'noticeWhenIncomplete']);
        add_filter('plugin_action_links_owc-zijspan/owc-zijspan.php', [$this, 'addLink']);
    }

    /**
     * Who may change the plugin's settings: whoever may change WordPress's own, unless a site says otherwise.
     *
     * @param array<int, string> $needed
     * @return array<int, string>
     */
    public function mapCapability(array $needed, string $capability): array
    {
        if ($capability !== self::CAPABILITY) {
            return $needed;
        }

        return [(string) apply_filters('owc_zijspan_manage_capability', 'manage_options')];
    }

    public function addPage(): void
    {
        $hook = add_options_page(
            __('MijnOmgeving', 'owc-zijspan'),
            __('MijnOmgeving', 'owc-zijspan'),
            self::CAPABILITY,
            self::PAGE,
            [$this, 'show']
        );
        if (is_string($hook)) {
            add_action('load-' . $hook, [$this, 'load']);
        }
    }

    /** Before output: a form that was sent, and the page's style. */
    public function load(): void
    {
        if (!current_user_can(self::CAPABILITY)) {
            wp_die(esc_html__('You may not change these settings.', 'owc-zijspan'), '', ['response' => 403]);
        }
        nocache_headers();
        wp_enqueue_style(
            'owc-zijspan-admin',
            plugins_url('assets/admin.css', $this->plugin->folder() . '/owc-zijspan.php'),
            [],
            Plugin::VERSION
        );
        if (($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'POST') {
            check_admin_referer(self::nonce($this->current()));
            $this->tabs[$this->current()]->receive(wp_unslash($_POST), wp_unslash($_GET));
        }
    }

    public function show(): void
    {
        if (!current_user_can(self::CAPABILITY)) {
            return;
        }
        $tabs = [];
        foreach ($this->tabs as $slug => $tab) {
            $tabs[] = ['label' => $tab->label(), 'url' => self::url($slug), 'current' => $slug === $this->current()];
        }
        $tab = $this->tabs[$this->current()];
        AdminView::show('page', [
            'tabs' => $tabs,
            'saved' => isset($_GET['saved']) && ($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'GET',
            'risks' => array_map(static fn (array $risk): array => [
                'type' => $risk['level'] === Risks::CRITICAL ? 'error' : 'warning',
                'text' => $risk['text'],
                'lines' => [],
            ], $this->plugin->risks()->all()),
            'body' => static fn () => $tab->show(wp_unslash($_GET)),
        ]);
    }

    public function noticeWhenIncomplete(): void
    {
        $screen = get_current_screen();
        if (
            !current_user_can(self::CAPABILITY) || !in_array($screen?->id, ['dashboard', 'plugins'], true)
            || $this->plugin->settings()->problems() === []
        ) {
            return;
        }
        AdminView::show('notice', ['url' => self::url('verbinding')]);
    }

    /**
     * @param array<int|string, string> $links
     * @return array<int|string, string>
     */
    public function addLink(array $links): array
    {
        if (current_user_can(self::CAPABILITY)) {
            $link = sprintf(
                '<a href="%s">%s</a>',
                esc_url(self::url('verbinding')),
                esc_html__('Settings', 'owc-zijspan')
            );
            array_unshift($links, $link);
        }

        return $links;
    }

    /** @param array<string, string> $query */
    public static function url(string $tab, array $query = []): string
    {
        $query = array_map('rawurlencode', ['page' => self::PAGE, 'tab' => $tab] + $query);

        return add_query_arg($query, admin_url('options-general.php'));
    }

    public static function nonce(string $tab): string
    {
        return 'owc-zijspan-' . $tab;
    }

    /** After a form that was saved: always by GET. */
    public static function redirect(string $url): never
    {
        wp_safe_redirect($url, 303, 'MijnOmgeving');
        exit;
    }

    private function current(): string
    {
        $tab = $_GET['tab'] ?? '';

        return is_string($tab) && isset($this->tabs[$tab]) ? $tab : 'verbinding';
    }
}
