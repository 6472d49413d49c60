<?php

declare(strict_types=1);

namespace OWC\Zijspan\Session;

defined('ABSPATH') || exit;

/**
 * WordPress's nonces are the same for every visitor without an account; this one belongs to one session and one form.
 */
final class Csrf
{
    public static function token(string $sessionToken, string $kind, string $handle, string $action): string
    {
        $message = implode("\0", ['zijspan-csrf-v1', $kind, $handle, $action]);

        return rtrim(strtr(base64_encode(hash_hmac('sha256', $message, $sessionToken, true)), '+/', '-_'), '=');
    }

    public static function holds(
        string $given,
        string $sessionToken,
        string $kind,
        string $handle,
        string $action
    ): bool {
        return hash_equals(self::token($sessionToken, $kind, $handle, $action), $given);
    }
}
