<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * The bytes went to the sink. They are not signed: they prove nothing, and nothing is read from them.
 */
final class Streamed extends Outcome
{
    public function __construct(public readonly bool $complete)
    {
    }

    public function summary(): string
    {
        return $this->complete ? 'streamed' : 'stream broken off';
    }
}
