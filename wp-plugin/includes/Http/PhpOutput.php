<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

final class PhpOutput implements Output
{
    public function canSendHeaders(): bool
    {
        return !headers_sent();
    }

    public function headers(array $headers): void
    {
        header_remove('Last-Modified');
        header_remove('ETag');
        foreach ($headers as [$name, $value]) {
            header($name . ': ' . $value, !in_array($name, ['Set-Cookie', 'Vary'], true));
        }
    }

    public function status(int $status): void
    {
        status_header($status);
    }
}
