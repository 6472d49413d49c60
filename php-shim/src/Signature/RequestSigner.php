<?php

declare(strict_types=1);

namespace Zijspan\Shim\Signature;

use Zijspan\Shim\Key;

/**
 * Signs requests as docs/signing.md says. The profile is closed: nothing here can be left out or chosen.
 */
final class RequestSigner
{
    public const TAG = 'zijspan-request-v1';
    public const LIFETIME = 60;
    private const LABEL = 'zijspan';

    /** @var \Closure(): int */
    private readonly \Closure $clock;
    /** @var \Closure(): string */
    private readonly \Closure $nonces;

    /**
     * @param (\Closure(): int)|null $clock seconds since 1970
     * @param (\Closure(): string)|null $nonces 22 characters of base64url
     */
    public function __construct(private readonly Key $key, ?\Closure $clock = null, ?\Closure $nonces = null)
    {
        $this->clock = $clock ?? static fn (): int => time();
        $this->nonces = $nonces ?? static fn (): string
            => rtrim(strtr(base64_encode(random_bytes(16)), '+/', '-_'), '=');
    }

    /**
     * @param string $query as sent, with or without its "?"; empty when there is none
     * @param string|null $body the exact bytes that are sent; null is no body
     * @param string|null $token the session token
     */
    public function sign(
        string $method,
        string $authority,
        string $path,
        string $query = '',
        ?string $body = null,
        ?string $contentType = null,
        #[\SensitiveParameter] ?string $token = null
    ): SignedRequest {
        $headers = ['Accept' => 'application/json', 'Content-Digest' => ContentDigest::of($body ?? '')];
        $values = [
            '"@method"' => $method,
            '"@authority"' => strtolower($authority),
            '"@path"' => $path,
            '"@query"' => '?' . ltrim($query, '?'),
            '"content-digest"' => $headers['Content-Digest'],
        ];
        if ($token !== null) {
            $headers['Authorization'] = 'Bearer ' . $token;
            $values['"authorization"'] = $headers['Authorization'];
        }
        if ($body !== null) {
            $headers['Content-Type'] = $contentType ?? 'application/json';
            $values['"content-type"'] = $headers['Content-Type'];
        }
        foreach ($values as $value) {
            if (preg_match('/[^\x20-\x7E]/', $value) === 1) {
                throw new \InvalidArgumentException('A signed value holds characters that a header cannot carry.');
            }
        }
        $created = ($this->clock)();
        $nonce = ($this->nonces)();
        $input = new SignatureInput(array_keys($values), [
            'created' => $created,
            'expires' => $created + self::LIFETIME,
            'nonce' => $nonce,
            'keyid' => $this->key->id,
            'tag' => self::TAG,
        ]);
        $base = $input->base($values);
        $mac = $this->key->mac($base);
        $headers['Signature-Input'] = self::LABEL . '=' . $input->serialized();
        $headers['Signature'] = self::LABEL . '=:' . base64_encode($mac) . ':';

        return new SignedRequest($headers, $values, $nonce, $base, $mac);
    }
}
