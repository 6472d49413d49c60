<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\PersonalHeaders;

/**
 * The answer of one of the plugin's own routes. All of them are personal, and none may be stored anywhere.
 */
final class Response
{
    /** @var list<array{0: string, 1: string}> */
    public array $headers;

    private function __construct(
        public readonly int $status,
        public readonly string $body = '',
        public readonly ?Notice $notice = null,
        public readonly bool $isSent = false
    ) {
        $this->headers = PersonalHeaders::all();
    }

    /** After a POST, and to wherever a login goes on: always by GET. */
    public static function redirect(string $location): self
    {
        return (new self(303))->with('Location', $location);
    }

    /** @param array<string, mixed> $data */
    public static function json(array $data, int $status = 200): self
    {
        return (new self($status, (string) wp_json_encode($data)))->with('Content-Type', 'application/json');
    }

    /** A page of the theme that says what went wrong. */
    public static function notice(int $status, Notice $notice): self
    {
        return new self($status, '', $notice);
    }

    /** The answer went out while it was made. */
    public static function sent(): self
    {
        return new self(200, '', null, true);
    }

    public static function nothing(int $status): self
    {
        return new self($status);
    }

    public function with(string $name, string $value): self
    {
        $this->headers[] = [$name, $value];

        return $this;
    }

    /** The last value of a header, null when there is none. */
    public function header(string $name): ?string
    {
        $found = null;
        foreach ($this->headers as [$given, $value]) {
            $found = strcasecmp($given, $name) === 0 ? $value : $found;
        }

        return $found;
    }
}
