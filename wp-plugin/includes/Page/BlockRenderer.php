<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use DateTimeImmutable;
use OWC\Zijspan\Blocks\Block;
use OWC\Zijspan\Blocks\PartResults;
use OWC\Zijspan\Blocks\Registry;
use OWC\Zijspan\Blocks\TemplateRenderer;
use OWC\Zijspan\Health\UnsafeRenders;

/**
 * Registers the blocks with WordPress and renders them.
 */
final class BlockRenderer
{
    private int $instances = 0;

    public function __construct(
        private readonly Registry $blocks,
        private readonly TemplateRenderer $templates,
        private readonly PageEngine $engine,
        private readonly RenderGuard $guard
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

    /**
     * The inside of one block for a page that was loaded already.
     *
     * @param array<string, mixed> $attributes
     * @param list<FoundBlock> $blocks all blocks of the page
     */
    public function inside(
        Block $block,
        array $attributes,
        LoadedPage $page,
        PageRequest $request,
        string $instance,
        array $blocks = []
    ): string {
        $context = new PageContext($page->session, $request, $this->now(), $instance, $page->token(), false, $blocks);

        return $this->view($block, $attributes, $page->resultsFor($block, $attributes, $request), $context);
    }

    /** @param array<string, mixed> $attributes */
    private function render(Block $block, array $attributes): string
    {
        $instance = 'zijspan-' . ++$this->instances;

        switch ($this->guard->mode()) {
            case RenderMode::Live:
                $request = $this->engine->request();
                $page = $this->engine->page();
                $html = $this->inside($block, $attributes, $page, $request, $instance, $this->engine->blocks());
                $late = $page->resultsFor($block, $attributes, $request)->anyFetching()
                    ? LateToken::make($block->name(), $attributes, $request)
                    : null;

                return $this->wrapped($block, $html, $late);
            case RenderMode::Sample:
                return $this->wrapped($block, $this->sample($block, $attributes, $instance));
            case RenderMode::Neutral:
                UnsafeRenders::report();
                $request = $this->engine->request()->withoutQuery();
                $page = new LoadedPage(new SessionInfo(SessionState::None));

                return $this->wrapped($block, $this->inside($block, $attributes, $page, $request, $instance));
            default:
                return '';
        }
    }

    /** @param array<string, mixed> $attributes */
    private function sample(Block $block, array $attributes, string $instance): string
    {
        $given = $_GET['zijspan_sample'] ?? '';
        $state = is_string($given) && preg_match('/^[a-z_]{1,32}$/D', $given) === 1 ? $given : 'vol';
        $session = match ($state) {
            'uitgelogd' => new SessionInfo(SessionState::None),
            'verlopen' => new SessionInfo(SessionState::Expired),
            'fout' => new SessionInfo(SessionState::Unknown),
            default => new SessionInfo(
                SessionState::Active,
                'substantial',
                'burger',
                __('A. Example', 'owc-zijspan'),
                $state === 'namens',
                840,
                7000
            ),
        };
        $context = new PageContext($session, new PageRequest('/'), $this->now(), $instance, null, true);
        $results = $session->isAnonymous() ? new PartResults() : $block->sample($state);

        return $this->view($block, $attributes, $results, $context);
    }

    /** @param array<string, mixed> $attributes */
    private function view(Block $block, array $attributes, PartResults $results, PageContext $context): string
    {
        try {
            $view = $block->view($attributes, $results, $context);

            return $this->templates->render($block, $attributes, $view, $context);
        } catch (\Throwable $error) {
            // Where, not what: the message of an error can hold what a resident may see only.
            wp_trigger_error('', sprintf(
                'owc-zijspan: %s in %s:%d',
                $error::class,
                basename($error->getFile()),
                $error->getLine()
            ));

            return '<p class="nl-paragraph" role="alert">'
                . esc_html__('This part of the page cannot be shown right now.', 'owc-zijspan') . '</p>';
        }
    }

    /**
     * While a source is still being asked, blocks' scripts find on the wrapper where to ask again: by POST, as JSON,
     * {"block": data-zijspan-late-block, "query": location.search} to data-zijspan-late-url. The answer is {"html",
     * "late", "loaded", "session"}; html takes the place of what the wrapper holds.
     */
    private function wrapped(Block $block, string $html, ?string $late = null): string
    {
        if (trim($html) === '') {
            return '';
        }
        $attributes = get_block_wrapper_attributes(['class' => 'zijspan zijspan-' . $block->name()]);
        if ($late !== null) {
            $attributes .= ' data-zijspan-late-url="' . esc_url(rest_url('owc-zijspan/v1/parts'))
                . '" data-zijspan-late-block="' . esc_attr($late) . '"';
        }

        return '<div ' . $attributes . '>' . $html . '</div>';
    }

    private function now(): DateTimeImmutable
    {
        return new DateTimeImmutable('now', wp_timezone());
    }
}
