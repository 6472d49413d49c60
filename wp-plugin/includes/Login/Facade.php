<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

/**
 * Who other plugins say is logged in, through owc/idp-userdata. Nothing in it is proof: every plugin can add to its
 * filters. So this counts only where a way of logging in was set to it, and the sidecar only listens to it with a key
 * of its own (ZIJSPAN_ASSERT_…).
 *
 * Asked at most once per request: behind one question a login plugin can make four calls. Slot "2", the partner who logs
 * in on a form, is never asked.
 */
final class Facade implements LoginPlugin
{
    public const FILTER = 'owc_zijspan_asserted_number';
    private const CLASSES = ['digid' => 'DigiDSession', 'eherkenning' => 'eHerkenningSession', 'eidas' => 'eIDASSession'];

    /** @var array<string, string|null> */
    private array $numbers = [];

    public function __construct(private readonly LoginSettings $settings)
    {
    }

    public function id(): string
    {
        return 'facade';
    }

    public function title(): string
    {
        return __('A login plugin that speaks owc/idp-userdata (for example SAML)', 'owc-zijspan');
    }

    public function isPresent(): bool
    {
        // The library itself says nothing: a form that reads it brings it along.
        foreach (array_keys(self::CLASSES) as $idp) {
            if (self::isFilled('owc_' . $idp . '_is_logged_in')) {
                return true;
            }
        }

        return self::isFilled('owc_idp_is_logged_in') || self::isFilled(self::FILTER);
    }

    /** By another than ourselves. */
    private static function isFilled(string $filter): bool
    {
        foreach ($GLOBALS['wp_filter'][$filter]->callbacks ?? [] as $callbacks) {
            foreach ($callbacks as $callback) {
                $function = $callback['function'];
                $owner = $function instanceof \Closure ? (new \ReflectionFunction($function))->getClosureThis() : $function;
                if (!$owner instanceof FacadeFeed) {
                    return true;
                }
            }
        }

        return false;
    }

    public function mode(): string
    {
        return 'asserted';
    }

    public function marker(string $idp): ?string
    {
        return $this->number($idp);
    }

    public function grant(string $idp): ?array
    {
        $number = $this->number($idp);

        return $number === null ? null : [
            'grant_type' => 'urn:zijspan:asserted',
            'subject_type' => $idp === 'eherkenning' ? 'kvk' : 'bsn',
            'subject' => $number,
        ];
    }

    public function loginUrl(string $idp, string $returnTo): ?string
    {
        return $this->settings->loginUrl($idp, $returnTo);
    }

    public function logout(string $idp, string $then): ?string
    {
        return $this->settings->logoutUrl($idp, $then);
    }

    public function listen(\Closure $loggedIn, \Closure $loggedOut): void
    {
        // It tells nobody when somebody logs in: it is asked when one of our pages is shown.
    }

    /** For tests: as if the request were a new one. */
    public function forget(): void
    {
        $this->numbers = [];
    }

    private function number(string $idp): ?string
    {
        if (!array_key_exists($idp, $this->numbers)) {
            // What asks us back while we ask gets no answer, instead of going round for ever.
            $this->numbers[$idp] = null;
            $this->numbers[$idp] = $this->ask($idp);
        }

        return $this->numbers[$idp];
    }

    private function ask(string $idp): ?string
    {
        if (!isset(self::CLASSES[$idp])) {
            return null;
        }
        try {
            $data = $this->userData($idp);
            $method = $idp === 'eherkenning' ? 'getKvk' : 'getBsn';
            $number = is_object($data) && is_callable([$data, $method]) ? $data->$method() : null;
            // For a plugin that does not speak owc/idp-userdata (SAML): its own code says it here.
            $number ??= apply_filters(self::FILTER, null, $idp);
        } catch (\Throwable) {
            // A plugin that fails has logged nobody in.
            return null;
        }

        return is_string($number) && preg_match('/^[0-9]{8,9}$/D', $number) === 1 ? $number : null;
    }

    private function userData(string $idp): mixed
    {
        $class = 'OWC\\IdpUserData\\' . self::CLASSES[$idp];
        if (class_exists($class)) {
            return $class::isLoggedIn() === true ? $class::getUserData() : null;
        }
        // The same filters in the same order, for a site where each plugin carries the library for itself.
        $isLoggedIn = apply_filters('owc_idp_is_logged_in', false, $idp, '');
        if (apply_filters('owc_' . $idp . '_is_logged_in', $isLoggedIn) !== true) {
            return null;
        }

        return apply_filters('owc_' . $idp . '_userdata', apply_filters('owc_idp_userdata', null, $idp, ''));
    }
}
