<?php

declare(strict_types=1);

namespace OWC\Zijspan\Documents;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\PhpOutput;
use OWC\Zijspan\Page\PersonalHeaders;
use Zijspan\Shim\Download;

/**
 * Passes a document on to the browser, some kilobytes at a time. Nothing of it runs in the site's own name.
 */
final class BrowserDownload implements Download
{
    public function start(string $contentType, ?string $disposition, ?int $length): void
    {
        while (ob_get_level() > 0) {
            ob_end_clean();
        }
        ignore_user_abort(false);
        set_time_limit(0);
        status_header(200);
        (new PhpOutput())->headers([
            ...PersonalHeaders::all(),
            ['Content-Type', self::clean($contentType) ?? 'application/octet-stream'],
            ['Content-Disposition', self::attachment($disposition)],
            ['X-Content-Type-Options', 'nosniff'],
            ['Content-Security-Policy', "default-src 'none'; sandbox"],
        ]);
        if ($length !== null) {
            header('Content-Length: ' . $length);
        }
    }

    public function write(string $bytes): bool
    {
        // phpcs:ignore Zijspan.Security.EscapedOutput -- the bytes of a document, sent as an attachment
        echo $bytes;
        flush();

        return connection_status() === CONNECTION_NORMAL;
    }

    private static function attachment(?string $disposition): string
    {
        $disposition = $disposition === null ? null : self::clean($disposition);

        return $disposition !== null && str_starts_with(strtolower($disposition), 'attachment')
            ? $disposition
            : 'attachment';
    }

    private static function clean(string $value): ?string
    {
        return preg_match('/^[\x20-\x7E]{1,1000}$/D', $value) === 1 ? $value : null;
    }
}
