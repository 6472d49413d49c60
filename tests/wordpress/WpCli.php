<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

/**
 * The part of WP-CLI that the plugin's commands use, where there is no WP-CLI: it prints nothing and remembers all.
 */
final class WpCli
{
    /** @var list<array<string, string>> */
    public static array $items = [];
    public static ?int $halted = null;
    public static ?string $error = null;

    public static function begin(): void
    {
        [self::$items, self::$halted, self::$error] = [[], null, null];
    }

    public static function halt(int $status): void
    {
        self::$halted = $status;
    }

    public static function error(string $message): void
    {
        self::$error = $message;
    }

    public static function success(string $message): void
    {
    }
}
