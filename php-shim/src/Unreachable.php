<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * There was no complete answer.
 */
final class Unreachable extends Outcome
{
    /** @param string $reason "configuration", "connect", "timeout", "tls", "too_large" or "broken" */
    public function __construct(public readonly string $reason)
    {
    }

    public function summary(): string
    {
        return 'unreachable ' . $this->reason;
    }
}
