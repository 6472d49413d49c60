<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * What became of a call: an Answer, a Problem (both proven to be the sidecar's), Refused or Unreachable.
 */
abstract class Outcome
{
    /** The answer's data, or null for everything else. */
    public function data(): ?array
    {
        return null;
    }

    /** For logs and connection tests: no personal data, no secrets. */
    abstract public function summary(): string;
}
