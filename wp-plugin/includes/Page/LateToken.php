<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

/**
 * Names one block on one page, so that it can be asked again by itself: what it is and how the editor set it up.
 * Nothing personal, and made by this site only.
 */
final class LateToken
{
    private const MAX_BYTES = 8192;

    /** @param array<string, mixed> $attributes */
    private function __construct(
        public readonly string $block,
        public readonly array $attributes,
        public readonly string $path,
        public readonly int $pageId
    ) {
    }

    /** @param array<string, mixed> $attributes */
    public static function make(string $block, array $attributes, PageRequest $request): ?string
    {
        $json = wp_json_encode([$block, (object) $attributes, $request->path, $request->pageId]);
        $text = is_string($json) ? self::encode($json) . '.' . self::mac($json) : '';

        return $text === '' || strlen($text) > self::MAX_BYTES ? null : $text;
    }

    public static function read(string $text): ?self
    {
        [$encoded, $mac] = array_pad(explode('.', $text, 2), 2, '');
        $json = base64_decode(strtr($encoded, '-_', '+/'), true);
        if (strlen($text) > self::MAX_BYTES || $json === false || !hash_equals(self::mac($json), $mac)) {
            return null;
        }
        $data = json_decode($json, true);
        if (!is_array($data) || count($data) !== 4) {
            return null;
        }

        return new self((string) $data[0], (array) $data[1], (string) $data[2], (int) $data[3]);
    }

    private static function mac(string $json): string
    {
        return self::encode(hash_hmac('sha256', "zijspan-late-v1\0" . $json, wp_salt('auth'), true));
    }

    private static function encode(string $bytes): string
    {
        return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
    }
}
