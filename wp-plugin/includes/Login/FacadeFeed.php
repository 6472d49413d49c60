<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Output;
use OWC\Zijspan\Http\PhpOutput;
use OWC\Zijspan\Page\PersonalHeaders;
use OWC\Zijspan\Session\Cookies;
use OWC\Zijspan\Sidecar\Connection;
use Zijspan\Shim\Answer;

/**
 * Where the sidecar logs in itself, forms that read owc/idp-userdata know nobody. This tells them, when the webbeheerder
 * and the sidecar's configuration both allow it: from then on every plugin can read the number of who is logged in.
 *
 * Asked only when a plugin asks, once per request; nothing is kept.
 */
final class FacadeFeed
{
    private const TYPES = ['digid' => 'burger', 'eherkenning' => 'onderneming'];

    /** @var array<string, mixed>|null what the sidecar answered; null while nobody has asked */
    private ?array $answer = null;

    public function __construct(
        private readonly Connection $sidecar,
        private readonly Logins $logins,
        private readonly LoginSync $sync,
        private Output $output = new PhpOutput()
    ) {
    }

    public function register(): void
    {
        if (!$this->logins->settings()->feeds()) {
            return;
        }
        foreach (array_keys(self::TYPES) as $idp) {
            // First: what another plugin says after it counts.
            add_filter('owc_' . $idp . '_is_logged_in', fn (mixed $given): bool => $given === true || $this->knows($idp), 5);
            add_filter('owc_' . $idp . '_userdata', fn (mixed $given): mixed => $given ?? $this->userData($idp), 5);
        }
        add_action('template_redirect', [$this, 'keepOutOfCaches'], 0);
    }

    /** A page with a form can hold what is personal now, whatever blocks it has. */
    public function keepOutOfCaches(): void
    {
        if (Cookies::hasSession()) {
            PersonalHeaders::send($this->output);
        }
    }

    /** For tests: as if the request were a new one. */
    public function begin(Output $output): void
    {
        $this->output = $output;
        $this->answer = null;
    }

    private function knows(string $idp): bool
    {
        return $this->number($idp) !== null;
    }

    private function number(string $idp): ?string
    {
        if ($this->logins->for($idp) !== null) {
            return null;
        }
        $answer = $this->answer ??= $this->ask();
        $number = ($answer['type'] ?? null) === self::TYPES[$idp] ? $answer[$idp === 'digid' ? 'bsn' : 'kvk'] ?? null : null;

        return is_string($number) && $number !== '' ? $number : null;
    }

    /** @return array<string, mixed> */
    private function ask(): array
    {
        $this->sync->run(false);
        $token = Cookies::token();
        if ($token === null) {
            return [];
        }
        $outcome = $this->sidecar->ask('/v1/session/userdata', $token);

        return $outcome instanceof Answer ? $outcome->data() : [];
    }

    /** In the class that the library on this site has, which differs per version. */
    private function userData(string $idp): ?object
    {
        $number = $this->number($idp);
        if ($number === null) {
            return null;
        }
        $text = fn (string $name): ?string => is_string($this->answer[$name] ?? null) ? $this->answer[$name] : null;
        $data = $idp === 'digid'
            ? ['bsn' => $number]
            : ['kvk' => $number, 'rsin' => $text('rsin'), 'vestigingsnummer' => $text('vestigingsnummer')];
        $class = 'OWC\\IdpUserData\\' . ($idp === 'digid' ? 'DigiDUserData' : 'eHerkenningUserData');
        if (class_exists($class)) {
            return new $class($data);
        }
        if (interface_exists($class . 'Interface')) {
            return $idp === 'digid' ? new FedPerson($number) : new FedCompany($number, $data['rsin'], $data['vestigingsnummer']);
        }

        return $idp === 'digid'
            ? new class ($number) {
                public function __construct(private readonly string $bsn)
                {
                }

                public function getBsn(): string
                {
                    return $this->bsn;
                }
            }
            : new class ($number) {
                public function __construct(private readonly string $kvk)
                {
                }

                public function getKvk(): string
                {
                    return $this->kvk;
                }
            };
    }
}
