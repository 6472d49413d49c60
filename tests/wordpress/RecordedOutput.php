<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Http\Output;

/**
 * PHPUnit has printed something by now, so that PHP sends no headers any longer: they are kept here.
 */
final class RecordedOutput implements Output
{
    /** @var list<array{0: string, 1: string}> */
    public array $headers = [];
    public int $status = 200;
    public bool $open = true;

    public function canSendHeaders(): bool
    {
        return $this->open;
    }

    public function headers(array $headers): void
    {
        array_push($this->headers, ...$headers);
    }

    public function status(int $status): void
    {
        $this->status = $status;
    }

    /** @return list<string> */
    public function values(string $name): array
    {
        $lines = array_filter($this->headers, static fn (array $line): bool => strcasecmp($line[0], $name) === 0);

        return array_values(array_column($lines, 1));
    }
}
