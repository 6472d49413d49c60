<?php

declare(strict_types=1);

namespace Zijspan\Shim\Tests;

use Zijspan\Shim\Http\BodySink;
use Zijspan\Shim\Http\Limits;
use Zijspan\Shim\Http\Transport;
use Zijspan\Shim\Http\TransportFailure;
use Zijspan\Shim\Http\WireRequest;
use Zijspan\Shim\Http\WireResponse;
use Zijspan\Shim\Key;

/**
 * A sidecar in the same process. Its signature base is written out here once more, by hand, so that the shim is not
 * checked with its own code.
 */
final class FakeSidecar implements Transport
{
    /** @var list<array{method: string, path: string, data: array<mixed>, token: ?string, request: WireRequest}> */
    public array $calls = [];
    public ?string $fails = null;
    public bool $signs = true;
    /** @var (\Closure(WireResponse): WireResponse)|null changes the answer on its way back */
    public ?\Closure $meddler = null;

    /** @param \Closure(string, string, array<mixed>, ?string): array{0: int, 1: array<mixed>|string} $answer */
    public function __construct(
        private readonly Key $requestKey,
        private readonly Key $responseKey,
        public \Closure $answer
    ) {
    }

    public function send(WireRequest $request, Limits $limits, ?BodySink $sink = null): WireResponse
    {
        $lines = $this->verifiedLines($request);
        $token = isset($request->headers['Authorization']) ? substr($request->headers['Authorization'], 7) : null;
        $path = (string) parse_url($request->url, PHP_URL_PATH);
        $this->calls[] = [
            'method' => $request->method,
            'path' => $path,
            'data' => $this->decoded($request),
            'token' => $token,
            'request' => $request,
        ];
        if ($this->fails !== null) {
            throw new TransportFailure($this->fails);
        }
        [$status, $data] = ($this->answer)($request->method, $path, $this->decoded($request), $token);
        if (is_string($data)) {
            $head = new WireResponse($status, [['Content-Type', 'application/pdf']], '');
            if ($sink !== null && $sink->begin($head)) {
                $sink->write($data);
            }

            return $head;
        }
        $body = $data === [] ? '{}' : json_encode($data, JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES);
        $response = $this->signed($status, $body, $lines, $this->nonce($request));
        if ($this->meddler !== null) {
            $response = ($this->meddler)($response);
        }
        if ($sink !== null) {
            $sink->begin(new WireResponse($response->status, $response->headers, ''));
        }

        return $response;
    }

    /** @return list<string> */
    public function paths(): array
    {
        return array_map(static fn (array $call): string => $call['method'] . ' ' . $call['path'], $this->calls);
    }

    /** @return array<string, string> covered lines of the request, by identifier */
    private function verifiedLines(WireRequest $request): array
    {
        $headers = $request->headers;
        $parts = parse_url($request->url);
        $lines = [
            '"@method"' => $request->method,
            '"@authority"' => $parts['host'] . (isset($parts['port']) ? ':' . $parts['port'] : ''),
            '"@path"' => $parts['path'],
            '"@query"' => '?' . ($parts['query'] ?? ''),
            '"content-digest"' => $headers['Content-Digest'],
        ];
        if (isset($headers['Authorization'])) {
            $lines['"authorization"'] = $headers['Authorization'];
        }
        if ($request->body !== null) {
            $lines['"content-type"'] = $headers['Content-Type'];
        }
        $digest = 'sha-256=:' . base64_encode(hash('sha256', $request->body ?? '', true)) . ':';
        preg_match('/^zijspan=(\(.*\);created=[0-9]+;.*)$/D', $headers['Signature-Input'], $input);
        $base = '';
        foreach ($lines as $name => $value) {
            $base .= $name . ': ' . $value . "\n";
        }
        $base .= '"@signature-params": ' . ($input[1] ?? '');
        $signature = 'zijspan=:' . base64_encode($this->requestKey->mac($base)) . ':';
        if ($headers['Content-Digest'] !== $digest || $headers['Signature'] !== $signature) {
            throw new \RuntimeException('The shim sent a request whose signature does not hold.');
        }

        return $lines;
    }

    /** @param array<string, string> $lines */
    private function signed(int $status, string $body, array $lines, string $nonce): WireResponse
    {
        $type = $status < 400 ? 'application/json' : 'application/problem+json';
        $digest = 'sha-256=:' . base64_encode(hash('sha256', $body, true)) . ':';
        if (!$this->signs) {
            return new WireResponse($status, [['Content-Type', $type], ['Content-Digest', $digest]], $body);
        }
        $own = ['"@status"' => (string) $status, '"content-type"' => $type, '"content-digest"' => $digest];
        foreach ($lines as $name => $value) {
            $own[$name . ';req'] = $value;
        }
        $parameters = '(' . implode(' ', array_keys($own)) . ');created=' . time() . ';nonce="' . $nonce
            . '";keyid="' . $this->responseKey->id . '";tag="zijspan-response-v1"';
        $base = '';
        foreach ($own as $name => $value) {
            $base .= $name . ': ' . $value . "\n";
        }
        $mac = base64_encode($this->responseKey->mac($base . '"@signature-params": ' . $parameters));

        return new WireResponse($status, [
            ['Date', gmdate('D, d M Y H:i:s') . ' GMT'],
            ['Content-Type', $type],
            ['Content-Digest', $digest],
            ['Signature-Input', 'zijspan=' . $parameters],
            ['Signature', 'zijspan=:' . $mac . ':'],
        ], $body);
    }

    private function nonce(WireRequest $request): string
    {
        preg_match('/;nonce="([^"]*)"/', $request->headers['Signature-Input'], $match);

        return $match[1];
    }

    /** @return array<mixed> */
    private function decoded(WireRequest $request): array
    {
        if ($request->body === null) {
            return [];
        }
        if ($request->headers['Content-Type'] === 'application/x-www-form-urlencoded') {
            parse_str($request->body, $data);

            return $data;
        }

        return json_decode($request->body, true, 64, JSON_THROW_ON_ERROR);
    }
}
