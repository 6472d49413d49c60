<?php

declare(strict_types=1);

namespace OWC\Zijspan\Forms;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Address;
use OWC\Zijspan\Http\Browser;
use OWC\Zijspan\Http\Notice;
use OWC\Zijspan\Http\Response;
use OWC\Zijspan\Session\Cookies;
use OWC\Zijspan\Session\Csrf;
use OWC\Zijspan\Session\SessionForms;
use OWC\Zijspan\Sidecar\Connection;
use Zijspan\Shim\Problem;

/**
 * Every form of the blocks posts here: checked, sent on, answered with 303. Fields: zijspan_kind, zijspan_handle,
 * zijspan_action, zijspan_csrf, zijspan_return (PageContext::formFields()) and, for a change, zijspan_key (one per
 * time that the form was shown) and zijspan_data[…].
 */
final class FormRoute
{
    public function __construct(
        private readonly Connection $sidecar,
        private readonly SessionForms $session
    ) {
    }

    /** @param array<mixed> $fields the form, without WordPress's slashes */
    public function handle(array $fields): Response
    {
        $kind = $this->field($fields, 'zijspan_kind', '/^[a-z_]{1,40}$/D');
        $handle = $this->field($fields, 'zijspan_handle', '/^[A-Za-z0-9_-]{0,256}$/D');
        $action = $this->field($fields, 'zijspan_action', '/^[a-z_]{1,40}$/D');
        $csrf = $this->field($fields, 'zijspan_csrf', '/^[A-Za-z0-9_-]{43}$/D') ?? '';
        $returnTo = Address::path($fields['zijspan_return'] ?? null) ?? Cookies::home();
        if ($kind === null || $handle === null || $action === null) {
            return $this->refused(400, $returnTo);
        }
        if (!Browser::isOwnOrigin()) {
            return $this->refused(403, $returnTo);
        }
        $token = Cookies::token();
        if ($token === null) {
            // Logging out when nobody is logged in is done already.
            return $kind === 'session' && $action === 'logout'
                ? Response::redirect(Cookies::home())
                : $this->expired($returnTo);
        }
        if (!Csrf::holds($csrf, $token, $kind, $handle, $action)) {
            return $this->refused(403, $returnTo);
        }
        if ($kind === 'session') {
            return match ($action) {
                'logout' => $this->session->logout($token, $csrf),
                'extend' => $this->session->extend($token, $csrf, $returnTo),
                default => $this->refused(400, $returnTo),
            };
        }

        return $this->change($token, $kind, $handle, $action, $csrf, $fields, $returnTo);
    }

    /** @param array<mixed> $fields */
    private function change(
        #[\SensitiveParameter] string $token,
        string $kind,
        string $handle,
        string $action,
        string $csrf,
        array $fields,
        string $returnTo
    ): Response {
        $key = $this->field($fields, 'zijspan_key', '/^[A-Za-z0-9_-]{16,64}$/D');
        if ($key === null) {
            return $this->refused(400, $returnTo);
        }
        $data = is_array($fields['zijspan_data'] ?? null) ? $fields['zijspan_data'] : [];
        $outcome = $this->sidecar->post('/v1/do', [
            'kind' => $kind,
            'handle' => $handle,
            'action' => $action,
            'data' => (object) $data,
            'csrf' => $csrf,
            'idempotency_key' => $key,
        ], $token);
        if ($outcome instanceof Problem && $outcome->isSession()) {
            return $this->expired($returnTo)->with('Set-Cookie', Cookies::clear());
        }
        $state = $outcome->data()['state'] ?? null;

        return match ($state) {
            'done', 'accepted' => Response::redirect(Address::withQuery($returnTo, 'gelukt=' . $state)),
            'conflict' => Response::notice(409, new Notice(
                __('Your change was not saved', 'owc-zijspan'),
                __('Somebody, or you in another window, changed this in the meantime. Go back, look and try again.', 'owc-zijspan'),
                null,
                $returnTo,
                __('Go back', 'owc-zijspan')
            )),
            'invalid' => Response::notice(422, new Notice(
                __('Your change was not saved', 'owc-zijspan'),
                __('Something that you filled in is not right. Go back and change it.', 'owc-zijspan'),
                null,
                $returnTo,
                __('Go back', 'owc-zijspan')
            )),
            default => Response::notice(503, new Notice(
                __('Your change was not saved', 'owc-zijspan'),
                __('We cannot save your change right now. This is not your fault. Please try again in a few minutes.', 'owc-zijspan'),
                $outcome instanceof Problem ? $outcome->code() : null,
                $returnTo,
                __('Go back', 'owc-zijspan')
            )),
        };
    }

    /** @param array<mixed> $fields */
    private function field(array $fields, string $name, string $pattern): ?string
    {
        $value = $fields[$name] ?? null;

        return is_string($value) && preg_match($pattern, $value) === 1 ? $value : null;
    }

    private function refused(int $status, string $returnTo): Response
    {
        return Response::notice($status, new Notice(
            __('This did not work', 'owc-zijspan'),
            __('We could not see that this came from the page you were on, so we did nothing. Go back and try again.', 'owc-zijspan'),
            null,
            $returnTo,
            __('Go back', 'owc-zijspan')
        ));
    }

    private function expired(string $returnTo): Response
    {
        return Response::notice(403, new Notice(
            __('You are no longer logged in', 'owc-zijspan'),
            __('For your safety you were logged out. Your change was not saved. Log in again to go on.', 'owc-zijspan'),
            null,
            $returnTo,
            __('Go back and log in again', 'owc-zijspan')
        ));
    }
}
