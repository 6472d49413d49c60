<?php

declare(strict_types=1);

namespace Zijspan\Shim\Http;

final class Limits
{
    public function __construct(
        public readonly int $timeoutMs = 5000,
        public readonly int $connectTimeoutMs = 500,
        public readonly int $maxBodyBytes = 4 * 1024 * 1024
    ) {
    }
}
