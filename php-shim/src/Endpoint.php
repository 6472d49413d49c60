<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * Where the sidecar's api is: scheme, host and port, nothing else.
 */
final class Endpoint
{
    private function __construct(public readonly string $origin, public readonly string $authority)
    {
    }

    public static function fromUrl(string $url): self
    {
        $parts = parse_url($url);
        $scheme = strtolower($parts['scheme'] ?? '');
        $host = strtolower($parts['host'] ?? '');
        $known = $parts === false ? [] : array_diff_key($parts, ['scheme' => 1, 'host' => 1, 'port' => 1]);
        if ($known === ['path' => '/']) {
            $known = [];
        }
        if (!in_array($scheme, ['http', 'https'], true) || $host === '' || $known !== []) {
            throw new ConfigurationError('url', 'The address must be like https://zijspan.example.nl, without a path.');
        }
        if (preg_match('/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/D', $host) !== 1) {
            throw new ConfigurationError('url', 'The address holds a host name that cannot be.');
        }
        if ($scheme === 'http' && !self::isLoopback($host)) {
            throw new ConfigurationError('url', 'http: is for this machine only (localhost); elsewhere use https:.');
        }
        $port = $parts['port'] ?? null;
        $default = $scheme === 'https' ? 443 : 80;
        $authority = $port === null || $port === $default ? $host : $host . ':' . $port;

        return new self($scheme . '://' . $authority, $authority);
    }

    public static function isLoopback(string $host): bool
    {
        if ($host === 'localhost' || $host === '[::1]') {
            return true;
        }

        return filter_var($host, FILTER_VALIDATE_IP, FILTER_FLAG_IPV4) !== false && str_starts_with($host, '127.');
    }
}
