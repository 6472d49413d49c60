<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

use OWC\IdpUserData\eHerkenningUserDataInterface;

/**
 * A company, for a site with owc/idp-userdata as it was with interfaces. Loaded only where that is there.
 */
final class FedCompany implements eHerkenningUserDataInterface
{
    public function __construct(
        private readonly string $kvk,
        private readonly ?string $rsin,
        private readonly ?string $vestigingsnummer
    ) {
    }

    public function getKvk(): string
    {
        return $this->kvk;
    }

    public function getRsin(): ?string
    {
        return $this->rsin;
    }

    public function getVestigingsnummer(): ?string
    {
        return $this->vestigingsnummer;
    }

    /** Older versions ask for it; the sidecar judges the level, and no form should. */
    public function getLevelOfAssurance(): string
    {
        return '';
    }
}
