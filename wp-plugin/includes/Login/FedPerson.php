<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

use OWC\IdpUserData\DigiDUserDataInterface;

/**
 * A person, for a site with owc/idp-userdata as it was with interfaces. Loaded only where that is there.
 */
final class FedPerson implements DigiDUserDataInterface
{
    public function __construct(#[\SensitiveParameter] private readonly string $bsn)
    {
    }

    public function getBsn(): string
    {
        return $this->bsn;
    }

    /** Older versions ask for it; the sidecar judges the level, and no form should. */
    public function getLevelOfAssurance(): string
    {
        return '';
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['bsn' => '***'];
    }
}
