<?php

declare(strict_types=1);

namespace Zijspan\Shim\Http;

final class TransportFailure extends \RuntimeException
{
    public const CONNECT = 'connect';
    public const TIMEOUT = 'timeout';
    public const TLS = 'tls';
    public const TOO_LARGE = 'too_large';
    public const BROKEN = 'broken';

    public function __construct(public readonly string $reason)
    {
        parent::__construct('No complete answer from the sidecar: ' . $reason);
    }
}
