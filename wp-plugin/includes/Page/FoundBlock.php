<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Block;

/**
 * One place where one of our blocks will stand on the page.
 */
final class FoundBlock
{
    /** @param array<string, mixed> $attributes with defaults filled in */
    public function __construct(public readonly Block $block, public readonly array $attributes)
    {
    }
}
