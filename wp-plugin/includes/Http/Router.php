<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

use OWC\Zijspan\Documents\DocumentRoute;
use OWC\Zijspan\Forms\FormRoute;
use OWC\Zijspan\Login\LoginSync;
use OWC\Zijspan\Page\PersonalHeaders;
use OWC\Zijspan\Session\LoginRoute;

/**
 * The plugin's own addresses: /?zijspan=… and the address to which a login comes back.
 */
final class Router
{
    public function __construct(
        private readonly LoginRoute $login,
        private readonly DocumentRoute $documents,
        private readonly FormRoute $forms,
        private readonly LoginSync $sync,
        private readonly Emitter $emitter
    ) {
    }

    public function register(): void
    {
        // Before anything that redirects or answers; the theme is there for pages that say what went wrong.
        add_action('template_redirect', function (): void {
            $response = $this->answer();
            if ($response !== null) {
                PersonalHeaders::tellPlugins();
                $this->emitter->emit($response);
            }
        }, -100);
    }

    /** Null when the request is not for the plugin. */
    public function answer(): ?Response
    {
        $route = $this->text($_GET['zijspan'] ?? null);
        $handoff = $this->text($_GET['zijspan_handoff'] ?? null);
        $failed = ($_GET['zijspan_login'] ?? null) === 'failed';
        if ($route === null && $handoff === null && !$failed) {
            return null;
        }
        if (($route !== null || $handoff !== null) && Browser::isPrefetch()) {
            return Response::nothing(503);
        }
        if ($handoff !== null) {
            return Browser::isGet() ? $this->login->finish($handoff) : $this->onlyGet();
        }
        if ($route === null) {
            return $this->login->failed($this->text($_GET['zijspan_code'] ?? null) ?? '', $this->currentPath());
        }
        if (in_array($route, ['form', 'document'], true)) {
            $this->sync->run(false);
        }
        if ($route === 'form') {
            return Browser::isPost()
                ? $this->forms->handle(wp_unslash($_POST))
                : Response::nothing(405)->with('Allow', 'POST');
        }
        if (!Browser::isGet()) {
            return $this->onlyGet();
        }

        return match ($route) {
            'login' => $this->login->begin(
                $this->text($_GET['idp'] ?? null),
                wp_unslash($_GET['return_to'] ?? null),
                $this->text($_GET['niveau'] ?? null)
            ),
            'opnieuw-digid', 'opnieuw-eherkenning', 'opnieuw-eidas' => $this->login->again(substr($route, 8)),
            'document' => $this->documents->handle(
                $this->text($_GET['handle'] ?? null) ?? '',
                wp_unslash($_GET['return_to'] ?? null)
            ),
            default => null,
        };
    }

    /** A HEAD, from a program that looks at links, must not use up what works once. */
    private function onlyGet(): Response
    {
        return Response::nothing(405)->with('Allow', 'GET');
    }

    private function text(mixed $value): ?string
    {
        return is_string($value) && $value !== '' && preg_match('/^[A-Za-z0-9_.~-]{1,1024}$/D', $value) === 1
            ? $value
            : null;
    }

    private function currentPath(): string
    {
        return explode('?', (string) ($_SERVER['REQUEST_URI'] ?? '/'), 2)[0];
    }
}
