<?php

declare(strict_types=1);

namespace WP_CLI\Utils;

use Zijspan\Tests\WordPress\WpCli;

class_alias(WpCli::class, 'WP_CLI');

/**
 * @param list<array<string, string>> $items
 * @param list<string> $fields
 */
function format_items(string $format, array $items, array $fields): void
{
    foreach ($items as $item) {
        if (array_diff($fields, array_keys($item)) !== []) {
            throw new \LogicException('a row lacks a column');
        }
    }
    WpCli::$items = $items;
}
