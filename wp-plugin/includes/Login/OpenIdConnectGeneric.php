<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

/**
 * The plugin "OpenID Connect Generic Client": a resident is a WordPress user, and its last tokens are in the user's
 * meta. It sends no nonce, so the sidecar's provider needs nonce = "absent".
 */
final class OpenIdConnectGeneric implements LoginPlugin
{
    private const TOKENS = 'openid-connect-generic-last-token-response';

    /** Who just logged in, while WordPress does not know it yet. */
    private ?int $user = null;

    public function id(): string
    {
        return 'oidcgeneric';
    }

    public function title(): string
    {
        return 'OpenID Connect Generic Client';
    }

    public function isPresent(): bool
    {
        return class_exists('OpenID_Connect_Generic');
    }

    public function mode(): string
    {
        return 'exchange';
    }

    public function marker(string $idp): ?string
    {
        $user = $this->user ?? get_current_user_id();

        // Who has an account without that plugin (an editor) is not a resident.
        return $this->isPresent() && $user > 0 && $this->tokens($user) !== [] ? 'user:' . $user : null;
    }

    public function grant(string $idp): ?array
    {
        $tokens = $this->isPresent() ? $this->tokens($this->user ?? get_current_user_id()) : [];
        if (!is_string($tokens['id_token'] ?? null) || $tokens['id_token'] === '') {
            return null;
        }
        $access = $tokens['access_token'] ?? null;

        return [
            'grant_type' => 'urn:ietf:params:oauth:grant-type:token-exchange',
            'subject_token' => $tokens['id_token'],
            'subject_token_type' => 'urn:ietf:params:oauth:token-type:id_token',
        ] + (is_string($access) && $access !== '' ? ['access_token' => $access] : []);
    }

    public function loginUrl(string $idp, string $returnTo): ?string
    {
        return $this->isPresent() ? wp_login_url(home_url($returnTo), true) : null;
    }

    public function logout(string $idp, string $then): ?string
    {
        $user = wp_get_current_user();
        if (!$this->isPresent() || $user->ID === 0) {
            return null;
        }
        wp_logout();
        // There that plugin says where one logs out at the provider.
        $url = apply_filters('logout_redirect', $then, $then, $user);

        return is_string($url) ? $url : null;
    }

    public function listen(\Closure $loggedIn, \Closure $loggedOut): void
    {
        add_action('wp_logout', fn () => $loggedOut($this));
        add_action('openid-connect-generic-user-logged-in', function (mixed $user) use ($loggedIn): void {
            if ($user instanceof \WP_User) {
                $this->user = $user->ID;
                $loggedIn($this);
                $this->user = null;
            }
        });
    }

    /** @return array<mixed> */
    private function tokens(int $user): array
    {
        $tokens = $user > 0 ? get_user_meta($user, self::TOKENS, true) : null;

        return is_array($tokens) ? $tokens : [];
    }
}
