<?php

declare(strict_types=1);

namespace Zijspan\Shim\Signature;

/**
 * One member of Signature-Input: what is covered, in which order, and the signature's parameters.
 */
final class SignatureInput
{
    /**
     * @param list<string> $components identifiers as they stand in the base: "@method", "@method";req
     * @param array<string, string|int|bool|array{0: string}> $parameters in their order
     */
    public function __construct(public readonly array $components, public readonly array $parameters)
    {
    }

    public function serialized(): string
    {
        return '(' . implode(' ', $this->components) . ')' . StructuredFields::serialized($this->parameters);
    }

    /**
     * RFC 9421 section 2.5.
     *
     * @param array<string, string> $values by identifier
     */
    public function base(array $values): string
    {
        $lines = [];
        foreach ($this->components as $component) {
            if (!isset($values[$component]) || isset($lines[$component])) {
                throw new Rejected('components');
            }
            $lines[$component] = $component . ': ' . $values[$component];
        }
        $lines[] = '"@signature-params": ' . $this->serialized();

        return implode("\n", $lines);
    }
}
