<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Setup\Pages;

/**
 * What the webbeheerder chose on the tab "Weergave". One small option; nothing secret, nothing personal.
 */
final class Display
{
    public const OPTION = 'owc_zijspan_display';
    public const IDPS = ['digid', 'eherkenning', 'eidas'];

    /** @return array{css: bool, login_digid: string, login_eherkenning: string, login_eidas: string, contact: string} */
    public static function all(): array
    {
        $stored = get_option(self::OPTION, []);
        $stored = is_array($stored) ? $stored : [];
        $text = static fn (string $name): string => is_string($stored[$name] ?? null) ? $stored[$name] : '';

        return [
            'css' => ($stored['css'] ?? true) !== false,
            'login_digid' => $text('login_digid'),
            'login_eherkenning' => $text('login_eherkenning'),
            'login_eidas' => $text('login_eidas'),
            'contact' => $text('contact'),
        ];
    }

    public static function loginLabel(string $idp): string
    {
        $own = self::all()['login_' . $idp] ?? '';
        if ($own !== '') {
            return $own;
        }

        return match ($idp) {
            'eherkenning' => __('Log in with eHerkenning', 'owc-zijspan'),
            'eidas' => __('Log in with a European means (eIDAS)', 'owc-zijspan'),
            default => __('Log in with DigiD', 'owc-zijspan'),
        };
    }

    /** How to reach the municipality, in its own words; null when not filled in. */
    public static function contact(): ?string
    {
        $contact = trim(self::all()['contact']);

        return $contact === '' ? null : $contact;
    }

    /** The page that the first-run action made for this ("zaken", "zaak", "inloggen"), when it is published; or 0. */
    public static function page(string $key): int
    {
        $id = (new Pages())->find($key) ?? 0;

        return self::isPublished($id) ? $id : 0;
    }

    public static function isPublished(int $pageId): bool
    {
        return $pageId > 0 && get_post_status($pageId) === 'publish';
    }
}
