<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\ConfigurationError;

/**
 * Ties a session to the login of another plugin: by a cookie with a MAC over the session's token and whoever was logged
 * in there. So a later request can tell that it is still the same person, and nothing of that person is kept: the MAC's
 * key is made of the site's secret, which no browser and no database has.
 */
final class Bond
{
    public const COOKIE = '__Host-zijspan-bond';
    /** A session that no other plugin has a say in. */
    public const OWN = 'eigen';
    /** Whoever is logged in there has left here, or may not come in: not to be tried again by itself. */
    public const LEFT = 'uit';
    private const ATTRIBUTES = '; Path=/; Secure; HttpOnly; SameSite=Lax';

    public function __construct(private readonly Settings $settings)
    {
    }

    /** With which login the session was opened, as the cookie says; null when it says nothing. */
    public function source(): ?string
    {
        return $this->read()[0] ?? null;
    }

    public function holds(#[\SensitiveParameter] string $token, string $source, string $marker = ''): bool
    {
        return $this->is($source, $this->mac($source, $token, $marker));
    }

    public function hasLeft(string $source, string $marker): bool
    {
        return $this->is(self::LEFT, $this->mac(self::LEFT, $source, $marker));
    }

    /** The Set-Cookie line. */
    public function tie(#[\SensitiveParameter] string $token, string $source, string $marker = ''): string
    {
        return $this->line($source, $this->mac($source, $token, $marker));
    }

    public function leave(string $source, string $marker): string
    {
        return $this->line(self::LEFT, $this->mac(self::LEFT, $source, $marker));
    }

    public static function clear(): string
    {
        return self::COOKIE . '=' . self::ATTRIBUTES . '; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT';
    }

    private function is(string $source, ?string $mac): bool
    {
        [$given, $value] = $this->read() ?? [null, ''];

        return $mac !== null && $given === $source && hash_equals($mac, $value);
    }

    private function line(string $source, ?string $mac): string
    {
        return $mac === null ? self::clear() : self::COOKIE . '=' . $source . '.' . $mac . self::ATTRIBUTES;
    }

    /** @return array{0: string, 1: string}|null */
    private function read(): ?array
    {
        $value = $_COOKIE[self::COOKIE] ?? null;
        if (!is_string($value) || preg_match('/^([a-z-]{1,40})\.([A-Za-z0-9_-]{43})$/D', $value, $found) !== 1) {
            return null;
        }

        return [$found[1], $found[2]];
    }

    /** Null while the site has no key: then nothing is tied to anything. */
    private function mac(string $purpose, #[\SensitiveParameter] string $token, string $marker): ?string
    {
        try {
            $key = $this->settings->requestKey()->mac('zijspan-bond-key-v1');
        } catch (ConfigurationError) {
            return null;
        }
        $message = implode("\0", ['zijspan-bond-v1', $purpose, $token, $marker]);

        return rtrim(strtr(base64_encode(hash_hmac('sha256', $message, $key, true)), '+/', '-_'), '=');
    }
}
