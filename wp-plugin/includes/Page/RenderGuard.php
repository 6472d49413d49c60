<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Registry;

/**
 * Decides what a block may show where it is rendered now. WordPress renders blocks in many places besides the page.
 */
final class RenderGuard
{
    private int $preview = 0;

    public function __construct(private readonly PageEngine $engine)
    {
    }

    public function register(): void
    {
        add_filter('rest_request_before_callbacks', [$this, 'enterRest'], 10, 3);
        add_filter('rest_request_after_callbacks', [$this, 'leaveRest'], 10, 3);
    }

    /** The editor's own route renders one block, for people who may edit. */
    public function enterRest(mixed $response, mixed $handler, mixed $request): mixed
    {
        $this->preview += $this->isPreview($request) ? 1 : 0;

        return $response;
    }

    public function leaveRest(mixed $response, mixed $handler, mixed $request): mixed
    {
        $this->preview = max(0, $this->preview - ($this->isPreview($request) ? 1 : 0));

        return $response;
    }

    public function mode(): RenderMode
    {
        if ($this->preview > 0) {
            return RenderMode::Sample;
        }
        // REST_REQUEST is not there when something dispatches a route by itself.
        if ((defined('REST_REQUEST') && REST_REQUEST) || $this->inRestDispatch()) {
            return RenderMode::Nothing;
        }
        $isProgram = is_admin() || wp_doing_ajax() || wp_doing_cron() || (defined('WP_CLI') && WP_CLI);
        if ($isProgram || did_action('wp') === 0) {
            return RenderMode::Nothing;
        }
        if (is_feed() || is_embed() || is_robots() || is_trackback()) {
            return RenderMode::Nothing;
        }
        if (doing_action('wp_head') || doing_filter('get_the_excerpt') || doing_filter('the_excerpt')) {
            return RenderMode::Nothing;
        }
        if (is_preview() || is_customize_preview()) {
            return current_user_can('edit_posts') ? RenderMode::Sample : RenderMode::Nothing;
        }
        // A text in a list of texts, or of another page than the one that was asked for.
        if (doing_filter('the_content') && (!is_singular() || get_the_ID() !== get_queried_object_id())) {
            return RenderMode::Nothing;
        }

        return $this->engine->isPersonal() ? RenderMode::Live : RenderMode::Neutral;
    }

    private function inRestDispatch(): bool
    {
        $server = $GLOBALS['wp_rest_server'] ?? null;

        return $server instanceof \WP_REST_Server && $server->is_dispatching();
    }

    private function isPreview(mixed $request): bool
    {
        return $request instanceof \WP_REST_Request
            && str_starts_with($request->get_route(), '/wp/v2/block-renderer/' . Registry::PREFIX)
            && $request->get_param('context') === 'edit'
            && current_user_can('edit_posts');
    }
}
