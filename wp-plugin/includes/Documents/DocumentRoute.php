<?php

declare(strict_types=1);

namespace OWC\Zijspan\Documents;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Address;
use OWC\Zijspan\Http\Notice;
use OWC\Zijspan\Http\Response;
use OWC\Zijspan\Session\Cookies;
use OWC\Zijspan\Sidecar\Connection;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Download;
use Zijspan\Shim\Outcome;
use Zijspan\Shim\Problem;
use Zijspan\Shim\Streamed;

/**
 * A click on a document: asks for a ticket and sends the browser there. Where the sidecar has no public address, the
 * bytes come through here.
 */
final class DocumentRoute
{
    public function __construct(
        private readonly Connection $sidecar,
        private readonly Download $download = new BrowserDownload()
    ) {
    }

    public function handle(string $handle, mixed $returnTo): Response
    {
        $path = Address::path($returnTo) ?? Cookies::home();
        if (preg_match('/^[A-Za-z0-9_-]{1,256}$/D', $handle) !== 1) {
            return $this->notFound($path);
        }
        $token = Cookies::token();
        if ($token === null) {
            return $this->loggedOut($path);
        }
        $outcome = $this->sidecar->post('/v1/tickets', ['handle' => $handle], $token);
        if ($outcome instanceof Answer && ($outcome->data()['url'] ?? null) === null) {
            return $this->stream($handle, $token, $path);
        }
        $url = Address::anywhere($outcome->data()['url'] ?? null);

        return $url === null ? $this->failure($outcome, $path) : Response::redirect($url);
    }

    /** Until the first byte nothing was sent: the answer is a document, or a page that says why there is none. */
    private function stream(string $handle, #[\SensitiveParameter] string $token, string $path): Response
    {
        $outcome = $this->sidecar->download('/v1/tickets/redeem', ['handle' => $handle], $token, $this->download);

        return $outcome instanceof Streamed ? Response::sent() : $this->failure($outcome, $path);
    }

    private function failure(Outcome $outcome, string $path): Response
    {
        if ($outcome instanceof Problem && $outcome->isSession()) {
            return $this->loggedOut($path)->with('Set-Cookie', Cookies::clear());
        }
        if ($outcome instanceof Problem && $outcome->status === 404) {
            return $this->notFound($path);
        }

        return Response::notice(503, new Notice(
            __('The document cannot be shown right now', 'owc-zijspan'),
            __('We cannot fetch this document. This is not your fault. Please try again in a few minutes.', 'owc-zijspan'),
            $outcome instanceof Problem ? $outcome->code() : null,
            $path,
            __('Go back', 'owc-zijspan')
        ));
    }

    private function notFound(string $path): Response
    {
        return Response::notice(404, new Notice(
            __('We cannot find this document', 'owc-zijspan'),
            __('The document is not there, or you may not see it.', 'owc-zijspan'),
            null,
            $path,
            __('Go back', 'owc-zijspan')
        ));
    }

    private function loggedOut(string $path): Response
    {
        return Response::notice(403, new Notice(
            __('You are no longer logged in', 'owc-zijspan'),
            __('Log in again to see this document.', 'owc-zijspan'),
            null,
            $path,
            __('Go back and log in again', 'owc-zijspan')
        ));
    }
}
