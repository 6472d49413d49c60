<?php

declare(strict_types=1);

namespace Zijspan\Shim\Signature;

/**
 * The signature of a message does not hold. The reason is for logs and connection tests.
 */
final class Rejected extends \RuntimeException
{
    public function __construct(public readonly string $reason)
    {
        parent::__construct('The signature does not hold: ' . $reason);
    }
}
