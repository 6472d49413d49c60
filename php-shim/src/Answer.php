<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * Success, signed.
 */
final class Answer extends Outcome
{
    /** @param array<mixed> $data */
    public function __construct(public readonly int $status, private readonly array $data)
    {
    }

    /** @return array<mixed> */
    public function data(): array
    {
        return $this->data;
    }

    public function summary(): string
    {
        return 'answer ' . $this->status;
    }
}
