<?php

declare(strict_types=1);

namespace OWC\Zijspan;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Registry;
use OWC\Zijspan\Blocks\TemplateFinder;
use OWC\Zijspan\Blocks\TemplateRenderer;
use OWC\Zijspan\Page\BlockRenderer;

/**
 * The composition root: who needs whom, and which class listens to which hook. Nothing happens on load.
 */
final class Plugin
{
    public const VERSION = '0.1.0';

    private static ?self $instance = null;

    private readonly string $folder;
    private readonly Registry $blocks;
    private readonly BlockRenderer $renderer;

    private function __construct()
    {
        $this->folder = dirname(__DIR__);
        $this->blocks = new Registry($this->folder . '/blocks');
        $this->renderer = new BlockRenderer(
            $this->blocks,
            new TemplateRenderer(new TemplateFinder($this->folder . '/templates'))
        );
    }

    public static function instance(): self
    {
        return self::$instance ??= new self();
    }

    public function register(): void
    {
        $this->renderer->register();
    }

    public function folder(): string
    {
        return $this->folder;
    }

    public function blocks(): Registry
    {
        return $this->blocks;
    }
}
