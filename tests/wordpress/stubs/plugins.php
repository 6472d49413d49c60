<?php

// phpcs:disable PSR1.Classes.ClassDeclaration, Squiz.Classes.ValidClassName -- names that those plugins have

/**
 * Stand-ins for login plugins, after what those do on the outside: names of classes, hooks, options and sessions.
 */

declare(strict_types=1);

namespace OWCSignicatOpenID {

    final class ContainerManager
    {
    }
}

namespace OWC\IdpUserData {

    /** As the library has it; only for eIDAS, so that the other two go by the filters alone. */
    final class eIDASSession
    {
        public static ?string $bsn = null;

        public static function isLoggedIn(): bool
        {
            return self::$bsn !== null;
        }

        public static function getUserData(): object
        {
            return new class (self::$bsn) {
                public function __construct(private readonly string $bsn)
                {
                }

                public function getBsn(): string
                {
                    return $this->bsn;
                }
            };
        }
    }
}

namespace {

    final class OpenID_Connect_Generic
    {
    }
}
