<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\PageContext;

/**
 * The scope in which a template runs. A template has the view's values as variables, $attributes and $context, and
 * $this->partial(). It escapes every value where it prints it (esc_html, esc_attr, esc_url).
 */
final class Template
{
    /** @param array<string, mixed> $attributes */
    public function __construct(
        private readonly TemplateFinder $finder,
        private readonly array $attributes,
        private readonly PageContext $context
    ) {
    }

    /** @param array<string, mixed> $data */
    public function render(string $file, array $data): string
    {
        ob_start();
        try {
            $this->run($file, $data);
        } catch (\Throwable $error) {
            ob_end_clean();
            throw $error;
        }

        return (string) ob_get_clean();
    }

    /**
     * Prints templates/partials/<name>.php.
     *
     * @param array<string, mixed> $data
     */
    public function partial(string $name, array $data = []): void
    {
        $file = $this->finder->find('partials', $name);
        if ($file !== null) {
            $this->run($file, $data);
        }
    }

    /** @param array<string, mixed> $data */
    private function run(string $file, array $data): void
    {
        (function (string $zijspanFile, array $zijspanData): void {
            $attributes = $this->attributes;
            $context = $this->context;
            extract($zijspanData, EXTR_SKIP);
            include $zijspanFile;
        })($file, $data);
    }
}
