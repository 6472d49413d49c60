<?php

declare(strict_types=1);

namespace Zijspan\Shim\Signature;

/**
 * RFC 9530 with exactly one member, sha-256.
 */
final class ContentDigest
{
    public static function of(string $bytes): string
    {
        return 'sha-256=:' . base64_encode(hash('sha256', $bytes, true)) . ':';
    }

    public static function holds(string $header, string $bytes): bool
    {
        return hash_equals(self::of($bytes), $header);
    }
}
