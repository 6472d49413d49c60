<?php

declare(strict_types=1);

namespace OWC\Zijspan\Sidecar;

defined('ABSPATH') || exit;

/**
 * How one API of a source does. Every value may be absent: what was never asked has no moments.
 */
final class ComponentReport
{
    private function __construct(
        public readonly string $name,
        public readonly string $state,
        public readonly ?\DateTimeImmutable $since,
        public readonly ?\DateTimeImmutable $lastOk,
        public readonly ?\DateTimeImmutable $lastFailure,
        public readonly ?string $reason,
        public readonly ?int $medianMs,
        public readonly ?int $p95Ms,
        public readonly int $calls,
        public readonly int $failures,
        public readonly int $inFlight,
        public readonly int $waiting
    ) {
    }

    /** @param array<mixed> $wire one entry of "components" */
    public static function fromWire(array $wire): self
    {
        $count = static fn (string $name): int => is_int($wire[$name] ?? null) ? max(0, $wire[$name]) : 0;
        $ms = static fn (string $name): ?int => is_numeric($wire[$name] ?? null) ? (int) round((float) $wire[$name]) : null;
        $failure = is_array($wire['last_failure'] ?? null) ? $wire['last_failure'] : [];

        return new self(
            is_string($wire['component'] ?? null) ? $wire['component'] : '?',
            StatusReport::state($wire['state'] ?? null),
            StatusReport::moment($wire['since'] ?? null),
            StatusReport::moment($wire['last_ok'] ?? null),
            StatusReport::moment($failure['at'] ?? null),
            is_string($failure['reason'] ?? null) ? $failure['reason'] : null,
            $ms('median_ms'),
            $ms('p95_ms'),
            $count('calls'),
            $count('failures'),
            $count('in_flight'),
            $count('waiting')
        );
    }

    /** Does it give nothing now, or is it not asked because it gave nothing? */
    public function isBad(): bool
    {
        return $this->state === StatusReport::FAILING || $this->state === StatusReport::SKIPPED;
    }
}
