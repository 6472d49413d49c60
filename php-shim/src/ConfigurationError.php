<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * Something that the site's administrator must change; the message says what and holds no secret.
 */
final class ConfigurationError extends \InvalidArgumentException
{
    public function __construct(public readonly string $setting, string $message)
    {
        parent::__construct($message);
    }
}
