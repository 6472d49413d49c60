<?php

declare(strict_types=1);

namespace OWC\Zijspan\Rest;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Registry;
use OWC\Zijspan\Http\Browser;
use OWC\Zijspan\Login\LoginSync;
use OWC\Zijspan\Page\BlockRenderer;
use OWC\Zijspan\Page\FoundBlock;
use OWC\Zijspan\Page\LateToken;
use OWC\Zijspan\Page\PageLoader;
use OWC\Zijspan\Page\PageRequest;
use OWC\Zijspan\Page\PersonalHeaders;
use OWC\Zijspan\Session\Cookies;

/**
 * Asks again for a block whose sources were late. It does not extend the session: nobody clicked.
 */
final class LatePartsRoute
{
    public const NAMESPACE = 'owc-zijspan/v1';

    public function __construct(
        private readonly Registry $blocks,
        private readonly PageLoader $loader,
        private readonly BlockRenderer $renderer,
        private readonly LoginSync $sync
    ) {
    }

    public function register(): void
    {
        add_action('rest_api_init', function (): void {
            register_rest_route(self::NAMESPACE, '/parts', [
                'methods' => 'POST',
                'callback' => [$this, 'answer'],
                'permission_callback' => [$this, 'mayAsk'],
                'args' => [
                    'block' => ['type' => 'string', 'required' => true, 'maxLength' => 8192],
                    'query' => ['type' => 'string', 'default' => '', 'maxLength' => 2048],
                ],
            ]);
        });
    }

    /** A resident has no WordPress account: the session's cookie and a page of this very site are what counts. */
    public function mayAsk(): bool
    {
        if (!Browser::isOwnOrigin()) {
            return false;
        }
        $this->sync->run(false);

        return Cookies::token() !== null;
    }

    public function answer(\WP_REST_Request $request): \WP_REST_Response
    {
        $token = LateToken::read((string) $request->get_param('block'));
        $block = $token === null ? null : $this->blocks->find(Registry::PREFIX . $token->block);
        if ($token === null || $block === null) {
            return $this->response(['code' => 'zijspan_unknown_block'], 400);
        }
        $query = ltrim((string) $request->get_param('query'), '?');
        $pageRequest = PageRequest::fromUri($token->path, $query, $token->pageId);
        $page = $this->loader->load([new FoundBlock($block, $token->attributes)], $pageRequest, false);
        $instance = 'zijspan-' . substr(hash('sha256', (string) $request->get_param('block')), 0, 10);
        $results = $page->resultsFor($block, $token->attributes, $pageRequest);
        $response = $this->response([
            'html' => $this->renderer->inside($block, $token->attributes, $page, $pageRequest, $instance),
            // Is there still something to ask again for?
            'late' => $results->anyFetching(),
            // Is there something to show? What a page shows already stays when there is not.
            'loaded' => $results->allHaveData(),
            'session' => !$page->session->isAnonymous(),
        ], 200);
        if ($page->session->isExpired()) {
            $response->header('Set-Cookie', Cookies::clear());
        }

        return $response;
    }

    /** @param array<string, mixed> $data */
    private function response(array $data, int $status): \WP_REST_Response
    {
        $response = new \WP_REST_Response($data, $status);
        foreach (PersonalHeaders::all() as [$name, $value]) {
            $response->header($name, $value);
        }

        return $response;
    }
}
