<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * One hmac-sha256 key. Its secret is in no dump, log or stack trace.
 */
final class Key
{
    private const MIN_BYTES = 32;

    private function __construct(public readonly string $id, private readonly \Closure $secret)
    {
    }

    public static function fromBytes(string $id, #[\SensitiveParameter] string $secret): self
    {
        if (preg_match('/^[A-Za-z0-9_.-]{1,64}$/D', $id) !== 1) {
            throw new ConfigurationError('keyid', 'The key id is empty or holds characters that a key id has not.');
        }
        if (strlen($secret) < self::MIN_BYTES) {
            throw new ConfigurationError('secret', "The secret of key '{$id}' is shorter than 32 bytes.");
        }

        return new self($id, static fn (): string => $secret);
    }

    /** From 32 bytes in padded standard base64, as `zijspan keys new` prints them. */
    public static function fromBase64(string $id, #[\SensitiveParameter] string $secret): self
    {
        $bytes = base64_decode(trim($secret), true);
        if ($bytes === false || base64_encode($bytes) !== trim($secret)) {
            throw new ConfigurationError('secret', "The secret of key '{$id}' is not base64.");
        }

        return self::fromBytes($id, $bytes);
    }

    public function mac(string $message): string
    {
        return hash_hmac('sha256', $message, ($this->secret)(), true);
    }

    /** Names the secret without giving it away, with the same 16 hexadecimal digits as the sidecar does. */
    public function fingerprint(): string
    {
        return substr(hash('sha256', "zijspan-key-fingerprint\0" . ($this->secret)()), 0, 16);
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['id' => $this->id, 'secret' => '***'];
    }

    public function __serialize(): array
    {
        throw new \LogicException('A key is not written anywhere.');
    }
}
