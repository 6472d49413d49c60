<?php

declare(strict_types=1);

namespace OWC\Zijspan\Sidecar;

defined('ABSPATH') || exit;

/**
 * What GET /v1/status says about the sources. The settings page, Site Health and WP-CLI read it here.
 */
final class StatusReport
{
    public const OK = 'ok';
    public const FAILING = 'failing';
    public const UNKNOWN = 'unknown';
    public const SKIPPED = 'skipped';
    public const OFF = 'off';

    /**
     * @param list<SourceReport> $sources
     * @param array<string, bool> $modules
     * @param array<string, int> $cache
     */
    private function __construct(
        public readonly array $sources,
        public readonly array $modules,
        public readonly array $cache,
        public readonly \DateTimeImmutable $time
    ) {
    }

    /** @param array<mixed> $wire */
    public static function fromWire(array $wire): self
    {
        $sources = is_array($wire['sources'] ?? null) ? $wire['sources'] : [];
        $modules = is_array($wire['modules'] ?? null) ? $wire['modules'] : [];
        $cache = is_array($wire['cache'] ?? null) ? $wire['cache'] : [];

        return new self(
            array_map(SourceReport::fromWire(...), array_values(array_filter($sources, 'is_array'))),
            array_filter($modules, 'is_bool'),
            array_filter($cache, 'is_int'),
            // Lengths are told by the sidecar's own clock.
            self::moment($wire['time'] ?? null) ?? new \DateTimeImmutable('now')
        );
    }

    /**
     * The sources that fail or are skipped, and gave no good answer for longer than this.
     *
     * @return list<SourceReport>
     */
    public function badForLongerThan(int $seconds): array
    {
        return array_values(array_filter($this->sources, function (SourceReport $source) use ($seconds): bool {
            $since = $source->silentSince();

            return $source->isBad() && ($since === null || $this->secondsAgo($since) > $seconds);
        }));
    }

    public function secondsAgo(\DateTimeImmutable $moment): int
    {
        return max(0, $this->time->getTimestamp() - $moment->getTimestamp());
    }

    /** A word that is not known here is "unknown", never "ok". */
    public static function state(mixed $state): string
    {
        $known = [self::OK, self::FAILING, self::SKIPPED, self::OFF];

        return in_array($state, $known, true) ? $state : self::UNKNOWN;
    }

    public static function moment(mixed $text): ?\DateTimeImmutable
    {
        if (!is_string($text) || preg_match('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/D', $text) !== 1) {
            return null;
        }
        try {
            return new \DateTimeImmutable($text);
        } catch (\Exception) {
            return null;
        }
    }
}
