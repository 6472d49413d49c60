<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Output;

/**
 * What keeps an address that can show personal data out of every cache: of the browser, of WordPress plugins, of web
 * servers, of networks in front. They are sent in every state, because the page that asks to log in must not be kept
 * for somebody who is logged in, and the other way round.
 */
final class PersonalHeaders
{
    /** @return list<array{0: string, 1: string}> */
    public static function all(): array
    {
        return [
            ['Cache-Control', 'private, no-store, no-cache, must-revalidate, max-age=0'],
            ['Expires', 'Wed, 11 Jan 1984 05:00:00 GMT'],
            ['Pragma', 'no-cache'],
            ['Vary', 'Cookie'],
            ['Surrogate-Control', 'no-store'],
            ['CDN-Cache-Control', 'no-store'],
            ['Cloudflare-CDN-Cache-Control', 'no-store'],
            ['X-LiteSpeed-Cache-Control', 'no-cache'],
            ['X-Accel-Expires', '0'],
            ['Referrer-Policy', 'same-origin'],
            ['X-Robots-Tag', 'noindex, noarchive'],
        ];
    }

    /** Tells caching plugins, which do not look at headers. */
    public static function tellPlugins(): void
    {
        if (!defined('DONOTCACHEPAGE')) {
            define('DONOTCACHEPAGE', true);
        }
        do_action('litespeed_control_set_nocache', 'owc-zijspan');
        add_filter('wp_robots', [self::class, 'robots']);
        add_filter('wp_speculation_rules_configuration', '__return_null');
    }

    /**
     * @param array<string, bool|string> $robots
     * @return array<string, bool|string>
     */
    public static function robots(array $robots): array
    {
        unset($robots['max-image-preview']);

        return array_merge($robots, ['noindex' => true, 'noarchive' => true]);
    }

    /** False when it is too late: then nothing personal may be shown. */
    public static function send(Output $output): bool
    {
        if (!$output->canSendHeaders()) {
            return false;
        }
        $output->headers(self::all());
        self::tellPlugins();

        return true;
    }
}
