<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Address;

/**
 * What the browser asked, as blocks may see it: address and query, nothing of cookies or headers.
 *
 * WordPress gives names as "year", "page", "s", "name", "p" and "m" a meaning of its own: blocks use Dutch names
 * ("jaar", "pagina", "zoek", "zaak", "soort", "vanaf").
 */
final class PageRequest
{
    /**
     * @param array<mixed> $query
     * @param string $rawQuery the query as it stands in the address, with its "?"; "" when there is none
     */
    public function __construct(
        public readonly string $path,
        private readonly array $query = [],
        public readonly int $pageId = 0,
        public readonly string $rawQuery = ''
    ) {
    }

    /** From an address of this site. What is no path of it is its front page. */
    public static function fromUri(string $path, string $query, int $pageId = 0): self
    {
        parse_str($query, $values);
        // What logging in left behind does not go along to other addresses.
        $kept = array_filter(
            explode('&', $query),
            static fn (string $pair): bool => $pair !== '' && !str_starts_with(strtolower($pair), 'zijspan')
        );
        $raw = $kept === [] ? '' : '?' . implode('&', $kept);

        return new self(
            Address::path($path) ?? '/',
            $values,
            $pageId,
            preg_match('/^[\x21-\x7E]*$/D', $raw) === 1 && strlen($raw) <= 1000 ? $raw : ''
        );
    }

    /** The same address without its query. */
    public function withoutQuery(): self
    {
        return new self($this->path, [], $this->pageId);
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
