<?php

declare(strict_types=1);

namespace Zijspan\Shim\Signature;

use Zijspan\Shim\Http\WireResponse;
use Zijspan\Shim\Key;

/**
 * Says whether an answer is the sidecar's answer to this very request.
 */
final class ResponseVerifier
{
    public const TAG = 'zijspan-response-v1';

    public function __construct(private readonly Key $key)
    {
    }

    /** @throws Rejected when the answer proves nothing */
    public function verify(SignedRequest $request, WireResponse $response): void
    {
        $input = $this->ownSignature($response, $label);
        $signature = StructuredFields::signatures($this->single($response, 'signature'))[$label] ?? '';
        if (strlen($signature) !== 32) {
            throw new Rejected('signature_length');
        }
        $this->checkParameters($input, $request->nonce);

        $values = [
            '"@status"' => (string) $response->status,
            '"content-type"' => $this->single($response, 'content-type'),
            '"content-digest"' => $this->single($response, 'content-digest'),
        ];
        foreach ($request->values as $component => $value) {
            $values[$component . ';req'] = $value;
        }
        if ($input->components !== array_keys($values)) {
            throw new Rejected('components');
        }
        if (!hash_equals($this->key->mac($input->base($values)), $signature)) {
            throw new Rejected('mac');
        }
        if ($response->values('content-encoding') !== []) {
            throw new Rejected('content_encoding');
        }
        if (!ContentDigest::holds($values['"content-digest"'], $response->body)) {
            throw new Rejected('content_digest');
        }
    }

    private function ownSignature(WireResponse $response, ?string &$label): SignatureInput
    {
        $own = [];
        foreach (StructuredFields::signatureInputs($this->single($response, 'signature-input')) as $name => $input) {
            if (($input->parameters['tag'] ?? null) === self::TAG) {
                $own[$name] = $input;
            }
        }
        if (count($own) !== 1) {
            throw new Rejected('tag');
        }
        $label = (string) array_key_first($own);

        return $own[$label];
    }

    private function checkParameters(SignatureInput $input, string $nonce): void
    {
        $parameters = $input->parameters;
        $names = array_keys(array_diff_key($parameters, ['alg' => true]));
        sort($names);
        if ($names !== ['created', 'keyid', 'nonce', 'tag']) {
            throw new Rejected('parameters');
        }
        if (!is_int($parameters['created']) || $parameters['created'] < 0) {
            throw new Rejected('created');
        }
        if (isset($parameters['alg']) && $parameters['alg'] !== 'hmac-sha256') {
            throw new Rejected('alg');
        }
        if ($parameters['keyid'] !== $this->key->id) {
            throw new Rejected('keyid');
        }
        if (!is_string($parameters['nonce']) || !hash_equals($nonce, $parameters['nonce'])) {
            throw new Rejected('nonce');
        }
    }

    private function single(WireResponse $response, string $name): string
    {
        $values = $response->values($name);
        if ($values === []) {
            throw new Rejected(str_starts_with($name, 'signature') ? 'unsigned' : 'header_missing');
        }
        if (count($values) !== 1) {
            throw new Rejected('header_twice');
        }
        $value = trim($values[0], " \t");
        if (preg_match('/[^\x20-\x7E]/', $value) === 1) {
            throw new Rejected('header_syntax');
        }

        return $value;
    }
}
