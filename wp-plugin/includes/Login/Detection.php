<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

/**
 * Which login plugins this site has, and what follows from that. A resident logs in once: where a plugin logs in for
 * forms already, its token is traded ("exchange"), and only where it has none is its word believed ("asserted").
 */
final class Detection
{
    public const RP = 'rp';

    /** @var list<string>|null for tests */
    private static ?array $files = null;

    public function __construct(private readonly Logins $logins)
    {
    }

    /**
     * @return list<array{title: string, mode: string, by: string, text: string}> what was found, the best first; "by"
     *     is what to choose in the setting
     */
    public function found(): array
    {
        $found = [];
        foreach ($this->logins->all() as $plugin) {
            if ($plugin->mode() === 'exchange' && $plugin->isPresent()) {
                $found[] = [
                    'title' => $plugin->title(),
                    'mode' => 'exchange',
                    'by' => $plugin->id(),
                    'text' => __('It logs in with OpenID Connect and has a token that Zijspan can prove. The bridge to it is built in.', 'owc-zijspan'),
                ];
            }
        }
        $file = self::plugin('/anoigo/');
        if ($file !== null) {
            $found[] = [
                'title' => $file,
                'mode' => 'asserted',
                'by' => 'facade',
                'text' => __('It logs in with OpenID Connect. Ask its maker for the action owc_zijspan_exchange (docs/inloggen.md): then its token can be proven. Until then only its word can be believed.', 'owc-zijspan'),
            ];
        }
        $file = self::plugin('/saml|gravityforms-digid/');
        if ($file !== null || function_exists('Yard\\DigiD\\Foundation\\Helpers\\resolve')) {
            $found[] = [
                'title' => $file ?? 'Yard DigiD (SAML)',
                'mode' => 'asserted',
                'by' => 'facade',
                'text' => __('It logs in with SAML and has no token that Zijspan can prove. Its word can be believed, with the risk that comes with that.', 'owc-zijspan'),
            ];
        }
        if ($found === [] && $this->logins->find('facade')?->isPresent()) {
            $found[] = [
                'title' => __('A plugin with owc/idp-userdata', 'owc-zijspan'),
                'mode' => 'asserted',
                'by' => 'facade',
                'text' => __('Forms on this site can read who is logged in, so something logs residents in already. Which plugin that is could not be seen.', 'owc-zijspan'),
            ];
        }

        return $found;
    }

    /** What is best for this site: "exchange", "asserted" or "rp". */
    public function advice(): string
    {
        return $this->found()[0]['mode'] ?? self::RP;
    }

    /**
     * The plugins with which anybody can pretend to be somebody else.
     *
     * @return list<string>
     */
    public static function spoofs(): array
    {
        return array_values(array_filter(self::active(), static fn (string $file): bool => str_contains($file, 'spoof')));
    }

    /**
     * For tests: as if these plugins were active.
     *
     * @param list<string>|null $files
     */
    public static function pretend(?array $files): void
    {
        self::$files = $files;
    }

    private static function plugin(string $pattern): ?string
    {
        foreach (self::active() as $file) {
            if (preg_match($pattern, $file) === 1) {
                return basename($file, '.php');
            }
        }

        return null;
    }

    /** @return list<string> */
    private static function active(): array
    {
        $files = self::$files
            ?? [...(array) get_option('active_plugins', []), ...array_keys((array) get_site_option('active_sitewide_plugins', []))];

        return array_values(array_filter($files, 'is_string'));
    }
}
