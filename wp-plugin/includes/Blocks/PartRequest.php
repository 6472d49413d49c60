<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * One part of POST /v1/page. Two blocks that ask the same thing share one part.
 */
final class PartRequest
{
    /**
     * @param array<string, mixed> $params as docs/wire.md names them; null values are left out
     */
    public function __construct(public readonly string $kind, private readonly array $params = [])
    {
    }

    /** @return array<string, mixed> */
    public function params(): array
    {
        return array_filter($this->params, static fn ($value): bool => $value !== null);
    }

    public function key(): string
    {
        $params = $this->params();
        ksort($params);

        return $this->kind . "\0" . json_encode($params, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
    }
}
