<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

/**
 * What the browser says about the request itself.
 */
final class Browser
{
    /** Fetched in case somebody goes there: nobody has asked for it yet. */
    public static function isPrefetch(): bool
    {
        $purpose = self::header('HTTP_SEC_PURPOSE') . ' ' . self::header('HTTP_PURPOSE') . ' '
            . self::header('HTTP_X_MOZ') . ' ' . self::header('HTTP_X_PURPOSE');

        return preg_match('/prefetch|prerender|preview/i', $purpose) === 1;
    }

    public static function isPost(): bool
    {
        return self::header('REQUEST_METHOD') === 'POST';
    }

    public static function isGet(): bool
    {
        return self::header('REQUEST_METHOD') === 'GET';
    }

    /**
     * Does a request that changes something come from a page of this site? The Origin must be the site's; a browser
     * that sends none must say so with Sec-Fetch-Site.
     */
    public static function isOwnOrigin(): bool
    {
        $site = self::header('HTTP_SEC_FETCH_SITE');
        if ($site !== '' && $site !== 'same-origin') {
            return false;
        }
        $origin = self::header('HTTP_ORIGIN');
        if ($origin === '') {
            return $site === 'same-origin';
        }

        return $origin === self::siteOrigin();
    }

    public static function wantsJson(): bool
    {
        return str_contains(self::header('HTTP_ACCEPT'), 'application/json');
    }

    /** As browsers write an origin. */
    public static function siteOrigin(): string
    {
        $parts = wp_parse_url(home_url('/'));
        $scheme = strtolower($parts['scheme'] ?? 'https');
        $port = $parts['port'] ?? null;
        $default = $scheme === 'https' ? 443 : 80;

        return $scheme . '://' . strtolower($parts['host'] ?? '')
            . ($port === null || $port === $default ? '' : ':' . $port);
    }

    private static function header(string $name): string
    {
        $value = $_SERVER[$name] ?? '';

        return is_string($value) ? $value : '';
    }
}
