<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

/**
 * Sends a Response and ends the request; a notice is left to the theme.
 */
final class Emitter
{
    public function emit(Response $response): void
    {
        if ($response->isSent) {
            exit;
        }
        if (!headers_sent()) {
            self::headers($response->headers);
            status_header($response->status);
        }
        if ($response->notice !== null) {
            (new NoticePage($response->notice, $response->status))->takeOver();

            return;
        }
        // What is not JSON has no body at all.
        // phpcs:ignore Zijspan.Security.EscapedOutput -- made by wp_json_encode in Response::json
        echo $response->body;
        exit;
    }

    /** @param list<array{0: string, 1: string}> $headers */
    public static function headers(array $headers): void
    {
        header_remove('Last-Modified');
        header_remove('ETag');
        foreach ($headers as [$name, $value]) {
            header($name . ': ' . $value, !in_array($name, ['Set-Cookie', 'Vary'], true));
        }
    }
}
