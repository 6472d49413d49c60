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

    /** Is there something to ask again for? */
    public function anyFetching(): bool
    {
        foreach ($this->results as $result) {
            if ($result->isFetching()) {
                return true;
            }
        }

        return false;
    }

    /** Has every part something to show? */
    public function allHaveData(): bool
    {
        foreach ($this->results as $result) {
            if (!$result->hasData()) {
                return false;
            }
        }

        return $this->results !== [];
    }

    /** @return array<string, PartResult> */
    public function all(): array
    {
        return $this->results;
    }
}
