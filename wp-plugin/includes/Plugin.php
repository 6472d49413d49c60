<?php

declare(strict_types=1);

namespace OWC\Zijspan;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Assets;
use OWC\Zijspan\Blocks\Registry;
use OWC\Zijspan\Blocks\TemplateFinder;
use OWC\Zijspan\Blocks\TemplateRenderer;
use OWC\Zijspan\Cli\Command;
use OWC\Zijspan\Documents\DocumentRoute;
use OWC\Zijspan\Forms\FormRoute;
use OWC\Zijspan\Health\HealthTests;
use OWC\Zijspan\Http\Emitter;
use OWC\Zijspan\Http\Router;
use OWC\Zijspan\Page\BlockFinder;
use OWC\Zijspan\Page\BlockRenderer;
use OWC\Zijspan\Page\PageEngine;
use OWC\Zijspan\Page\PageLoader;
use OWC\Zijspan\Page\PersonalPages;
use OWC\Zijspan\Page\RenderGuard;
use OWC\Zijspan\Rest\HealthRoute;
use OWC\Zijspan\Rest\LatePartsRoute;
use OWC\Zijspan\Session\ExchangeLogin;
use OWC\Zijspan\Session\LoginRoute;
use OWC\Zijspan\Session\SessionForms;
use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Settings;

/**
 * The composition root: who needs whom, and which class listens to which hook. Nothing happens on load.
 */
final class Plugin
{
    public const VERSION = '0.1.0';

    private static ?self $instance = null;

    private readonly string $folder;
    private readonly Settings $settings;
    private readonly Connection $sidecar;
    private readonly Registry $blocks;
    private readonly PageEngine $engine;
    private readonly RenderGuard $guard;
    private readonly BlockRenderer $renderer;
    private readonly Router $router;
    private readonly LatePartsRoute $lateParts;
    private readonly PersonalPages $personalPages;
    private readonly HealthTests $health;

    private function __construct()
    {
        $this->folder = dirname(__DIR__);
        $this->settings = new Settings();
        $this->sidecar = new Connection($this->settings);
        $this->blocks = new Registry($this->folder . '/blocks');
        $finder = new BlockFinder($this->blocks);
        $loader = new PageLoader($this->sidecar);
        $this->engine = new PageEngine($finder, $loader);
        $this->guard = new RenderGuard($this->engine);
        $templates = new TemplateRenderer(new TemplateFinder($this->folder . '/templates'));
        $this->renderer = new BlockRenderer($this->blocks, $templates, $this->engine, $this->guard);
        $this->router = new Router(
            new LoginRoute($this->sidecar),
            new DocumentRoute($this->sidecar),
            new FormRoute($this->sidecar, new SessionForms($this->sidecar)),
            new Emitter()
        );
        $this->lateParts = new LatePartsRoute($this->blocks, $loader, $this->renderer);
        $this->personalPages = new PersonalPages($finder);
        $this->health = new HealthTests($this->settings, $this->sidecar);
    }

    public static function instance(): self
    {
        return self::$instance ??= new self();
    }

    public function register(): void
    {
        (new Assets($this->folder . '/owc-zijspan.php', self::VERSION))->register();
        $this->renderer->register();
        $this->guard->register();
        $this->engine->register();
        $this->router->register();
        (new ExchangeLogin($this->settings, $this->sidecar))->register();
        $this->lateParts->register();
        $this->personalPages->register();
        $this->health->register();
        (new HealthRoute($this->health))->register();
        if (defined('WP_CLI') && WP_CLI) {
            \WP_CLI::add_command('zijspan', new Command($this->settings, $this->sidecar));
        }
        if (class_exists(Admin\Admin::class)) {
            (new Admin\Admin($this))->register();
        }
    }

    public function folder(): string
    {
        return $this->folder;
    }

    public function settings(): Settings
    {
        return $this->settings;
    }

    public function sidecar(): Connection
    {
        return $this->sidecar;
    }

    public function blocks(): Registry
    {
        return $this->blocks;
    }

    public function engine(): PageEngine
    {
        return $this->engine;
    }

    public function router(): Router
    {
        return $this->router;
    }

    public function lateParts(): LatePartsRoute
    {
        return $this->lateParts;
    }

    public function personalPages(): PersonalPages
    {
        return $this->personalPages;
    }

    public function healthTests(): HealthTests
    {
        return $this->health;
    }
}
