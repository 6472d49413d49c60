<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Address;

/**
 * Who logs residents in: the tab "Inloggen". Nothing secret, nothing personal; what the sidecar accepts is set there,
 * out of reach of the database.
 */
final class LoginSettings
{
    public const OPTION = 'owc_zijspan_login';
    public const IDPS = ['digid', 'eherkenning', 'eidas'];
    /** The sidecar itself sends people to the identity provider. */
    public const SIDECAR = 'zijspan';
    /** Where in an address the path comes to which the browser returns. */
    public const PLACE = '{terug}';

    /** The id of the login plugin that was chosen for this way of logging in, or SIDECAR. */
    public function by(string $idp): string
    {
        $by = $this->way($idp)['by'] ?? null;

        return is_string($by) && preg_match('/^[a-z]{1,20}$/D', $by) === 1 ? $by : self::SIDECAR;
    }

    /** Where the login plugin logs somebody in, as the webbeheerder filled it in. */
    public function loginUrl(string $idp, string $returnTo): ?string
    {
        $url = $this->way($idp)['login'] ?? null;
        if (!is_string($url) || $url === '') {
            return null;
        }

        return Address::anywhere(str_replace(self::PLACE, rawurlencode(home_url($returnTo)), $url));
    }

    public function logoutUrl(string $idp, string $then): ?string
    {
        $url = $this->way($idp)['logout'] ?? null;

        return is_string($url) && $url !== ''
            ? Address::anywhere(str_replace(self::PLACE, rawurlencode($then), $url))
            : null;
    }

    /** As it was filled in. */
    public function text(string $idp, string $name): string
    {
        $text = $this->way($idp)[$name] ?? '';

        return is_string($text) ? $text : '';
    }

    /** May other plugins read the number of who is logged in here? */
    public function feeds(): bool
    {
        return ($this->all()['feed'] ?? false) === true;
    }

    /** @return array<mixed> */
    private function way(string $idp): array
    {
        $way = $this->all()[$idp] ?? [];

        return is_array($way) ? $way : [];
    }

    /** @return array<mixed> */
    private function all(): array
    {
        $stored = get_option(self::OPTION, []);

        return is_array($stored) ? $stored : [];
    }
}
