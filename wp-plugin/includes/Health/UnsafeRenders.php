<?php

declare(strict_types=1);

namespace OWC\Zijspan\Health;

defined('ABSPATH') || exit;

/**
 * Remembers that a block stood where the page could not be kept out of caches: the block showed nothing personal, and
 * somebody should move it.
 */
final class UnsafeRenders
{
    public const OPTION = 'zijspan_unsafe_render';

    public static function report(): void
    {
        $last = self::last();
        if ($last !== null && $last['time'] > time() - HOUR_IN_SECONDS) {
            return;
        }
        $path = explode('?', (string) ($_SERVER['REQUEST_URI'] ?? ''), 2)[0];
        update_option(self::OPTION, ['time' => time(), 'path' => substr(sanitize_text_field($path), 0, 200)], false);
    }

    /** @return array{time: int, path: string}|null in the past week */
    public static function last(): ?array
    {
        $last = get_option(self::OPTION);
        if (!is_array($last) || !is_int($last['time'] ?? null) || $last['time'] < time() - WEEK_IN_SECONDS) {
            return null;
        }

        return ['time' => $last['time'], 'path' => (string) ($last['path'] ?? '')];
    }
}
