<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * What came back for one part. $data is there only when the state is "ok" or "partial".
 */
final class PartResult
{
    public const OK = 'ok';
    public const PARTIAL = 'partial';
    public const LATE = 'late';
    public const UNAVAILABLE = 'unavailable';
    public const DENIED = 'denied';
    public const NOT_FOUND = 'not_found';

    private const STATES = [self::OK, self::PARTIAL, self::LATE, self::UNAVAILABLE, self::DENIED, self::NOT_FOUND];

    /**
     * @param array<string, mixed>|null $data
     * @param array{title: ?string, reason: ?string, missing: list<string>, code: ?string, required_loa: ?string}|null $problem
     * @param list<array<string, mixed>> $sources
     */
    private function __construct(
        public readonly string $state,
        public readonly ?array $data,
        public readonly ?array $problem,
        public readonly array $sources
    ) {
    }

    /**
     * From one entry of "parts" in the sidecar's answer. What does not fit is unavailable, never ok.
     *
     * @param array<mixed> $part
     */
    public static function fromWire(array $part): self
    {
        $state = $part['state'] ?? null;
        if (!is_string($state) || !in_array($state, self::STATES, true)) {
            return self::unavailable('answer');
        }
        $data = is_array($part['data'] ?? null) ? $part['data'] : null;
        $withData = $state === self::OK || $state === self::PARTIAL;
        if ($withData && $data === null) {
            return self::unavailable('answer');
        }
        $sources = is_array($part['sources'] ?? null) ? array_values(array_filter($part['sources'], 'is_array')) : [];

        return new self($state, $withData ? $data : null, self::problem($part['problem'] ?? null), $sources);
    }

    public static function unavailable(string $reason, ?string $code = null): self
    {
        return new self(self::UNAVAILABLE, null, self::problem(['reason' => $reason, 'code' => $code]), []);
    }

    /** @param array<string, mixed> $data */
    public static function ok(array $data): self
    {
        return new self(self::OK, $data, null, []);
    }

    /**
     * @param array<string, mixed> $data
     * @param list<string> $missing
     * @param list<array<string, mixed>> $sources
     */
    public static function partial(
        array $data,
        array $missing,
        ?string $code = null,
        ?string $reason = null,
        array $sources = []
    ): self {
        $problem = self::problem(['missing' => $missing, 'code' => $code, 'reason' => $reason]);

        return new self(self::PARTIAL, $data, $problem, $sources);
    }

    public static function late(): self
    {
        return new self(self::LATE, null, null, []);
    }

    public static function notFound(): self
    {
        return new self(self::NOT_FOUND, null, null, []);
    }

    public static function denied(string $reason, ?string $requiredLoa = null): self
    {
        return new self(self::DENIED, null, self::problem(['reason' => $reason, 'required_loa' => $requiredLoa]), []);
    }

    public function isOk(): bool
    {
        return $this->state === self::OK;
    }

    public function isPartial(): bool
    {
        return $this->state === self::PARTIAL;
    }

    public function hasData(): bool
    {
        return $this->data !== null;
    }

    public function isLate(): bool
    {
        return $this->state === self::LATE;
    }

    /** Is a source still being asked? What the others answered may be there already. */
    public function isFetching(): bool
    {
        return $this->isLate() || ($this->isPartial() && $this->hasSource('late'));
    }

    /** Is there a source in this state ("answered", "late", "unavailable" or "skipped")? */
    public function hasSource(string $state): bool
    {
        return in_array($state, array_column($this->sources, 'state'), true);
    }

    /** May there be more than the answer counts? */
    public function isUncounted(): bool
    {
        return in_array('zaken', $this->missing(), true) || $this->hasSource('late')
            || $this->hasSource('unavailable') || $this->hasSource('skipped');
    }

    /** A Dutch sentence fit for the page, written by the sidecar. */
    public function title(): ?string
    {
        return $this->problem['title'] ?? null;
    }

    public function reason(): ?string
    {
        return $this->problem['reason'] ?? null;
    }

    /** The support code a resident can name on the phone. */
    public function code(): ?string
    {
        return $this->problem['code'] ?? null;
    }

    /** The level of assurance that is needed, when the reason is "loa". */
    public function requiredLoa(): ?string
    {
        return $this->problem['required_loa'] ?? null;
    }

    /** @return list<string> */
    public function missing(): array
    {
        return $this->problem['missing'] ?? [];
    }

    /** @return array{title: ?string, reason: ?string, missing: list<string>, code: ?string, required_loa: ?string}|null */
    private static function problem(mixed $problem): ?array
    {
        if (!is_array($problem)) {
            return null;
        }
        $text = static fn (string $name): ?string => is_string($problem[$name] ?? null) && $problem[$name] !== ''
            ? $problem[$name]
            : null;
        $missing = is_array($problem['missing'] ?? null) ? array_filter($problem['missing'], 'is_string') : [];

        return [
            'title' => $text('title'),
            'reason' => $text('reason'),
            'missing' => array_values($missing),
            'code' => $text('code'),
            'required_loa' => $text('required_loa'),
        ];
    }
}
