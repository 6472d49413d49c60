<?php

declare(strict_types=1);

namespace OWC\Zijspan\Login;

defined('ABSPATH') || exit;

/**
 * The login plugins that ours can work with, and which of them was chosen for which way of logging in.
 */
final class Logins
{
    /** @param list<LoginPlugin> $plugins */
    public function __construct(
        private readonly LoginSettings $settings,
        private readonly array $plugins
    ) {
    }

    /** Null when the sidecar sends people to the provider itself. */
    public function for(string $idp): ?LoginPlugin
    {
        $by = in_array($idp, LoginSettings::IDPS, true) ? $this->settings->by($idp) : LoginSettings::SIDECAR;

        return $by === LoginSettings::SIDECAR ? null : $this->find($by);
    }

    public function find(string $id): ?LoginPlugin
    {
        foreach ($this->plugins as $plugin) {
            if ($plugin->id() === $id) {
                return $plugin;
            }
        }

        return null;
    }

    /**
     * Also when the plugin is no longer there: its sessions then end.
     *
     * @return array<string, LoginPlugin> by way of logging in
     */
    public function chosen(): array
    {
        $chosen = [];
        foreach (LoginSettings::IDPS as $idp) {
            $plugin = $this->for($idp);
            if ($plugin !== null) {
                $chosen[$idp] = $plugin;
            }
        }

        return $chosen;
    }

    /** @return list<LoginPlugin> */
    public function all(): array
    {
        return $this->plugins;
    }

    public function settings(): LoginSettings
    {
        return $this->settings;
    }
}
