<?php

declare(strict_types=1);

namespace OWC\Zijspan\Session;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Address;
use OWC\Zijspan\Http\Browser;
use OWC\Zijspan\Http\Response;
use OWC\Zijspan\Login\LoginSync;
use OWC\Zijspan\Sidecar\Connection;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Problem;

/**
 * Logging out and staying logged in. The CSRF token has been checked before these are called.
 */
final class SessionForms
{
    public function __construct(private readonly Connection $sidecar, private readonly LoginSync $sync)
    {
    }

    /** Whatever the sidecar says, this browser is logged out. */
    public function logout(#[\SensitiveParameter] string $token, string $csrf): Response
    {
        $outcome = $this->sidecar->delete('/v1/session', ['csrf' => $csrf], $token);
        $url = $outcome instanceof Answer ? Address::anywhere($outcome->data()['logout_url'] ?? null) : null;
        // Where another plugin logged in, it logs out as well: one login, one logout.
        [$cookies, $there] = $this->sync->leave(home_url('/'));
        $response = Response::redirect(Address::anywhere($there) ?? $url ?? Cookies::home())
            ->with('Set-Cookie', Cookies::clear())
            ->with('Clear-Site-Data', '"cache"');
        foreach ($cookies as $line) {
            $response->with('Set-Cookie', $line);
        }

        return $response;
    }

    public function extend(#[\SensitiveParameter] string $token, string $csrf, string $returnTo): Response
    {
        $outcome = $this->sidecar->post('/v1/session/extend', ['csrf' => $csrf], $token);
        $ended = $outcome instanceof Problem && $outcome->isSession();
        if (Browser::wantsJson()) {
            $response = $outcome instanceof Answer
                ? Response::json([
                    'idle_expires_in' => (int) ($outcome->data()['idle_expires_in'] ?? 0),
                    'absolute_expires_in' => (int) ($outcome->data()['absolute_expires_in'] ?? 0),
                ])
                : Response::json(['ended' => $ended], $ended ? 401 : 503);
        } else {
            $response = Response::redirect($returnTo);
        }

        return $ended ? $response->with('Set-Cookie', Cookies::clear()) : $response;
    }
}
