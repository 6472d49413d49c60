<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

use OWC\Zijspan\Forms\Refill;

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
        public readonly ?string $linkLabel = null,
        /** A form that comes back with what was typed in it. */
        public readonly ?Refill $form = null,
        public readonly ?string $submit = null,
        /** Does the link open beside this page, so that what is here stays? */
        public readonly bool $linkBeside = false
    ) {
    }
}
