<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * The results of one block, under the names it gave in parts().
 */
final class PartResults
{
    /** @param array<string, PartResult> $results */
    public function __construct(private readonly array $results = [])
    {
    }

    /** A part that was not asked is unavailable: a block never mistakes it for "nothing there". */
    public function get(string $name): PartResult
    {
        return $this->results[$name] ?? PartResult::unavailable('not_asked');
    }

    public function has(string $name): bool
    {
        return isset($this->results[$name]);
    }

    public function anyLate(): bool
    {
        foreach ($this->results as $result) {
            if ($result->isLate()) {
                return true;
            }
        }

        return false;
    }

    /** @return array<string, PartResult> */
    public function all(): array
    {
        return $this->results;
    }
}
