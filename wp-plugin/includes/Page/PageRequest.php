<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

/**
 * What the browser asked, as blocks may see it: address and query, nothing of cookies or headers.
 *
 * WordPress gives names as "year", "page", "s", "name", "p" and "m" a meaning of its own: blocks use Dutch names
 * ("jaar", "pagina", "zoek", "zaak", "soort", "vanaf").
 */
final class PageRequest
{
    /** @param array<mixed> $query */
    public function __construct(
        public readonly string $path,
        private readonly array $query = [],
        public readonly int $pageId = 0
    ) {
    }

    /** Trimmed text, or null when absent, empty, not text or longer than asked for. */
    public function query(string $name, int $maxLength = 256): ?string
    {
        $value = $this->query[$name] ?? null;
        if (!is_string($value) || !mb_check_encoding($value, 'UTF-8')) {
            return null;
        }
        $value = trim((string) preg_replace('/[\x00-\x1F\x7F]+/u', ' ', $value));

        return $value === '' || mb_strlen($value) > $maxLength ? null : $value;
    }

    public function number(string $name, int $min, int $max): ?int
    {
        $value = $this->query($name, 10);
        if ($value === null || preg_match('/^[0-9]{1,9}$/D', $value) !== 1) {
            return null;
        }
        $number = (int) $value;

        return $number >= $min && $number <= $max ? $number : null;
    }

    /** @param list<string> $allowed */
    public function choice(string $name, array $allowed): ?string
    {
        $value = $this->query($name);

        return in_array($value, $allowed, true) ? $value : null;
    }

    /** A handle or cursor: opaque text of at most 256 characters. */
    public function handle(string $name): ?string
    {
        $value = $this->query($name);

        return $value !== null && preg_match('/^[A-Za-z0-9_-]{1,256}$/D', $value) === 1 ? $value : null;
    }
}
