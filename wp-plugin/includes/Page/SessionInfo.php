<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

/**
 * The session as the sidecar answered it. Lengths are seconds from now.
 */
final class SessionInfo
{
    public function __construct(
        public readonly SessionState $state,
        public readonly ?string $loa = null,
        public readonly ?string $onBehalfOfType = null,
        public readonly ?string $onBehalfOfLabel = null,
        public readonly bool $actsForAnother = false,
        public readonly ?int $idleExpiresIn = null,
        public readonly ?int $absoluteExpiresIn = null,
        public readonly bool $mandateIsLimited = false,
        /** The way of logging in with which a higher level can be had; null: a login plugin logged in. */
        public readonly ?string $idp = null
    ) {
    }

    /** @param array<mixed> $session "session" of POST /v1/page, or the answer of GET /v1/session */
    public static function fromWire(array $session): self
    {
        $party = is_array($session['on_behalf_of'] ?? null) ? $session['on_behalf_of'] : [];
        $text = static fn (mixed $value): ?string => is_string($value) && $value !== '' ? $value : null;
        $seconds = static fn (mixed $value): ?int => is_int($value) ? max(0, $value) : null;

        return new self(
            SessionState::Active,
            $text($session['loa'] ?? null),
            $text($party['type'] ?? null),
            $text($party['label'] ?? null),
            ($session['acts_for_another'] ?? false) === true,
            $seconds($session['idle_expires_in'] ?? null),
            $seconds($session['absolute_expires_in'] ?? null),
            is_array($session['mandate'] ?? null) && ($session['mandate']['limited'] ?? false) === true,
            $text($session['idp'] ?? null)
        );
    }

    public function isActive(): bool
    {
        return $this->state === SessionState::Active;
    }

    /** Not logged in, or no longer: there are no results to show. */
    public function isAnonymous(): bool
    {
        return $this->state === SessionState::None || $this->state === SessionState::Expired;
    }

    public function isExpired(): bool
    {
        return $this->state === SessionState::Expired;
    }
}
