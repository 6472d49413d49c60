<?php

declare(strict_types=1);

namespace Zijspan\Shim\Http;

/**
 * A request as its bytes go out.
 */
final class WireRequest
{
    /** @param array<string, string> $headers */
    public function __construct(
        public readonly string $method,
        public readonly string $url,
        public readonly array $headers,
        public readonly ?string $body
    ) {
    }
}
