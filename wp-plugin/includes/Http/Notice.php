<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

/**
 * The words of a page that says what went wrong. Plain text.
 */
final class Notice
{
    public function __construct(
        public readonly string $title,
        public readonly string $text,
        public readonly ?string $code = null,
        public readonly ?string $linkUrl = null,
        public readonly ?string $linkLabel = null
    ) {
    }
}
