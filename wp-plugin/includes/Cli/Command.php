<?php

declare(strict_types=1);

namespace OWC\Zijspan\Cli;

defined('ABSPATH') || exit;

use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Diagnosis;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\Answer;

/**
 * Looks at the connection between this site and its Zijspan sidecar.
 */
final class Command
{
    public function __construct(
        private readonly Settings $settings,
        private readonly Connection $sidecar
    ) {
    }

    /**
     * Says what is configured and what the sidecar says about itself.
     *
     * ## OPTIONS
     *
     * [--format=<format>]
     * : How to print it.
     * ---
     * default: table
     * options:
     *   - table
     *   - json
     *   - yaml
     * ---
     *
     * ## EXAMPLES
     *
     *     wp zijspan status --format=json
     *
     * @param list<string> $arguments
     * @param array<string, string> $options
     */
    public function status(array $arguments, array $options): void
    {
        $rows = [];
        foreach ($this->settings->problems() as $problem) {
            $rows[] = ['name' => $problem->setting, 'value' => $problem->getMessage()];
        }
        if ($rows === []) {
            $rows[] = ['name' => 'address', 'value' => $this->settings->endpoint()->origin];
            foreach (['request' => $this->settings->requestKey(), 'response' => $this->settings->responseKey()] as $name => $key) {
                $rows[] = ['name' => $name . ' key', 'value' => $key->id . ' (' . $key->fingerprint() . ')'];
            }
        }
        $outcome = $this->sidecar->get('/v1/status');
        $rows[] = ['name' => 'sidecar', 'value' => Diagnosis::text($outcome)];
        foreach (['version', 'contract', 'site', 'environment', 'time'] as $name) {
            if (is_scalar($outcome->data()[$name] ?? null)) {
                $rows[] = ['name' => $name, 'value' => (string) $outcome->data()[$name]];
            }
        }
        \WP_CLI\Utils\format_items($options['format'] ?? 'table', $rows, ['name', 'value']);
        if (!$outcome instanceof Answer) {
            \WP_CLI::halt(1);
        }
    }

    /**
     * Asks the sidecar one signed question. Ends with 1 when that fails.
     *
     * ## EXAMPLES
     *
     *     wp zijspan ping
     */
    public function ping(): void
    {
        $began = hrtime(true);
        $outcome = $this->sidecar->get('/v1/status');
        $milliseconds = (int) ((hrtime(true) - $began) / 1e6);
        if ($outcome instanceof Answer) {
            \WP_CLI::success(Diagnosis::text($outcome) . ' ' . $milliseconds . ' ms');

            return;
        }
        \WP_CLI::error(Diagnosis::text($outcome) . ' [' . $outcome->summary() . ']');
    }
}
