<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Output;
use OWC\Zijspan\Http\PhpOutput;
use OWC\Zijspan\Page\PersonalHeaders;
use OWC\Zijspan\Session\Cookies;
use OWC\Zijspan\Session\Csrf;
use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Outcome;
use Zijspan\Shim\Problem;

/**
 * Keeps a session at the sidecar equal to a login at another plugin: it begins after that login, and ends as soon as
 * that plugin says that nobody is logged in any more, or somebody else is.
 */
final class LoginSync
{
    private bool $isDone = false;
    private bool $couldNotAsk = false;
    private bool $isTrading = false;

    public function __construct(
        private readonly Settings $settings,
        private readonly Connection $sidecar,
        private readonly Logins $logins,
        private readonly Bond $bond,
        private Output $output = new PhpOutput()
    ) {
    }

    public function register(): void
    {
        foreach ($this->logins->all() as $plugin) {
            $plugin->listen($this->loggedIn(...), $this->loggedOut(...));
        }
    }

    /**
     * Before a session is used. After it, the cookie of this request is that of who is logged in now, or gone.
     *
     * @param bool $mayLogIn does somebody look at a page?
     */
    public function run(bool $mayLogIn): void
    {
        if ($this->isDone || $this->logins->chosen() === []) {
            return;
        }
        $this->isDone = true;
        $token = Cookies::token();
        if ($token !== null && $this->stillHolds($token)) {
            return;
        }
        if ($mayLogIn && $this->logInByItself()) {
            return;
        }
        if ($token !== null) {
            $this->end($token);
        }
    }

    /** Is somebody logged in at the other plugin, and could the sidecar not be asked about it? */
    public function couldNotAsk(): bool
    {
        return $this->couldNotAsk;
    }

    /** Has the site what it needs to trade a login of that plugin? */
    public function canTrade(LoginPlugin $plugin): bool
    {
        return $plugin->mode() === 'asserted' ? $this->settings->hasAssertKey() : $this->settings->site() !== null;
    }

    /** Trades a login at another plugin for a session. False when nobody is logged in by it. */
    public function trade(LoginPlugin $plugin, string $idp): bool
    {
        $grant = $plugin->grant($idp);
        if ($grant === null || !$this->output->canSendHeaders() || !$this->canTrade($plugin)) {
            return false;
        }
        $isAsserted = $plugin->mode() === 'asserted';
        $grant += $isAsserted ? [] : ['audience' => 'urn:zijspan:' . $this->settings->site()];
        $this->isTrading = true;
        $outcome = $isAsserted
            ? $this->sidecar->assert($grant, Cookies::token())
            : $this->sidecar->form('/v1/token', $grant, Cookies::token());
        $this->isTrading = false;
        $source = $this->source($plugin, $idp);
        $marker = $plugin->marker($idp) ?? '';
        $token = $outcome->data()['access_token'] ?? null;
        if ($outcome instanceof Answer && Cookies::isToken($token)) {
            $this->send([Cookies::set($token), $this->bond->tie($token, $source, $marker)]);
            $_COOKIE[Cookies::SESSION] = $token;
            $this->isDone = true;

            return true;
        }
        if (self::isFinal($outcome)) {
            // The same login will not be believed a moment later either.
            $this->send([$this->bond->leave($source, $marker)]);
        } else {
            $this->couldNotAsk = true;
        }

        return false;
    }

    /**
     * Somebody logs out here. The Set-Cookie lines that keep a login that still stands at another plugin from bringing
     * them back in, and where that one logs out.
     *
     * @return array{0: list<string>, 1: ?string}
     */
    public function leave(string $then): array
    {
        $source = $this->bond->source();
        $lines = $source === null ? [] : [Bond::clear()];
        foreach ($this->logins->chosen() as $idp => $plugin) {
            if ($source !== $this->source($plugin, $idp)) {
                continue;
            }
            $marker = $plugin->marker($idp);
            $lines = $marker === null ? $lines : [$this->bond->leave($source, $marker)];
            // It logs out because of us: nothing of ours is left to end.
            $this->isTrading = true;
            $url = $plugin->logout($idp, $then);
            $this->isTrading = false;

            return [$lines, $url];
        }

        return [$lines, null];
    }

    /** For tests: as if the request were a new one. */
    public function begin(Output $output): void
    {
        $this->output = $output;
        $this->isDone = false;
        $this->couldNotAsk = false;
    }

    private function loggedIn(LoginPlugin $plugin): void
    {
        foreach ($this->logins->chosen() as $idp => $chosen) {
            if ($chosen === $plugin && $this->trade($plugin, $idp)) {
                return;
            }
        }
    }

    private function loggedOut(LoginPlugin $plugin): void
    {
        $token = Cookies::token();
        if ($token === null || $this->isTrading) {
            return;
        }
        foreach ($this->logins->chosen() as $idp => $chosen) {
            if ($chosen === $plugin && $this->bond->source() === $this->source($plugin, $idp)) {
                $this->end($token);

                return;
            }
        }
    }

    private function stillHolds(#[\SensitiveParameter] string $token): bool
    {
        if ($this->bond->holds($token, Bond::OWN)) {
            return true;
        }
        $source = $this->bond->source();
        foreach ($this->logins->chosen() as $idp => $plugin) {
            if ($source === $this->source($plugin, $idp)) {
                $marker = $plugin->marker($idp);

                return $marker !== null && $this->bond->holds($token, $source, $marker);
            }
        }

        return false;
    }

    /** Only when it is clear who: with two logins beside each other somebody has to choose. */
    private function logInByItself(): bool
    {
        $there = [];
        foreach ($this->logins->chosen() as $idp => $plugin) {
            $marker = $plugin->marker($idp);
            if ($marker !== null && !$this->bond->hasLeft($this->source($plugin, $idp), $marker) && $plugin->grant($idp) !== null) {
                $there[$idp] = $plugin;
            }
        }

        return count($there) === 1 && $this->trade(reset($there), (string) key($there));
    }

    private function end(#[\SensitiveParameter] string $token): void
    {
        $this->sidecar->delete('/v1/session', ['csrf' => Csrf::token($token, 'session', '', 'logout')], $token);
        unset($_COOKIE[Cookies::SESSION]);
        $this->send([Cookies::clear(), ...($this->bond->source() === Bond::LEFT ? [] : [Bond::clear()])]);
    }

    /** @param list<string> $cookies */
    private function send(array $cookies): void
    {
        if (!$this->output->canSendHeaders()) {
            return;
        }
        PersonalHeaders::send($this->output);
        $this->output->headers(array_map(static fn (string $line): array => ['Set-Cookie', $line], $cookies));
        foreach ($cookies as $line) {
            if (preg_match('/^' . Bond::COOKIE . '=([^;]*)/', $line, $found) === 1) {
                $_COOKIE[Bond::COOKIE] = $found[1];
            }
        }
    }

    private function source(LoginPlugin $plugin, string $idp): string
    {
        return $plugin->id() . '-' . $idp;
    }

    private static function isFinal(Outcome $outcome): bool
    {
        return $outcome instanceof Problem && $outcome->status < 500 && $outcome->status !== 429;
    }
}
