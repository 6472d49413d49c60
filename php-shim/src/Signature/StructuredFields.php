<?php

declare(strict_types=1);

namespace Zijspan\Shim\Signature;

/**
 * Reads the two structured fields (RFC 9651) that signatures use: Signature-Input, a dictionary of inner lists of
 * strings, and Signature, a dictionary of byte sequences. Stricter than the RFC where it lets the last of two equal
 * names win: a name that comes twice is refused.
 */
final class StructuredFields
{
    private const MAX_BYTES = 4096;
    private const MAX_MEMBERS = 4;

    private int $at = 0;

    private function __construct(private readonly string $text)
    {
        if (strlen($text) > self::MAX_BYTES || preg_match('/[^\x20-\x7E]/', $text) === 1) {
            throw new Rejected('field_syntax');
        }
    }

    /** @return array<string, SignatureInput> by label */
    public static function signatureInputs(string $header): array
    {
        return (new self($header))->dictionary(
            static fn (self $reader): SignatureInput => $reader->innerList()
        );
    }

    /** @return array<string, string> bytes by label */
    public static function signatures(string $header): array
    {
        return (new self($header))->dictionary(static function (self $reader): string {
            $bytes = $reader->bareItem();
            if (!is_array($bytes) || $reader->peek() === ';') {
                throw new Rejected('field_syntax');
            }

            return $bytes[0];
        });
    }

    /**
     * @template T
     * @param callable(self): T $value
     * @return array<string, T>
     */
    private function dictionary(callable $value): array
    {
        $members = [];
        $this->skip(' ');
        while (true) {
            $key = $this->key();
            if (isset($members[$key]) || count($members) === self::MAX_MEMBERS) {
                throw new Rejected('field_syntax');
            }
            $this->expect('=');
            $members[$key] = $value($this);
            $this->skip(" \t");
            if ($this->at === strlen($this->text)) {
                return $members;
            }
            $this->expect(',');
            $this->skip(" \t");
        }
    }

    private function innerList(): SignatureInput
    {
        $this->expect('(');
        $components = [];
        while (true) {
            $this->skip(' ');
            if ($this->peek() === ')') {
                $this->at++;
                break;
            }
            $name = $this->bareItem();
            if (!is_string($name)) {
                throw new Rejected('field_syntax');
            }
            $components[] = self::quoted($name) . self::serialized($this->parameters());
            if (!in_array($this->peek(), [' ', ')'], true)) {
                throw new Rejected('field_syntax');
            }
        }

        return new SignatureInput($components, $this->parameters());
    }

    /** @return array<string, string|int|bool|array{0: string}> a byte sequence is an array of one */
    private function parameters(): array
    {
        $parameters = [];
        while ($this->peek() === ';') {
            $this->at++;
            $this->skip(' ');
            $key = $this->key();
            if (isset($parameters[$key])) {
                throw new Rejected('field_syntax');
            }
            $value = true;
            if ($this->peek() === '=') {
                $this->at++;
                $value = $this->bareItem();
            }
            $parameters[$key] = $value;
        }

        return $parameters;
    }

    /** @return string|int|array{0: string} */
    private function bareItem(): string|int|array
    {
        $rest = substr($this->text, $this->at);
        if (preg_match('/^"((?:[^"\\\\]|\\\\["\\\\])*)"/', $rest, $match) === 1) {
            $this->at += strlen($match[0]);

            return (string) preg_replace('/\\\\(["\\\\])/', '$1', $match[1]);
        }
        if (preg_match('/^-?[0-9]{1,15}(?![0-9.])/', $rest, $match) === 1) {
            $this->at += strlen($match[0]);

            return (int) $match[0];
        }
        if (preg_match('#^:([A-Za-z0-9+/]*={0,2}):#', $rest, $match) === 1) {
            $bytes = base64_decode($match[1], true);
            if ($bytes === false || base64_encode($bytes) !== $match[1]) {
                throw new Rejected('field_syntax');
            }
            $this->at += strlen($match[0]);

            return [$bytes];
        }
        throw new Rejected('field_syntax');
    }

    private function key(): string
    {
        if (preg_match('/^[a-z*][a-z0-9_.*-]*/', substr($this->text, $this->at), $match) !== 1) {
            throw new Rejected('field_syntax');
        }
        $this->at += strlen($match[0]);

        return $match[0];
    }

    private function peek(): string
    {
        return $this->text[$this->at] ?? '';
    }

    private function expect(string $character): void
    {
        if ($this->peek() !== $character) {
            throw new Rejected('field_syntax');
        }
        $this->at++;
    }

    private function skip(string $characters): void
    {
        $this->at += strspn($this->text, $characters, $this->at);
    }

    public static function quoted(string $text): string
    {
        return '"' . addcslashes($text, '"\\') . '"';
    }

    /** @param array<string, string|int|bool|array{0: string}> $parameters */
    public static function serialized(array $parameters): string
    {
        $text = '';
        foreach ($parameters as $name => $value) {
            $text .= ';' . $name . match (true) {
                $value === true => '',
                is_int($value) => '=' . $value,
                is_array($value) => '=:' . base64_encode($value[0]) . ':',
                default => '=' . self::quoted((string) $value),
            };
        }

        return $text;
    }
}
