<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

/**
 * Prints templates/admin/<name>.php, which escapes every value where it prints it. A theme cannot replace these.
 */
final class AdminView
{
    /** @param array<string, mixed> $values */
    public static function show(string $name, array $values): void
    {
        (static function (string $zijspanFile, array $zijspanValues): void {
            extract($zijspanValues, EXTR_SKIP);
            include $zijspanFile;
        })(dirname(__DIR__, 2) . '/templates/admin/' . basename($name) . '.php', $values);
    }
}
