<?php

declare(strict_types=1);

namespace OWC\Zijspan\Rest;

defined('ABSPATH') || exit;

use OWC\Zijspan\Health\HealthTests;

/**
 * The checks that take time, for Site Health to ask one by one.
 */
final class HealthRoute
{
    public function __construct(private readonly HealthTests $tests)
    {
    }

    public function register(): void
    {
        add_action('rest_api_init', function (): void {
            register_rest_route(LatePartsRoute::NAMESPACE, '/health/(?P<test>[a-z]+)', [
                'methods' => 'GET',
                'callback' => [$this, 'answer'],
                'permission_callback' => static fn (): bool => current_user_can('view_site_health_checks'),
            ]);
        });
    }

    public function answer(\WP_REST_Request $request): \WP_REST_Response|\WP_Error
    {
        $test = $this->tests->slow()[$request->get_param('test')] ?? null;
        if ($test === null) {
            return new \WP_Error('zijspan_unknown_test', __('There is no such check.', 'owc-zijspan'), ['status' => 404]);
        }
        $response = new \WP_REST_Response($test());
        $response->header('Cache-Control', 'private, no-store');

        return $response;
    }
}
