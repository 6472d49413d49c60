<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

/**
 * Sends a Response and ends the request; a notice is left to the theme.
 */
final class Emitter
{
    public function __construct(private readonly Output $output = new PhpOutput())
    {
    }

    public function emit(Response $response): void
    {
        if ($response->isSent) {
            exit;
        }
        if ($this->output->canSendHeaders()) {
            $this->output->headers($response->headers);
            $this->output->status($response->status);
        }
        if ($response->notice !== null) {
            (new NoticePage($response->notice, $response->status))->takeOver();

            return;
        }
        // phpcs:ignore Zijspan.Security.EscapedOutput -- JSON made by wp_json_encode in Response::json, or nothing
        echo $response->body;
        exit;
    }
}
