<?php

declare(strict_types=1);

namespace OWC\Zijspan\Session;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Output;
use OWC\Zijspan\Http\PhpOutput;
use OWC\Zijspan\Page\PersonalHeaders;
use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\Answer;

/**
 * For sites that have a login plugin already, so that a resident never logs in twice. That plugin says, once, right
 * after its own login and before it redirects:
 *
 *     do_action('owc_zijspan_exchange', $idToken, $nonce, $accessToken);
 *
 * The sidecar checks the token itself; nothing that WordPress says about who somebody is counts.
 */
final class ExchangeLogin
{
    public function __construct(
        private readonly Settings $settings,
        private readonly Connection $sidecar,
        private readonly Output $output = new PhpOutput()
    ) {
    }

    public function register(): void
    {
        add_action('owc_zijspan_exchange', [$this, 'trade'], 10, 3);
    }

    /** False when nobody was logged in: the token was refused, or it is too late to set a cookie. */
    public function trade(
        #[\SensitiveParameter] mixed $idToken,
        #[\SensitiveParameter] mixed $nonce = null,
        #[\SensitiveParameter] mixed $accessToken = null
    ): bool {
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

        return true;
    }
}
