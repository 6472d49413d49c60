<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * The sidecar says no, signed (RFC 9457).
 */
final class Problem extends Outcome
{
    private const PREFIX = 'urn:zijspan:problem:';

    /** @param array<mixed> $details the whole document */
    public function __construct(public readonly int $status, public readonly array $details)
    {
    }

    /** "session" of urn:zijspan:problem:session; "" when it has another form. */
    public function slug(): string
    {
        $type = $this->details['type'] ?? null;

        return is_string($type) && str_starts_with($type, self::PREFIX) ? substr($type, strlen(self::PREFIX)) : '';
    }

    /** A Dutch sentence fit for a page. */
    public function title(): ?string
    {
        return $this->text('title');
    }

    /** What to name on the phone: the support code, or the first 8 characters of the trace. */
    public function code(): ?string
    {
        return $this->text('code') ?? (($trace = $this->text('trace_id')) === null ? null : substr($trace, 0, 8));
    }

    public function isSession(): bool
    {
        return $this->status === 401 && $this->slug() === 'session';
    }

    public function summary(): string
    {
        return 'problem ' . $this->status . ' ' . $this->slug();
    }

    private function text(string $name): ?string
    {
        $value = $this->details[$name] ?? null;

        return is_string($value) && $value !== '' ? $value : null;
    }
}
