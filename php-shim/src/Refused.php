<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * There was an answer, and it is not proven to be the sidecar's: whatever its status says, nothing of it is used.
 */
final class Refused extends Outcome
{
    /**
     * @param string $reason "request_rejected" (an unsigned 401: the sidecar did not accept our signature),
     *     "unsigned", "mac", "keyid", "nonce", "content_digest", "content_type", "redirect", "json", …
     * @param int|null $serverTime what the answer's Date says, to explain a clock that is wrong; never to be trusted
     */
    public function __construct(
        public readonly string $reason,
        public readonly int $status,
        public readonly ?int $serverTime = null
    ) {
    }

    public function summary(): string
    {
        return 'refused ' . $this->reason . ' (status ' . $this->status . ')';
    }
}
