<?php

declare(strict_types=1);

namespace OWC\Zijspan\Session;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Output;
use OWC\Zijspan\Http\PhpOutput;
use OWC\Zijspan\Login\Bond;
use OWC\Zijspan\Login\Logins;
use OWC\Zijspan\Page\PersonalHeaders;
use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\Answer;

/**
 * For sites that have a login plugin already, so that a resident never logs in twice. That plugin says, once, right
 * after its own login and before it redirects:
 *
 *     do_action('owc_zijspan_exchange', ['id_token' => …, 'nonce' => …, 'access_token' => …]);
 *
 * and, right after logging out: do_action('owc_zijspan_logout'). The sidecar checks the token itself; nothing that
 * WordPress says about who somebody is counts. See docs/inloggen.md.
 */
final class ExchangeLogin
{
    public function __construct(
        private readonly Settings $settings,
        private readonly Connection $sidecar,
        private readonly Logins $logins,
        private readonly Bond $bond,
        private readonly Output $output = new PhpOutput()
    ) {
    }

    public function register(): void
    {
        add_action('owc_zijspan_exchange', [$this, 'trade'], 10, 3);
        add_action('owc_zijspan_logout', [$this, 'end'], 10, 0);
    }

    /**
     * False when nobody was logged in: the token was refused, or it is too late to set a cookie.
     *
     * @param mixed $idToken the fields, or the id_token alone with the nonce and the access token after it
     */
    public function trade(
        #[\SensitiveParameter] mixed $idToken,
        #[\SensitiveParameter] mixed $nonce = null,
        #[\SensitiveParameter] mixed $accessToken = null
    ): bool {
        if (is_array($idToken)) {
            $accessToken = $idToken['access_token'] ?? null;
            $nonce = $idToken['nonce'] ?? null;
            $idToken = $idToken['id_token'] ?? null;
        }
        $site = $this->settings->site();
        if (!is_string($idToken) || $idToken === '' || $site === null || !$this->output->canSendHeaders()) {
            return false;
        }
        $fields = [
            'grant_type' => 'urn:ietf:params:oauth:grant-type:token-exchange',
            'subject_token' => $idToken,
            'subject_token_type' => 'urn:ietf:params:oauth:token-type:id_token',
            'audience' => 'urn:zijspan:' . $site,
        ];
        if (is_string($nonce) && $nonce !== '') {
            $fields['nonce'] = $nonce;
        }
        if (is_string($accessToken) && $accessToken !== '') {
            $fields['access_token'] = $accessToken;
        }
        $outcome = $this->sidecar->form('/v1/token', $fields, Cookies::token());
        $token = $outcome->data()['access_token'] ?? null;
        if (!$outcome instanceof Answer || !Cookies::isToken($token)) {
            return false;
        }
        PersonalHeaders::send($this->output);
        $this->output->headers([['Set-Cookie', Cookies::set($token)]]);
        if ($this->logins->chosen() !== []) {
            $this->output->headers([['Set-Cookie', $this->bond->tie($token, Bond::OWN)]]);
        }

        return true;
    }

    /** Whoever was logged in by that login no longer is. */
    public function end(): void
    {
        $token = Cookies::token();
        if ($token === null) {
            return;
        }
        $this->sidecar->delete('/v1/session', ['csrf' => Csrf::token($token, 'session', '', 'logout')], $token);
        unset($_COOKIE[Cookies::SESSION]);
        if ($this->output->canSendHeaders()) {
            PersonalHeaders::send($this->output);
            $this->output->headers([['Set-Cookie', Cookies::clear()]]);
        }
    }
}
