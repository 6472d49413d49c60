<?php

declare(strict_types=1);

namespace OWC\Zijspan\Session;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Address;
use OWC\Zijspan\Http\Notice;
use OWC\Zijspan\Http\Response;
use OWC\Zijspan\Login\Bond;
use OWC\Zijspan\Login\LoginPlugin;
use OWC\Zijspan\Login\Logins;
use OWC\Zijspan\Login\LoginSync;
use OWC\Zijspan\Sidecar\Connection;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Outcome;
use Zijspan\Shim\Problem;

/**
 * Sends the browser to the identity provider, and takes it in when it comes back. Who somebody is, is between the
 * sidecar and the provider: here pass only a secret of this browser and a handoff that works once.
 */
final class LoginRoute
{
    /** What a login may be asked to give. */
    public const LEVELS = ['low', 'middle', 'substantial', 'high'];

    public function __construct(
        private readonly Connection $sidecar,
        private readonly Logins $logins,
        private readonly LoginSync $sync,
        private readonly Bond $bond
    ) {
    }

    /** @param string|null $level the lowest level that will do */
    public function begin(?string $idp, mixed $returnTo, ?string $level = null): Response
    {
        $path = Address::path($returnTo) ?? Cookies::home();
        if ($idp === null || preg_match('/^[a-z0-9_-]{1,32}$/D', $idp) !== 1) {
            return $this->noSuchWay($path);
        }
        $plugin = $this->logins->for($idp);
        if ($plugin !== null) {
            return $this->atPlugin($plugin, $idp, $path);
        }
        $secret = Cookies::newLoginSecret($path);
        $outcome = $this->sidecar->post('/v1/login', [
            'idp' => $idp,
            'return_to' => $path,
            'browser_hash' => Cookies::hash($secret),
        ] + (in_array($level, self::LEVELS, true) ? ['min_loa' => $level] : []));
        $url = Address::anywhere($outcome->data()['url'] ?? null);
        if ($url === null && self::isUnknownWay($outcome)) {
            return $this->noSuchWay($path);
        }
        if ($url === null) {
            return $this->notNow($outcome, $path, 503);
        }

        return Response::redirect($url)->with('Set-Cookie', Cookies::setLogin($secret));
    }

    public function finish(#[\SensitiveParameter] string $handoff): Response
    {
        $secret = Cookies::loginSecret();
        $began = Cookies::loginReturnTo();
        if ($secret === null) {
            return Response::notice(400, new Notice(
                __('Logging in did not work', 'owc-zijspan'),
                __('Your browser did not keep the cookie that logging in needs, or you took too long. Please log in again.', 'owc-zijspan'),
                null,
                $began,
                __('Go back and log in again', 'owc-zijspan')
            ));
        }
        $outcome = $this->sidecar->form('/v1/token', [
            'grant_type' => 'urn:zijspan:handoff',
            'handoff' => $handoff,
            'browser_secret' => $secret,
        ], Cookies::token());
        $token = $outcome->data()['access_token'] ?? null;
        if (!$outcome instanceof Answer || !Cookies::isToken($token)) {
            $status = $outcome instanceof Problem && $outcome->status < 500 ? 400 : 503;

            return $this->notNow($outcome, $began, $status)->with('Set-Cookie', Cookies::clearLogin());
        }

        $response = Response::redirect(Address::path($outcome->data()['return_to'] ?? null) ?? Cookies::home())
            ->with('Set-Cookie', Cookies::set($token))
            ->with('Set-Cookie', Cookies::clearLogin());

        return $this->logins->chosen() === []
            ? $response
            : $response->with('Set-Cookie', $this->bond->tie($token, Bond::OWN));
    }

    /** The browser comes back from logging out at a login plugin, to log in there anew. */
    public function again(string $idp): Response
    {
        $path = Cookies::loginReturnTo();
        $url = Address::anywhere($this->logins->for($idp)?->loginUrl($idp, $path));

        return $url === null
            ? $this->noSuchWay($path)
            : Response::redirect($url)->with('Set-Cookie', Cookies::clearLogin());
    }

    /** One login serves forms and MijnOmgeving: who is logged in there already only has to be let in here. */
    private function atPlugin(LoginPlugin $plugin, string $idp, string $path): Response
    {
        if ($this->sync->trade($plugin, $idp)) {
            return Response::redirect($path);
        }
        if ($this->sync->couldNotAsk() || !$this->sync->canTrade($plugin)) {
            return $this->notNow(null, $path, 503);
        }
        $url = Address::anywhere($plugin->loginUrl($idp, $path));
        if ($url === null) {
            return $this->noSuchWay($path);
        }
        if ($plugin->marker($idp) !== null) {
            // That plugin would send somebody straight back who is logged in there, whom the sidecar does not believe.
            $out = Address::anywhere($plugin->logout($idp, home_url('/?zijspan=opnieuw-' . $idp)));
            if ($out !== null) {
                return Response::redirect($out)->with('Set-Cookie', Cookies::setLogin(Cookies::newLoginSecret($path)));
            }
        }

        return Response::redirect($url);
    }

    /** The provider said no, or the resident did: back to where the login began. Null when the browser is there. */
    public function failed(string $code, string $currentPath): ?Response
    {
        if (Cookies::loginSecret() === null) {
            return null;
        }
        $began = Cookies::loginReturnTo();
        if (explode('?', $began, 2)[0] === $currentPath) {
            return null;
        }
        $query = http_build_query(['zijspan_login' => 'failed', 'zijspan_code' => $code]);

        return Response::redirect(Address::withQuery($began, $query))->with('Set-Cookie', Cookies::clearLogin());
    }

    /** Does this site not know that identity provider, or not send people there? Waiting does not help then. */
    private static function isUnknownWay(Outcome $outcome): bool
    {
        return $outcome instanceof Problem && $outcome->slug() === 'login'
            && in_array($outcome->details['reason'] ?? null, ['unknown_provider', 'mode_off'], true);
    }

    private function noSuchWay(string $path): Response
    {
        return Response::notice(404, new Notice(
            __('There is no such way to log in', 'owc-zijspan'),
            __('The link that you followed is not right. Go back and choose again how you want to log in.', 'owc-zijspan'),
            null,
            $path,
            __('Go back', 'owc-zijspan')
        ));
    }

    private function notNow(?Outcome $outcome, string $path, int $status): Response
    {
        return Response::notice($status, new Notice(
            __('Logging in did not work', 'owc-zijspan'),
            __('You cannot log in right now. This is not your fault. Please try again in a few minutes.', 'owc-zijspan'),
            $outcome instanceof Problem ? $outcome->code() : null,
            $path,
            __('Go back and try again', 'owc-zijspan')
        ));
    }
}
