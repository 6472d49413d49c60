<?php

declare(strict_types=1);

namespace OWC\Zijspan\Session;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Address;

/**
 * The two cookies. WordPress stores neither: the session's token goes from the sidecar to the browser and back.
 */
final class Cookies
{
    public const SESSION = '__Host-zijspan';
    public const LOGIN = '__Host-zijspan-login';
    private const LOGIN_SECONDS = 900;
    private const ATTRIBUTES = '; Path=/; Secure; HttpOnly; SameSite=Lax';

    /** The session's token, or null. */
    public static function token(): ?string
    {
        $value = $_COOKIE[self::SESSION] ?? null;

        return self::isToken($value) ? $value : null;
    }

    /** Is there a cookie of that name, whatever it holds? */
    public static function hasSession(): bool
    {
        return isset($_COOKIE[self::SESSION]);
    }

    public static function isToken(mixed $value): bool
    {
        return is_string($value) && preg_match('/^[A-Za-z0-9_-]{43}$/D', $value) === 1;
    }

    public static function set(#[\SensitiveParameter] string $token): string
    {
        return self::SESSION . '=' . $token . self::ATTRIBUTES;
    }

    public static function clear(): string
    {
        return self::SESSION . '=' . self::ATTRIBUTES . '; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT';
    }

    /** What binds a login to this browser; it also remembers where the login began. */
    public static function newLoginSecret(string $returnTo): string
    {
        $random = self::base64url(random_bytes(32));

        return strlen($returnTo) > 300 ? $random : $random . '.' . self::base64url($returnTo);
    }

    public static function setLogin(#[\SensitiveParameter] string $secret): string
    {
        return self::LOGIN . '=' . $secret . self::ATTRIBUTES . '; Max-Age=' . self::LOGIN_SECONDS;
    }

    public static function clearLogin(): string
    {
        return self::LOGIN . '=' . self::ATTRIBUTES . '; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT';
    }

    public static function loginSecret(): ?string
    {
        $value = $_COOKIE[self::LOGIN] ?? null;

        return is_string($value) && preg_match('/^[A-Za-z0-9_-]{43}(?:\.[A-Za-z0-9_-]{1,400})?$/D', $value) === 1
            ? $value
            : null;
    }

    /** Where the login that is going on began; "/" when that is not known. */
    public static function loginReturnTo(): string
    {
        $encoded = explode('.', self::loginSecret() ?? '', 2)[1] ?? '';

        return Address::path(base64_decode(strtr($encoded, '-_', '+/'), true)) ?? self::home();
    }

    /** The browser_hash of POST /v1/login. */
    public static function hash(#[\SensitiveParameter] string $secret): string
    {
        return self::base64url(hash('sha256', $secret, true));
    }

    public static function home(): string
    {
        $path = wp_parse_url(home_url('/'), PHP_URL_PATH);

        return is_string($path) && $path !== '' ? $path : '/';
    }

    private static function base64url(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
