<?php

declare(strict_types=1);

namespace Zijspan\Shim\Http;

/**
 * cURL without WordPress: other plugins can filter WordPress's HTTP functions. One handle lives as long as this
 * object, so that the calls of one request share a connection.
 */
final class CurlTransport implements Transport
{
    private const MAX_HEADER_BYTES = 65536;
    /** A stream may take long; a silent one may not. */
    private const STREAM_SILENCE_SECONDS = 30;

    private ?\CurlHandle $handle = null;

    public function __construct(private readonly ?string $caFile = null)
    {
    }

    public function send(WireRequest $request, Limits $limits, ?BodySink $sink = null): WireResponse
    {
        $status = 0;
        $headers = [];
        $headerBytes = 0;
        $body = '';
        $streaming = null;
        $tooLarge = false;

        $onHeader = static function (\CurlHandle $handle, string $line) use (&$headers, &$headerBytes, &$status): int {
            $headerBytes += strlen($line);
            if ($headerBytes > self::MAX_HEADER_BYTES) {
                return 0;
            }
            if (preg_match('#^HTTP/[0-9.]+ ([0-9]{3})#', $line, $match) === 1) {
                $status = (int) $match[1];
                $headers = [];
            } elseif (str_contains($line, ':')) {
                [$name, $value] = explode(':', $line, 2);
                $headers[] = [$name, trim($value, " \t\r\n")];
            }

            return strlen($line);
        };
        $onBody = static function (
            \CurlHandle $handle,
            string $bytes
        ) use (
            &$body,
            &$streaming,
            &$tooLarge,
            &$status,
            &$headers,
            $sink,
            $limits
        ): int {
            $streaming ??= $sink !== null && $sink->begin(new WireResponse($status, $headers, ''));
            if ($streaming) {
                return $sink->write($bytes) ? strlen($bytes) : 0;
            }
            if (strlen($body) + strlen($bytes) > $limits->maxBodyBytes) {
                $tooLarge = true;

                return 0;
            }
            $body .= $bytes;

            return strlen($bytes);
        };

        $handle = $this->prepare($request, $limits, $sink !== null);
        curl_setopt($handle, CURLOPT_HEADERFUNCTION, $onHeader);
        curl_setopt($handle, CURLOPT_WRITEFUNCTION, $onBody);
        $done = curl_exec($handle);
        $error = curl_errno($handle);
        if ($done === false || $error !== 0) {
            throw new TransportFailure($tooLarge ? TransportFailure::TOO_LARGE : self::reason($error));
        }
        // An empty body never reaches the write callback.
        if ($sink !== null && $streaming === null) {
            $sink->begin(new WireResponse($status, $headers, ''));
        }

        return new WireResponse($status, $headers, $body);
    }

    private function prepare(WireRequest $request, Limits $limits, bool $stream): \CurlHandle
    {
        if ($this->handle === null) {
            $this->handle = curl_init();
        } else {
            curl_reset($this->handle);
        }
        $lines = ['Expect:'];
        foreach ($request->headers as $name => $value) {
            $lines[] = $name . ': ' . $value;
        }
        $options = [
            CURLOPT_URL => $request->url,
            CURLOPT_CUSTOMREQUEST => $request->method,
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_PATH_AS_IS => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROXY => '',
            CURLOPT_NOPROXY => '*',
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_CONNECTTIMEOUT_MS => $limits->connectTimeoutMs,
        ];
        if ($this->caFile !== null) {
            $options[CURLOPT_CAINFO] = $this->caFile;
        }
        if ($stream) {
            $options[CURLOPT_LOW_SPEED_LIMIT] = 1;
            $options[CURLOPT_LOW_SPEED_TIME] = self::STREAM_SILENCE_SECONDS;
        } else {
            $options[CURLOPT_TIMEOUT_MS] = $limits->timeoutMs;
        }
        if ($request->body !== null) {
            $options[CURLOPT_POSTFIELDS] = $request->body;
        }
        if ($request->body === null || !isset($request->headers['Content-Type'])) {
            $lines[] = 'Content-Type:';
        }
        if ($request->body === null && $request->method !== 'GET') {
            $lines[] = 'Content-Length: 0';
        }
        $options[CURLOPT_HTTPHEADER] = $lines;
        curl_setopt_array($this->handle, $options);

        return $this->handle;
    }

    private static function reason(int $error): string
    {
        return match ($error) {
            CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT => TransportFailure::CONNECT,
            CURLE_OPERATION_TIMEOUTED => TransportFailure::TIMEOUT,
            CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT, CURLE_SSL_PEER_CERTIFICATE, 77, 83 => TransportFailure::TLS,
            default => TransportFailure::BROKEN,
        };
    }
}
