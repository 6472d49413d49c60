<?php

declare(strict_types=1);

namespace Zijspan\Shim\Signature;

/**
 * What the signer made of a request, and what an answer to it must be bound to.
 */
final class SignedRequest
{
    /**
     * @param array<string, string> $headers everything to send besides Host and Content-Length
     * @param array<string, string> $values covered values by identifier, in the order of the signature
     */
    public function __construct(
        public readonly array $headers,
        public readonly array $values,
        public readonly string $nonce,
        public readonly string $base,
        public readonly string $mac
    ) {
    }
}
