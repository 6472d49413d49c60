<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

/**
 * The head of the answer to the browser.
 */
interface Output
{
    public function canSendHeaders(): bool;

    /** @param list<array{0: string, 1: string}> $headers */
    public function headers(array $headers): void;

    public function status(int $status): void;
}
