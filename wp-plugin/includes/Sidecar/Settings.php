<?php

declare(strict_types=1);

namespace OWC\Zijspan\Sidecar;

defined('ABSPATH') || exit;

use Zijspan\Shim\ConfigurationError;
use Zijspan\Shim\Endpoint;
use Zijspan\Shim\Key;

/**
 * The address and keys of the sidecar. They come from constants, files outside the web root or the environment:
 * never from the database, where other plugins and back-ups would find them.
 */
final class Settings
{
    public const URL = 'ZIJSPAN_URL';

    private const MAX_FILE_BYTES = 4096;

    public function endpoint(): Endpoint
    {
        return Endpoint::fromUrl($this->required(self::URL));
    }

    public function requestKey(): Key
    {
        return $this->key('ZIJSPAN_REQUEST');
    }

    public function responseKey(): Key
    {
        return $this->key('ZIJSPAN_RESPONSE');
    }

    public function hasAdminKey(): bool
    {
        return $this->source('ZIJSPAN_ADMIN_KEYID') !== null;
    }

    public function adminKey(): Key
    {
        return $this->key('ZIJSPAN_ADMIN');
    }

    /** An admin key is answered under the site's response key, unless it has one of its own. */
    public function adminResponseKey(): Key
    {
        return $this->value('ZIJSPAN_ADMIN_RESPONSE_KEYID') === null
            ? $this->responseKey()
            : $this->key('ZIJSPAN_ADMIN_RESPONSE');
    }

    /** Is there a key with which this site may state who somebody is? */
    public function hasAssertKey(): bool
    {
        return $this->source('ZIJSPAN_ASSERT_KEYID') !== null;
    }

    public function assertKey(): Key
    {
        return $this->key('ZIJSPAN_ASSERT');
    }

    public function assertResponseKey(): Key
    {
        return $this->value('ZIJSPAN_ASSERT_RESPONSE_KEYID') === null
            ? $this->responseKey()
            : $this->key('ZIJSPAN_ASSERT_RESPONSE');
    }

    /** A file with the certificates to trust, for a sidecar under a municipality's own authority. */
    public function caFile(): ?string
    {
        return $this->value('ZIJSPAN_CA');
    }

    /** The site's id at the sidecar; only a login by exchange needs it. */
    public function site(): ?string
    {
        return $this->value('ZIJSPAN_SITE');
    }

    public function budgetMs(): int
    {
        $value = $this->value('ZIJSPAN_BUDGET_MS');

        return $value !== null && ctype_digit($value) ? min(10000, max(100, (int) $value)) : 2000;
    }

    /**
     * What is wrong, one entry per setting; empty when pages can be shown.
     *
     * @return list<ConfigurationError>
     */
    public function problems(): array
    {
        $problems = [];
        foreach ([$this->endpoint(...), $this->requestKey(...), $this->responseKey(...)] as $read) {
            try {
                $read();
            } catch (ConfigurationError $error) {
                $problems[] = $error;
            }
        }

        return $problems;
    }

    /** Where a setting comes from: "constant", "file", "environment" or null when it is not there. */
    public function source(string $name): ?string
    {
        return match (true) {
            $this->constant($name) !== null => 'constant',
            $this->constant($name . '_FILE') !== null => 'file',
            $this->environment($name) !== null => 'environment',
            $this->environment($name . '_FILE') !== null => 'file',
            default => null,
        };
    }

    private function key(string $prefix): Key
    {
        return Key::fromBase64($this->required($prefix . '_KEYID'), $this->required($prefix . '_SECRET'));
    }

    private function required(string $name): string
    {
        return $this->value($name) ?? throw new ConfigurationError($name, $name . ' is not set.');
    }

    private function value(string $name): ?string
    {
        $value = $this->constant($name);
        if ($value !== null) {
            return $value;
        }
        $file = $this->constant($name . '_FILE');
        if ($file === null) {
            $value = $this->environment($name);
            if ($value !== null) {
                return $value;
            }
            $file = $this->environment($name . '_FILE');
        }

        return $file === null ? null : $this->fromFile($name, $file);
    }

    private function fromFile(string $name, string $file): string
    {
        $text = is_file($file) && is_readable($file)
            ? file_get_contents($file, false, null, 0, self::MAX_FILE_BYTES)
            : false;
        if ($text === false || trim($text) === '') {
            throw new ConfigurationError($name, 'The file that ' . $name . '_FILE names cannot be read or is empty.');
        }

        return trim($text);
    }

    private function constant(string $name): ?string
    {
        $value = defined($name) ? constant($name) : null;

        return is_scalar($value) && (string) $value !== '' ? (string) $value : null;
    }

    private function environment(string $name): ?string
    {
        $value = getenv($name);

        return is_string($value) && $value !== '' ? $value : null;
    }
}
