<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

use OWC\Zijspan\Sidecar\Settings;

/**
 * Where somebody could be taken for somebody else, and where a login cannot work as it is set. Shown on the settings
 * page, in Site Health and by "wp zijspan doctor".
 */
final class Risks
{
    public const CRITICAL = 'critical';
    public const RECOMMENDED = 'recommended';

    public function __construct(private readonly Settings $settings, private readonly Logins $logins)
    {
    }

    /** @return list<array{name: string, level: string, text: string}> the worst first */
    public function all(): array
    {
        $risks = [...$this->forgery(), ...$this->faults(), ...$this->unused()];
        usort($risks, static fn (array $one, array $other): int => strcmp($one['level'], $other['level']));

        return $risks;
    }

    /** @return list<array{name: string, level: string, text: string}> */
    private function forgery(): array
    {
        $risks = [];
        $asserted = $this->byMode('asserted');
        $spoofs = Detection::spoofs();
        if ($spoofs !== [] && (wp_get_environment_type() === 'production' || $asserted !== [])) {
            $risks[] = self::risk('spoof', self::CRITICAL, sprintf(
                /* translators: %s: names of plugins */
                __('With the plugin %s anybody can pretend to be somebody else. Switch it off on a live site.', 'owc-zijspan'),
                implode(', ', $spoofs)
            ));
        }
        if ($asserted !== [] && $this->settings->hasAssertKey()) {
            $risks[] = self::risk('asserted', self::RECOMMENDED, sprintf(
                /* translators: %s: names such as "DigiD, eHerkenning" */
                __('For %s Zijspan believes what WordPress says about who is logged in. Every plugin on this site can then claim to be any resident. Keep the number of plugins small, and choose a login with a token as soon as you can.', 'owc-zijspan'),
                implode(', ', $asserted)
            ));
        }
        if ($this->logins->settings()->feeds()) {
            $risks[] = self::risk('feed', self::RECOMMENDED, __('Every plugin on this site can read the BSN or KvK number of who is logged in, because that is passed on to forms. Without it no number ever comes to WordPress.', 'owc-zijspan'));
        }
        if ($this->isChosen('oidcgeneric')) {
            $risks[] = self::risk('stored', self::RECOMMENDED, __('OpenID Connect Generic Client keeps the last token of every user in the database, and with it possibly a BSN. Ask its maker how to switch that off.', 'owc-zijspan'));
        }

        return $risks;
    }

    /** @return list<array{name: string, level: string, text: string}> */
    private function faults(): array
    {
        $risks = [];
        foreach ($this->logins->chosen() as $idp => $plugin) {
            $name = self::label($idp);
            $missing = match (true) {
                /* translators: 1: name such as "DigiD", 2: name of a plugin */
                !$plugin->isPresent() => sprintf(__('%1$s: the chosen plugin (%2$s) is not active. Nobody can log in with it.', 'owc-zijspan'), $name, $plugin->title()),
                $plugin->mode() === 'asserted' && !$this->settings->hasAssertKey() => sprintf(
                    /* translators: 1: name such as "DigiD", 2: name of a constant */
                    __('%1$s: %2$s is not set. Nobody can log in with it.', 'owc-zijspan'),
                    $name,
                    'ZIJSPAN_ASSERT_KEYID'
                ),
                $plugin->mode() === 'exchange' && $this->settings->site() === null => sprintf(
                    /* translators: 1: name such as "DigiD", 2: name of a constant */
                    __('%1$s: %2$s is not set. Nobody can log in with it.', 'owc-zijspan'),
                    $name,
                    'ZIJSPAN_SITE'
                ),
                $plugin->id() === 'facade' && $this->logins->settings()->loginUrl($idp, '/') === null => sprintf(
                    /* translators: %s: name such as "DigiD" */
                    __('%s: fill in the address where one logs in. Without it the button leads nowhere.', 'owc-zijspan'),
                    $name
                ),
                default => null,
            };
            if ($missing !== null) {
                $risks[] = self::risk('login', self::CRITICAL, $missing);
            } elseif ($plugin->id() === 'facade' && $this->logins->settings()->logoutUrl($idp, '/') === null) {
                $risks[] = self::risk('logout', self::RECOMMENDED, sprintf(
                    /* translators: %s: name such as "DigiD" */
                    __('%s: fill in the address where one logs out. Without it who logs out here stays logged in for forms.', 'owc-zijspan'),
                    $name
                ));
            }
        }

        return $risks;
    }

    /**
     * A site that logs residents in already, and does not use that for MijnOmgeving.
     *
     * @return list<array{name: string, level: string, text: string}>
     */
    private function unused(): array
    {
        $found = (new Detection($this->logins))->found();

        return $found === [] || $this->logins->chosen() !== [] ? [] : [self::risk('twice', self::RECOMMENDED, sprintf(
            /* translators: %s: name of a plugin */
            __('%s logs residents in for forms. MijnOmgeving does not use that login, so they log in twice. The tab “Inloggen” says what to do.', 'owc-zijspan'),
            $found[0]['title']
        ))];
    }

    public static function label(string $idp): string
    {
        return ['digid' => 'DigiD', 'eherkenning' => 'eHerkenning', 'eidas' => 'eIDAS'][$idp] ?? $idp;
    }

    /** @return list<string> */
    private function byMode(string $mode): array
    {
        $names = [];
        foreach ($this->logins->chosen() as $idp => $plugin) {
            if ($plugin->mode() === $mode) {
                $names[] = self::label($idp);
            }
        }

        return $names;
    }

    private function isChosen(string $id): bool
    {
        foreach ($this->logins->chosen() as $plugin) {
            if ($plugin->id() === $id) {
                return true;
            }
        }

        return false;
    }

    /** @return array{name: string, level: string, text: string} */
    private static function risk(string $name, string $level, string $text): array
    {
        return ['name' => $name, 'level' => $level, 'text' => $text];
    }
}
