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
use OWC\Zijspan\Login\Bond;
use OWC\Zijspan\Login\Facade;
use OWC\Zijspan\Login\FacadeFeed;
use OWC\Zijspan\Login\Logins;
use OWC\Zijspan\Login\LoginSettings;
use OWC\Zijspan\Login\LoginSync;
use OWC\Zijspan\Login\OpenIdConnectGeneric;
use OWC\Zijspan\Login\Risks;
use OWC\Zijspan\Login\SignicatPlugin;
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
    private readonly Logins $logins;
    private readonly LoginSync $sync;
    private readonly Bond $bond;
    private readonly FacadeFeed $feed;
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
        $settings = new LoginSettings();
        $this->logins = new Logins($settings, [new SignicatPlugin(), new OpenIdConnectGeneric(), new Facade($settings)]);
        $this->bond = new Bond($this->settings);
        $this->sync = new LoginSync($this->settings, $this->sidecar, $this->logins, $this->bond);
        $this->feed = new FacadeFeed($this->sidecar, $this->logins, $this->sync);
        $this->blocks = new Registry($this->folder . '/blocks');
        $finder = new BlockFinder($this->blocks);
        $loader = new PageLoader($this->sidecar);
        $this->engine = new PageEngine($finder, $loader, $this->sync);
        $this->guard = new RenderGuard($this->engine);
        $templates = new TemplateRenderer(new TemplateFinder($this->folder . '/templates'));
        $this->renderer = new BlockRenderer($this->blocks, $templates, $this->engine, $this->guard);
        $this->router = new Router(
            new LoginRoute($this->sidecar, $this->logins, $this->sync, $this->bond),
            new DocumentRoute($this->sidecar),
            new FormRoute($this->sidecar, new SessionForms($this->sidecar, $this->sync)),
            $this->sync,
            new Emitter()
        );
        $this->lateParts = new LatePartsRoute($this->blocks, $loader, $this->renderer, $this->sync);
        $this->personalPages = new PersonalPages($finder);
        $this->health = new HealthTests($this->settings, $this->sidecar, $this->risks());
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
        $this->sync->register();
        $this->feed->register();
        (new ExchangeLogin($this->settings, $this->sidecar, $this->logins, $this->bond))->register();
        $this->lateParts->register();
        $this->personalPages->register();
        $this->health->register();
        (new HealthRoute($this->health))->register();
        if (defined('WP_CLI') && WP_CLI) {
            \WP_CLI::add_command('zijspan', new Command($this->settings, $this->sidecar, $this->health));
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

    public function logins(): Logins
    {
        return $this->logins;
    }

    public function sync(): LoginSync
    {
        return $this->sync;
    }

    public function risks(): Risks
    {
        return new Risks($this->settings, $this->logins);
    }

    public function feed(): FacadeFeed
    {
        return $this->feed;
    }

    public function bond(): Bond
    {
        return $this->bond;
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
