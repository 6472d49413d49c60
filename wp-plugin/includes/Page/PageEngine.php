<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Browser;
use OWC\Zijspan\Http\Output;
use OWC\Zijspan\Http\PhpOutput;
use OWC\Zijspan\Login\LoginSync;
use OWC\Zijspan\Session\Cookies;

/**
 * Decides, before any output, whether this request shows one of our blocks. If so it keeps the page out of caches and
 * asks the sidecar once.
 *
 * It works at two moments: on template_redirect, so that the headers are there whatever other plugins do next, and on
 * template_include, when WordPress knows which block template it will show.
 */
final class PageEngine
{
    private bool $isPersonal = false;
    private ?LoadedPage $page = null;
    private ?PageRequest $request = null;
    /** @var list<FoundBlock> */
    private array $blocks = [];

    public function __construct(
        private readonly BlockFinder $finder,
        private readonly PageLoader $loader,
        private readonly LoginSync $sync,
        private Output $output = new PhpOutput()
    ) {
    }

    public function register(): void
    {
        add_action('template_redirect', [$this, 'prepare'], 0);
        add_filter('template_include', [$this, 'load'], PHP_INT_MAX);
        add_action('wp_body_open', [$this, 'sayEnvironment']);
    }

    /** On an acceptance site nobody should take what they see for real. */
    public function sayEnvironment(): void
    {
        if ($this->page?->environment === 'acceptatie') {
            printf(
                '<p class="owc-zijspan-environment" role="note">%s</p>',
                esc_html__('Test environment: what you see here is not real.', 'owc-zijspan')
            );
        }
    }

    public function prepare(): void
    {
        if ($this->isFrontEnd() && $this->finder->find('') !== []) {
            $this->markPersonal();
        }
    }

    public function load(mixed $template): mixed
    {
        if (!$this->isFrontEnd() || $this->page !== null) {
            return $template;
        }
        $blocks = $this->finder->find($this->blockTemplate());
        if ($blocks === [] || !$this->markPersonal()) {
            return $template;
        }
        $this->request = $this->currentRequest();
        $this->blocks = $blocks;
        $isPrefetch = Browser::isPrefetch();
        $this->sync->run(!$isPrefetch);
        $this->page = $this->sync->couldNotAsk()
            ? new LoadedPage(new SessionInfo(SessionState::Unknown))
            : $this->loader->load($blocks, $this->request, !$isPrefetch);
        if ($this->page->session->isExpired() || (Cookies::hasSession() && Cookies::token() === null)) {
            $this->output->headers([['Set-Cookie', Cookies::clear()]]);
        }
        if ($this->page->isNotFound()) {
            $this->output->status(404);
        }
        if ($this->page->failure !== null) {
            do_action('owc_zijspan_unavailable', $this->page->failure);
        }

        return $template;
    }

    /** May blocks show what the sidecar answered? Only when the headers went out before them. */
    public function isPersonal(): bool
    {
        return $this->isPersonal && $this->page !== null;
    }

    public function page(): LoadedPage
    {
        return $this->page ?? new LoadedPage(new SessionInfo(SessionState::None));
    }

    public function request(): PageRequest
    {
        return $this->request ?? new PageRequest('/');
    }

    /** @return list<FoundBlock> the blocks of the page, in the order in which they were found */
    public function blocks(): array
    {
        return $this->blocks;
    }

    /** For tests: as if the request were a new one, with an answer of its own. */
    public function begin(Output $output): void
    {
        $this->output = $output;
        $this->sync->begin($output);
        $this->isPersonal = false;
        $this->page = null;
        $this->request = null;
        $this->blocks = [];
    }

    private function markPersonal(): bool
    {
        return $this->isPersonal = $this->isPersonal || PersonalHeaders::send($this->output);
    }

    /** A page that a person looks at: no feed, preview, embed or answer to a program. */
    private function isFrontEnd(): bool
    {
        return !is_admin() && !is_feed() && !is_embed() && !is_preview() && !is_customize_preview() && !is_robots()
            && !is_favicon() && !is_trackback() && !wp_doing_ajax() && !wp_doing_cron()
            && !(defined('REST_REQUEST') && REST_REQUEST);
    }

    private function blockTemplate(): string
    {
        global $_wp_current_template_content;

        return is_string($_wp_current_template_content) ? $_wp_current_template_content : '';
    }

    private function currentRequest(): PageRequest
    {
        $uri = (string) ($_SERVER['REQUEST_URI'] ?? '/');
        $query = parse_url($uri, PHP_URL_QUERY);

        return PageRequest::fromUri(
            explode('?', $uri, 2)[0],
            is_string($query) ? $query : '',
            is_singular() ? (int) get_queried_object_id() : 0
        );
    }
}
