<?php

declare(strict_types=1);

namespace OWC\Zijspan\Session;

defined('ABSPATH') || exit;

/**
 * The plugin's own addresses, all on the site's front page: they need no rewrite rules.
 */
final class Routes
{
    /** @param string|null $level the lowest level of assurance that will do */
    public static function login(string $idp, string $returnTo, ?string $level = null): string
    {
        $level = $level === null ? [] : ['niveau' => $level];

        return self::front(['zijspan' => 'login', 'idp' => $idp, 'return_to' => $returnTo] + $level);
    }

    public static function document(string $handle, string $returnTo): string
    {
        return self::front(['zijspan' => 'document', 'handle' => $handle, 'return_to' => $returnTo]);
    }

    public static function form(): string
    {
        return self::front(['zijspan' => 'form']);
    }

    /** @param array<string, string> $query */
    private static function front(array $query): string
    {
        return home_url('/') . '?' . http_build_query($query, '', '&', PHP_QUERY_RFC3986);
    }
}
