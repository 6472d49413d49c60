<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * What to show: templates/<block>/<template>.php with these values as its variables.
 */
final class View
{
    /** @param array<string, mixed> $data plain values; the template escapes them */
    public function __construct(public readonly string $template, public readonly array $data = [])
    {
    }
}
