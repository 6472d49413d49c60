<?php

declare(strict_types=1);

namespace Zijspan\Shim\Http;

/**
 * An answer as its bytes came in.
 */
final class WireResponse
{
    /** @param list<array{0: string, 1: string}> $headers every line, name and value, in order */
    public function __construct(
        public readonly int $status,
        public readonly array $headers,
        public readonly string $body
    ) {
    }

    /** @return list<string> */
    public function values(string $name): array
    {
        $values = [];
        foreach ($this->headers as [$given, $value]) {
            if (strcasecmp($given, $name) === 0) {
                $values[] = $value;
            }
        }

        return $values;
    }

    /** The value of a header that there is exactly one of, null otherwise. */
    public function single(string $name): ?string
    {
        $values = $this->values($name);

        return count($values) === 1 ? trim($values[0], " \t") : null;
    }
}
