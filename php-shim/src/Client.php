<?php

declare(strict_types=1);

namespace Zijspan\Shim;

use Zijspan\Shim\Http\BodySink;
use Zijspan\Shim\Http\Limits;
use Zijspan\Shim\Http\Transport;
use Zijspan\Shim\Http\TransportFailure;
use Zijspan\Shim\Http\WireRequest;
use Zijspan\Shim\Http\WireResponse;
use Zijspan\Shim\Signature\Rejected;
use Zijspan\Shim\Signature\RequestSigner;
use Zijspan\Shim\Signature\ResponseVerifier;
use Zijspan\Shim\Signature\SignedRequest;

/**
 * Calls the sidecar. It throws nothing that a page would have to catch: every end of a call is an Outcome.
 */
final class Client
{
    private const JSON = '#^application/json(?:; *charset=utf-8)?$#iD';
    private const PROBLEM = '#^application/problem\+json(?:; *charset=utf-8)?$#iD';

    private readonly RequestSigner $signer;
    private readonly ResponseVerifier $verifier;

    public function __construct(
        private readonly Endpoint $endpoint,
        Key $requestKey,
        Key $responseKey,
        private readonly Transport $transport,
        private readonly Limits $limits = new Limits(),
        ?RequestSigner $signer = null
    ) {
        $this->signer = $signer ?? new RequestSigner($requestKey);
        $this->verifier = new ResponseVerifier($responseKey);
    }

    public function get(string $path, #[\SensitiveParameter] ?string $token = null): Outcome
    {
        return $this->call('GET', $path, null, null, $token);
    }

    /** @param array<string, mixed> $data */
    public function post(string $path, array $data, #[\SensitiveParameter] ?string $token = null): Outcome
    {
        return $this->json('POST', $path, $data, $token);
    }

    /** @param array<string, mixed> $data */
    public function json(
        string $method,
        string $path,
        array $data,
        #[\SensitiveParameter] ?string $token = null,
        ?Limits $limits = null
    ): Outcome {
        return $this->call($method, $path, self::encode($data), 'application/json', $token, $limits);
    }

    /** @param array<string, string> $fields */
    public function form(
        string $path,
        #[\SensitiveParameter] array $fields,
        #[\SensitiveParameter] ?string $token = null
    ): Outcome {
        $body = http_build_query($fields, '', '&', PHP_QUERY_RFC1738);

        return $this->call('POST', $path, $body, 'application/x-www-form-urlencoded', $token);
    }

    /** @param string|null $body the exact bytes to send; null is no body */
    public function call(
        string $method,
        string $path,
        #[\SensitiveParameter] ?string $body,
        ?string $contentType,
        #[\SensitiveParameter] ?string $token = null,
        ?Limits $limits = null
    ): Outcome {
        try {
            [$signed, $request] = $this->prepare($method, $path, $body, $contentType, $token);
            $response = $this->transport->send($request, $limits ?? $this->limits);
        } catch (TransportFailure $failure) {
            return new Unreachable($failure->reason);
        }

        return $this->judge($signed, $response);
    }

    /**
     * Fetches a document for sites whose sidecar has no public address: a 200 goes to $download as it arrives, any
     * other answer must be signed as always.
     *
     * @param array<string, mixed> $data
     */
    public function download(
        string $path,
        array $data,
        #[\SensitiveParameter] ?string $token,
        Download $download
    ): Outcome {
        [$signed, $request] = $this->prepare('POST', $path, self::encode($data), 'application/json', $token);
        $sink = new class ($download) implements BodySink {
            public bool $streaming = false;

            public function __construct(private readonly Download $download)
            {
            }

            public function begin(WireResponse $head): bool
            {
                $this->streaming = $head->status === 200;
                if ($this->streaming) {
                    $length = $head->single('content-length');
                    $this->download->start(
                        $head->single('content-type') ?? 'application/octet-stream',
                        $head->single('content-disposition'),
                        $length !== null && preg_match('/^[0-9]{1,15}$/D', $length) === 1 ? (int) $length : null
                    );
                }

                return $this->streaming;
            }

            public function write(string $bytes): bool
            {
                return $this->download->write($bytes);
            }
        };
        try {
            $response = $this->transport->send($request, $this->limits, $sink);
        } catch (TransportFailure $failure) {
            return $sink->streaming ? new Streamed(false) : new Unreachable($failure->reason);
        }

        return $sink->streaming ? new Streamed(true) : $this->judge($signed, $response);
    }

    /** @return array{0: SignedRequest, 1: WireRequest} */
    private function prepare(
        string $method,
        string $path,
        #[\SensitiveParameter] ?string $body,
        ?string $contentType,
        #[\SensitiveParameter] ?string $token
    ): array {
        [$plain, $query] = array_pad(explode('?', $path, 2), 2, '');
        $authority = $this->endpoint->authority;
        $signed = $this->signer->sign($method, $authority, $plain, $query, $body, $contentType, $token);
        $url = $this->endpoint->origin . $plain . ($query === '' ? '' : '?' . $query);

        return [$signed, new WireRequest($method, $url, $signed->headers, $body)];
    }

    private function judge(SignedRequest $request, WireResponse $response): Outcome
    {
        $refuse = static function (string $reason) use ($response): Refused {
            $date = strtotime($response->single('date') ?? '');

            return new Refused($reason, $response->status, $date === false ? null : $date);
        };
        try {
            if (strlen($response->body) > $this->limits->maxBodyBytes) {
                return new Unreachable(TransportFailure::TOO_LARGE);
            }
            $this->verifier->verify($request, $response);
        } catch (Rejected $rejected) {
            return $refuse(
                $rejected->reason === 'unsigned' && $response->status === 401 ? 'request_rejected' : $rejected->reason
            );
        }

        $type = $response->single('content-type') ?? '';
        $success = $response->status >= 200 && $response->status < 300;
        if (!$success && $response->status < 400) {
            return $refuse('redirect');
        }
        if (preg_match($success ? self::JSON : self::PROBLEM, $type) !== 1) {
            return $refuse('content_type');
        }
        try {
            $data = json_decode($response->body, true, 64, JSON_THROW_ON_ERROR);
        } catch (\JsonException) {
            return $refuse('json');
        }
        if (!is_array($data) || !str_starts_with(ltrim($response->body), '{')) {
            return $refuse('json');
        }

        return $success ? new Answer($response->status, $data) : new Problem($response->status, $data);
    }

    /** @param array<string, mixed> $data */
    private static function encode(array $data): string
    {
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE;

        return $data === [] ? '{}' : json_encode($data, $flags);
    }
}
