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
 * time that the form was shown), zijspan_data[…] and zijspan_label[…], what each of those is called: what is not
 * accepted comes back with what was typed in it.
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
                : $this->expired($fields, $returnTo);
        }
        if (!Csrf::holds($csrf, $token, $kind, $handle, $action)) {
            return $this->lookAgain($fields, $token, $returnTo);
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
            return $this->expired($fields, $returnTo)->with('Set-Cookie', Cookies::clear());
        }
        $state = $outcome->data()['state'] ?? null;

        return match ($state) {
            'done', 'accepted' => Response::redirect(Address::withQuery($returnTo, 'gelukt=' . $state)),
            'conflict' => $this->notSaved(
                409,
                __('Somebody, or you in another window, changed this in the meantime. Go back, look and try again.', 'owc-zijspan'),
                $returnTo
            ),
            'invalid' => $this->notSaved(
                422,
                __('Something that you filled in is not right. Change it and send it again.', 'owc-zijspan'),
                $returnTo,
                Refill::of($fields, $token, (array) ($outcome->data()['fields'] ?? []))
            ),
            default => $this->notSaved(
                503,
                __('We cannot save your change right now. This is not your fault. Please try again in a few minutes.', 'owc-zijspan'),
                $returnTo,
                Refill::of($fields, $token),
                $outcome instanceof Problem ? $outcome->code() : null
            ),
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

    private function notSaved(int $status, string $text, string $returnTo, ?Refill $form = null, ?string $code = null): Response
    {
        return Response::notice($status, new Notice(
            __('Your change was not saved', 'owc-zijspan'),
            $text,
            $code,
            $returnTo,
            __('Go back', 'owc-zijspan'),
            $form
        ));
    }

    /**
     * The form is of a session that has ended: perhaps of the same resident, who logged in anew. It came from a page of
     * this site, and is sent only when somebody looks at it and sends it again.
     *
     * @param array<mixed> $fields
     */
    private function lookAgain(array $fields, #[\SensitiveParameter] string $token, string $returnTo): Response
    {
        $form = Refill::of($fields, $token);

        return $form === null ? $this->refused(403, $returnTo) : Response::notice(403, new Notice(
            __('Please check what you filled in', 'owc-zijspan'),
            __('You logged in anew after you opened this form, so we did nothing yet. Is this yours, and is it right? Then send it.', 'owc-zijspan'),
            null,
            $returnTo,
            __('Go back without sending it', 'owc-zijspan'),
            $form,
            __('Send', 'owc-zijspan')
        ));
    }

    /** @param array<mixed> $fields */
    private function expired(array $fields, string $returnTo): Response
    {
        $form = Refill::of($fields, null);

        return Response::notice(403, new Notice(
            __('You are no longer logged in', 'owc-zijspan'),
            $form === null
                ? __('For your safety you were logged out. Your change was not saved. Log in again to go on.', 'owc-zijspan')
                : __('For your safety you were logged out. Your change was not saved, but what you filled in is still here. Log in again: that opens beside this page. Then come back here and send it.', 'owc-zijspan'),
            null,
            $returnTo,
            $form === null ? __('Go back and log in again', 'owc-zijspan') : __('Log in again (opens in a new tab)', 'owc-zijspan'),
            $form,
            __('Send again', 'owc-zijspan'),
            $form !== null
        ));
    }
}
