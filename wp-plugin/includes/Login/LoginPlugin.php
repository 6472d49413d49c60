<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

/**
 * A login plugin beside ours, which logs residents in for forms too. $idp is "digid", "eherkenning" or "eidas".
 */
interface LoginPlugin
{
    /** In the setting and in the cookie: small letters. */
    public function id(): string;

    public function title(): string;

    public function isPresent(): bool;

    /** "exchange": its token is proven by the sidecar. "asserted": the sidecar has to believe the number. */
    public function mode(): string;

    /**
     * Who is logged in with it: something that is another for every person. It is compared, never shown or kept. Null
     * when nobody is.
     */
    public function marker(string $idp): ?string;

    /**
     * The fields of POST /v1/token for who is logged in, or null.
     *
     * @return array<string, string>|null
     */
    public function grant(string $idp): ?array;

    /** Where somebody logs in with it, to come back at a path of this site; null when that is not known. */
    public function loginUrl(string $idp, string $returnTo): ?string;

    /**
     * Logs out there. Where the browser goes for that, to come back at $then (an address without "&"); null when it is
     * done, or not possible.
     */
    public function logout(string $idp, string $then): ?string;

    /**
     * Listens for what happens there.
     *
     * @param \Closure(self): void $loggedIn to be called right after a login, before the browser is sent on
     * @param \Closure(self): void $loggedOut the same after logging out
     */
    public function listen(\Closure $loggedIn, \Closure $loggedOut): void;
}
