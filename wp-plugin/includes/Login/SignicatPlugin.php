<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

/**
 * The plugin "OWC Signicat OpenID": it keeps the tokens of a login in a PHP session of its own. They are traded at its
 * callback, before it redirects, while that session is open. It sends no nonce, so the sidecar's provider needs
 * nonce = "absent".
 *
 * Its own questions (isLoggedIn, getUserData) cost calls to the broker each time; this asks none of them. It opens no
 * session either: who is there is told by the session's cookie, and a login or logout by that plugin's own addresses.
 */
final class SignicatPlugin implements LoginPlugin
{
    private const SESSION = 'OWC_Signicat_OpenID';
    private const OPTION = 'owc_signicat_openid_%s_settings';
    private const REVOKE = '/owc-signicat-openid/v1/revoke';

    public function id(): string
    {
        return 'signicat';
    }

    public function title(): string
    {
        return 'OWC Signicat OpenID';
    }

    public function isPresent(): bool
    {
        return class_exists('OWCSignicatOpenID\\ContainerManager') || class_exists('OWCSignicatOpenID\\Bootstrap');
    }

    public function mode(): string
    {
        return 'exchange';
    }

    public function marker(string $idp): ?string
    {
        $cookie = $_COOKIE[self::SESSION] ?? null;

        return $this->isPresent() && is_string($cookie) && $cookie !== '' ? 'session:' . $cookie : null;
    }

    public function grant(string $idp): ?array
    {
        $token = $this->token($idp, 'getIdToken');
        if ($token === null) {
            return null;
        }
        $access = $this->token($idp, 'getAccessToken');

        return [
            'grant_type' => 'urn:ietf:params:oauth:grant-type:token-exchange',
            'subject_token' => $token,
            'subject_token_type' => 'urn:ietf:params:oauth:token-type:id_token',
        ] + ($access === null ? [] : ['access_token' => $access]);
    }

    public function loginUrl(string $idp, string $returnTo): ?string
    {
        $back = home_url($returnTo);

        return $this->url('path_login', ['idp' => $idp, 'redirectUrl' => $back, 'refererUrl' => $back]);
    }

    public function logout(string $idp, string $then): ?string
    {
        // Decoded twice there.
        return $this->url('path_logout', ['idp' => $idp, 'redirectUrl' => rawurlencode($then)]);
    }

    public function listen(\Closure $loggedIn, \Closure $loggedOut): void
    {
        // Its callback and its way out have no hooks; both end with a redirect.
        add_filter('wp_redirect', function (mixed $location) use ($loggedIn, $loggedOut): mixed {
            $asked = trim((string) ($GLOBALS['wp']->request ?? ''), '/');
            if ($asked !== '' && $asked === $this->path('path_redirect')) {
                $loggedIn($this);
            } elseif ($asked !== '' && $asked === $this->path('path_logout')) {
                $loggedOut($this);
            }

            return $location;
        });
        add_filter('rest_post_dispatch', function (mixed $result, mixed $server, mixed $request) use ($loggedOut): mixed {
            if ($request instanceof \WP_REST_Request && $request->get_route() === self::REVOKE) {
                $loggedOut($this);
            }

            return $result;
        }, 10, 3);
    }

    private function token(string $idp, string $method): ?string
    {
        $set = $this->isPresent() ? $_SESSION['owc_openid_' . $idp] ?? null : null;
        $token = is_object($set) && is_callable([$set, $method]) ? $set->$method() : null;

        return is_string($token) && $token !== '' && strlen($token) <= 32768 ? $token : null;
    }

    /** @param array<string, string> $query */
    private function url(string $path, array $query): ?string
    {
        $path = $this->path($path);

        return $path === '' || !$this->isPresent()
            ? null
            : home_url('/' . $path) . '?' . http_build_query($query, '', '&', PHP_QUERY_RFC3986);
    }

    private function path(string $name): string
    {
        $value = get_option(sprintf(self::OPTION, $name), '');

        return is_string($value) ? trim($value, '/') : '';
    }
}
