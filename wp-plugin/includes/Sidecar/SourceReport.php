<?php

declare(strict_types=1);

namespace OWC\Zijspan\Sidecar;

defined('ABSPATH') || exit;

/**
 * How one source does, from what its components say.
 */
final class SourceReport
{
    /** @param list<ComponentReport> $components */
    private function __construct(
        public readonly string $name,
        public readonly string $label,
        public readonly string $state,
        public readonly ?string $offBy,
        public readonly array $components
    ) {
    }

    /** @param array<mixed> $wire one entry of "sources" */
    public static function fromWire(array $wire): self
    {
        $name = is_string($wire['name'] ?? null) ? $wire['name'] : '?';
        $components = is_array($wire['components'] ?? null) ? $wire['components'] : [];

        return new self(
            $name,
            is_string($wire['label'] ?? null) && $wire['label'] !== '' ? $wire['label'] : $name,
            StatusReport::state($wire['state'] ?? null),
            is_string($wire['off_by'] ?? null) ? $wire['off_by'] : null,
            array_map(
                ComponentReport::fromWire(...),
                array_values(array_filter($components, 'is_array'))
            )
        );
    }

    public function isOff(): bool
    {
        return $this->state === StatusReport::OFF;
    }

    /** Should somebody look at it? What was switched off on purpose needs no looking at. */
    public function isBad(): bool
    {
        return $this->state === StatusReport::FAILING || $this->state === StatusReport::SKIPPED;
    }

    /** Since when it is in its state: the first component that failed, or the last that works again. */
    public function since(): ?\DateTimeImmutable
    {
        $moments = [];
        foreach ($this->components as $component) {
            $counts = $this->isBad() ? $component->isBad() : $component->state === $this->state;
            if ($counts && $component->since !== null) {
                $moments[] = $component->since;
            }
        }
        if ($moments === [] || $this->isOff()) {
            return null;
        }

        return $this->isBad() ? min($moments) : max($moments);
    }

    /**
     * Since when something of it has given no good answer at all: a source that is tried again now and then is in its
     * state for a moment only. Null when it never gave one.
     */
    public function silentSince(): ?\DateTimeImmutable
    {
        $moments = [];
        foreach ($this->components as $component) {
            if ($component->isBad()) {
                $moments[] = $component->lastOk ?? $component->since;
            }
        }

        return $moments === [] || in_array(null, $moments, true) ? null : min($moments);
    }

    /** Of what fails, where something fails. */
    public function lastOk(): ?\DateTimeImmutable
    {
        if ($this->isBad()) {
            return $this->culprit()?->lastOk;
        }
        $moments = array_filter(array_map(
            static fn (ComponentReport $component): ?\DateTimeImmutable => $component->lastOk,
            $this->components
        ));

        return $moments === [] ? null : max($moments);
    }

    /** The component whose failure is the reason of this state: of those that are bad, the last one that failed. */
    public function culprit(): ?ComponentReport
    {
        $culprit = null;
        foreach ($this->components as $component) {
            if ($component->isBad() && ($culprit === null || $component->lastFailure > $culprit->lastFailure)) {
                $culprit = $component;
            }
        }

        return $culprit;
    }

    /**
     * The typical times of the slowest component.
     *
     * @return array{0: ?int, 1: ?int} median and 95th percentile in milliseconds
     */
    public function speed(): array
    {
        $slowest = null;
        foreach ($this->components as $component) {
            if ($component->medianMs !== null && ($slowest === null || $component->medianMs > $slowest->medianMs)) {
                $slowest = $component;
            }
        }

        return [$slowest?->medianMs, $slowest?->p95Ms];
    }
}
