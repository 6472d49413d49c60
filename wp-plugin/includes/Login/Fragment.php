<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

/**
 * The lines to copy into zijspan.toml and wp-config.php for a way of logging in. What the site knows is filled in;
 * nothing of it is a secret.
 */
final class Fragment
{
    private const LABELS = ['digid' => 'DigiD', 'eherkenning' => 'eHerkenning', 'eidas' => 'eIDAS'];

    /** For under the [[site]] of this site. */
    public static function toml(string $idp, string $mode, string $by): string
    {
        $lines = [
            '[[site.idp]]',
            'name = ' . self::text($idp),
            'label = ' . self::text(self::LABELS[$idp] ?? $idp),
            'mode = ' . self::text($mode),
            'kinds = [' . self::text($idp === 'eherkenning' ? 'onderneming' : 'burger') . ']',
        ];
        $lines = [...$lines, ...match ($mode) {
            'exchange' => self::exchange($by),
            'asserted' => [
                'min_loa = "middle"',
                'max_loa = "middle"           # ' . __('what your contract with the login service says, at most "substantial"', 'owc-zijspan'),
                '',
                '[[site.key]]                 # ' . __('for this alone; make it with: zijspan keys new', 'owc-zijspan'),
                'scopes = ["assert"]',
                '[site.key.request]',
                'keyid = "assert-1"',
                'secret_file = "secrets/assert-request"',
                '[site.key.response]',
                'keyid = "assert-response-1"',
                'secret_file = "secrets/assert-response"',
            ],
            default => [
                'issuer = "https://…"         # ' . __('of your login service', 'owc-zijspan'),
                'client_id = "…"',
                'client_secret_file = "secrets/' . $idp . '"',
                'claim_map = "…"              # "signicat", "maykin", "nlgov", "keycloak"',
                'min_loa = "middle"',
            ],
        }];

        return implode("\n", $lines) . "\n";
    }

    /** For wp-config.php; null when nothing is needed there. */
    public static function wpConfig(string $mode): ?string
    {
        return match ($mode) {
            'exchange' => "define( 'ZIJSPAN_SITE', '…' ); // " . __('the id of this site in zijspan.toml', 'owc-zijspan') . "\n",
            'asserted' => "define( 'ZIJSPAN_ASSERT_KEYID', 'assert-1' );\n"
                . "define( 'ZIJSPAN_ASSERT_SECRET_FILE', '/etc/zijspan-wp/assert' );\n"
                . "define( 'ZIJSPAN_ASSERT_RESPONSE_KEYID', 'assert-response-1' );\n"
                . "define( 'ZIJSPAN_ASSERT_RESPONSE_SECRET_FILE', '/etc/zijspan-wp/assert-response' );\n",
            default => null,
        };
    }

    /** @return list<string> */
    private static function exchange(string $by): array
    {
        $issuer = '';
        $client = '';
        if ($by === 'signicat') {
            $issuer = (string) preg_replace('#/?\.well-known/.*$#', '', self::option('owc_signicat_openid_configuration_url_settings'));
            $client = self::option('owc_signicat_openid_client_id_settings');
        } elseif ($by === 'oidcgeneric') {
            $settings = get_option('openid_connect_generic_settings', []);
            $client = is_array($settings) && is_string($settings['client_id'] ?? null) ? $settings['client_id'] : '';
        }

        return [
            'issuer = ' . self::text($issuer === '' ? 'https://…' : $issuer)
                . '   # ' . __('exactly as the tokens have it', 'owc-zijspan'),
            'client_id = ' . self::text($client === '' ? '…' : $client),
            'claim_map = ' . self::text($by === 'signicat' ? 'signicat' : '…')
                . ($by === 'signicat' ? '' : '              # "maykin", "nlgov", "keycloak", "custom"'),
            'min_loa = "middle"',
            'nonce = "absent"             # ' . __('that plugin sends none', 'owc-zijspan'),
        ];
    }

    private static function option(string $name): string
    {
        $value = get_option($name, '');

        return is_string($value) ? trim($value) : '';
    }

    /** A basic string of TOML. */
    private static function text(string $value): string
    {
        return '"' . str_replace(['\\', '"'], ['\\\\', '\\"'], (string) preg_replace('/[\x00-\x1F\x7F]/', '', $value)) . '"';
    }
}
