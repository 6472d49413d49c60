<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

use Zijspan\Shim\Endpoint;

/**
 * Addresses that are safe to send a browser to.
 */
final class Address
{
    private const MAX_PATH = 2000;

    /** A path on this site with an optional query, or null. */
    public static function path(mixed $value): ?string
    {
        if (!is_string($value) || strlen($value) > self::MAX_PATH || preg_match('#^/[\x21-\x7E]*$#D', $value) !== 1) {
            return null;
        }
        $given = $value;
        // What a server or browser further on sees after decoding must be as harmless as the text itself.
        for ($round = 0; $round < 5; $round++) {
            $plain = explode('?', explode('#', $value, 2)[0], 2)[0];
            if (preg_match('/[\x00-\x1F\x7F\\\\]/', $value) === 1 || str_contains($plain, '//')) {
                return null;
            }
            $decoded = rawurldecode($value);
            if ($decoded === $value) {
                return mb_check_encoding($value, 'UTF-8') ? $given : null;
            }
            $value = $decoded;
        }

        return null;
    }

    /** A path on this site, or an absolute address: https, or http on this machine. */
    public static function anywhere(mixed $value): ?string
    {
        if (is_string($value) && str_starts_with($value, '/')) {
            return self::path($value);
        }
        if (!is_string($value) || preg_match('#^https?://[\x21-\x7E]+$#D', $value) !== 1) {
            return null;
        }
        $parts = wp_parse_url($value);
        $host = is_array($parts) ? strtolower($parts['host'] ?? '') : '';
        if ($host === '' || isset($parts['user']) || isset($parts['pass']) || str_contains($value, '\\')) {
            return null;
        }

        return strtolower($parts['scheme'] ?? '') === 'https' || Endpoint::isLoopback($host) ? $value : null;
    }

    public static function withQuery(string $path, string $query): string
    {
        [$plain, $fragment] = array_pad(explode('#', $path, 2), 2, '');

        return $plain . (str_contains($plain, '?') ? '&' : '?') . $query . ($fragment === '' ? '' : '#' . $fragment);
    }
}
