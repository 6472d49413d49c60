<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use DateTimeImmutable;
use OWC\Zijspan\Session\Csrf;
use OWC\Zijspan\Session\Routes;

/**
 * What a block needs to know about the page it stands on, apart from its results. Addresses are not escaped.
 */
final class PageContext
{
    /** @param list<FoundBlock> $blocks all blocks of the page */
    public function __construct(
        public readonly SessionInfo $session,
        public readonly PageRequest $request,
        private readonly DateTimeImmutable $now,
        private readonly string $instance,
        #[\SensitiveParameter] private readonly ?string $token = null,
        private readonly bool $sample = false,
        private readonly array $blocks = []
    ) {
    }

    /** Is this an editor's preview with sample data? Links then lead nowhere. */
    public function isSample(): bool
    {
        return $this->sample;
    }

    /**
     * The attributes of a block that stands on the same page, or null.
     *
     * @return array<string, mixed>|null
     */
    public function attributesOf(string $name): ?array
    {
        foreach ($this->blocks as $found) {
            if ($found->block->name() === $name) {
                return $found->attributes;
            }
        }

        return null;
    }

    /** Is there a block of another kind on the same page? */
    public function hasOtherThan(string $name): bool
    {
        foreach ($this->blocks as $found) {
            if ($found->block->name() !== $name) {
                return true;
            }
        }

        return false;
    }

    /** The moment of this request, in the site's time zone. */
    public function now(): DateTimeImmutable
    {
        return $this->now;
    }

    /** An id for an HTML element, unique on the page. */
    public function id(string $name): string
    {
        return $this->instance . '-' . $name;
    }

    /** The address of this page without its query, site-relative. */
    public function pageUrl(): string
    {
        return $this->sample ? '#' : $this->request->path;
    }

    /**
     * An address on this page.
     *
     * @param array<string, string|int|null> $query null and empty values are left out
     */
    public function urlWith(array $query): string
    {
        return $this->sample ? '#' : self::withQuery($this->request->path, $query);
    }

    /**
     * An address on another page of this site, site-relative; on this page when that one is not there or not published.
     *
     * @param array<string, string|int|null> $query
     */
    public function urlOn(int $pageId, array $query = []): string
    {
        if ($this->sample) {
            return '#';
        }
        $link = $pageId > 0 && get_post_status($pageId) === 'publish' ? get_permalink($pageId) : false;
        if (!is_string($link)) {
            return $this->urlWith($query);
        }

        return add_query_arg(self::encoded($query), wp_make_link_relative($link));
    }

    /** The same page again, for "opnieuw proberen" and late parts. */
    public function retryUrl(): string
    {
        return $this->sample ? '#' : $this->request->path . $this->request->rawQuery;
    }

    /**
     * A link (GET) that begins a login. $returnTo is a site-relative path; this page when null. $level is the lowest
     * level of assurance that will do, for who has to log in anew.
     */
    public function loginUrl(string $idp = 'digid', ?string $returnTo = null, ?string $level = null): string
    {
        return $this->sample ? '#' : Routes::login($idp, $returnTo ?? $this->retryUrl(), $level);
    }

    /** A link (GET) to a document; give it the class "no-prefetch no-prerender". */
    public function documentUrl(string $handle): string
    {
        return $this->sample ? '#' : Routes::document($handle, $this->retryUrl());
    }

    /**
     * The address of every form (method post). Its hidden fields come from formFields().
     */
    public function formAction(): string
    {
        return $this->sample ? '#' : Routes::form();
    }

    /**
     * Hidden fields of a form: name to value. Logout is ("session", "", "logout"), extension ("session", "", "extend").
     *
     * @return array<string, string>
     */
    public function formFields(string $kind, string $handle, string $action): array
    {
        return [
            'zijspan_kind' => $kind,
            'zijspan_handle' => $handle,
            'zijspan_action' => $action,
            'zijspan_csrf' => $this->csrf($kind, $handle, $action),
            'zijspan_return' => $this->retryUrl(),
        ];
    }

    public function csrf(string $kind, string $handle, string $action): string
    {
        return $this->token === null ? '' : Csrf::token($this->token, $kind, $handle, $action);
    }

    /** The support code of a login that just failed ("" when there is none), null when no login failed. */
    public function loginFailure(): ?string
    {
        if ($this->request->query('zijspan_login') !== 'failed') {
            return null;
        }
        $code = $this->request->query('zijspan_code', 16) ?? '';

        return preg_match('/^[A-Za-z0-9-]{1,16}$/D', $code) === 1 ? $code : '';
    }

    /** @param array<string, string|int|null> $query */
    private static function withQuery(string $path, array $query): string
    {
        $encoded = self::encoded($query);

        return $encoded === [] ? $path : add_query_arg($encoded, $path);
    }

    /**
     * @param array<string, string|int|null> $query
     * @return array<string, string>
     */
    private static function encoded(array $query): array
    {
        $kept = array_filter($query, static fn ($value): bool => $value !== null && $value !== '');

        return array_map(static fn ($value): string => rawurlencode((string) $value), $kept);
    }
}
