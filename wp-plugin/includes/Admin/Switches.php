<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

/**
 * The kill switches of a policy: which modules and sources there are, which of them are off, and the policy with one of
 * them turned. What the configuration of Zijspan has switched off cannot be switched on here.
 */
final class Switches
{
    public const MODULE = 'module';
    public const SOURCE = 'bron';

    /**
     * @param array<string, mixed> $policy
     * @param array<mixed> $bounds
     */
    public function __construct(private readonly array $policy, private readonly array $bounds)
    {
    }

    /**
     * Which modules can be turned.
     *
     * @return list<string>
     */
    public function modules(): array
    {
        return array_map('strval', array_keys(array_filter((array) ($this->policy['modules'] ?? []), 'is_bool')));
    }

    public function isOn(string $kind, string $name): bool
    {
        return $kind === self::MODULE
            ? ($this->policy['modules'][$name] ?? false) === true
            : !in_array($name, PolicyForm::texts($this->policy['bronnen_uit'] ?? null), true);
    }

    /** Has the configuration the last word about it? */
    public function isFixed(string $kind, string $name): bool
    {
        return $kind === self::MODULE
            ? ($this->bounds['modules'][$name] ?? true) === false
            : in_array($name, PolicyForm::texts($this->bounds['bronnen_uit'] ?? null), true);
    }

    public function canTurn(string $kind, string $name): bool
    {
        $known = $kind === self::MODULE
            ? in_array($name, $this->modules(), true)
            : $kind === self::SOURCE && in_array($name, PolicyForm::texts($this->bounds['bronnen'] ?? null), true);

        return $known && !$this->isFixed($kind, $name);
    }

    /**
     * The policy with this one on or off; everything else stays as it is.
     *
     * @return array<string, mixed>
     */
    public function turned(string $kind, string $name, bool $on): array
    {
        $policy = $this->policy;
        if ($kind === self::MODULE) {
            $policy['modules'] = [$name => $on] + (array) ($policy['modules'] ?? []);
        } else {
            $off = array_diff(PolicyForm::texts($policy['bronnen_uit'] ?? null), [$name]);
            $policy['bronnen_uit'] = array_values($on ? $off : [...$off, $name]);
        }

        return $policy;
    }
}
