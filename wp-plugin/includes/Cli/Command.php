<?php

declare(strict_types=1);

namespace OWC\Zijspan\Cli;

defined('ABSPATH') || exit;

use OWC\Zijspan\Health\HealthTests;
use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Diagnosis;
use OWC\Zijspan\Sidecar\Settings;
use OWC\Zijspan\Sidecar\StatusReport;
use OWC\Zijspan\Sidecar\StatusWords;
use Zijspan\Shim\Answer;

/**
 * Looks at the connection between this site and its Zijspan sidecar.
 */
final class Command
{
    public function __construct(
        private readonly Settings $settings,
        private readonly Connection $sidecar,
        private readonly HealthTests $health
    ) {
    }

    /**
     * Says what is configured, what the sidecar says about itself, and how its sources do.
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
        foreach (StatusReport::fromWire($outcome->data())->sources as $source) {
            $speed = StatusWords::speed(...$source->speed());
            $rows[] = [
                'name' => 'source ' . $source->name,
                'value' => StatusWords::state($source->state) . ($speed === null ? '' : ', ' . $speed),
            ];
        }
        \WP_CLI\Utils\format_items($options['format'] ?? 'table', $rows, ['name', 'value']);
        if (!$outcome instanceof Answer) {
            \WP_CLI::halt(1);
        }
    }

    /**
     * How the sources do, per part: the board of the settings page. Ends with 1 when one fails or is skipped, or when
     * the sidecar cannot be asked.
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
     *   - csv
     * ---
     *
     * ## EXAMPLES
     *
     *     wp zijspan sources --format=json
     *
     * @param list<string> $arguments
     * @param array<string, string> $options
     */
    public function sources(array $arguments, array $options): void
    {
        $outcome = $this->sidecar->get('/v1/status');
        if (!$outcome instanceof Answer) {
            \WP_CLI::error(Diagnosis::text($outcome) . ' [' . $outcome->summary() . ']');

            return;
        }
        $moment = static fn (?\DateTimeImmutable $moment): string => (string) $moment?->format('Y-m-d\TH:i:sP');
        $rows = [];
        $isBad = false;
        foreach (StatusReport::fromWire($outcome->data())->sources as $source) {
            $isBad = $isBad || $source->isBad();
            $rows[] = ['source' => $source->name, 'part' => '', 'state' => $source->state, 'since' => $moment($source->since()),
                'last_ok' => $moment($source->lastOk())];
            foreach ($source->components as $component) {
                $rows[] = [
                    'source' => $source->name,
                    'part' => $component->name,
                    'state' => $component->state,
                    'since' => $moment($component->since),
                    'last_ok' => $moment($component->lastOk),
                    'last_failure' => $moment($component->lastFailure),
                    'reason' => (string) $component->reason,
                    'median_ms' => (string) $component->medianMs,
                    'p95_ms' => (string) $component->p95Ms,
                    'calls' => (string) $component->calls,
                    'failures' => (string) $component->failures,
                ];
            }
        }
        $columns = ['source', 'part', 'state', 'since', 'last_ok', 'last_failure', 'reason', 'median_ms', 'p95_ms', 'calls', 'failures'];
        $rows = array_map(static fn (array $row): array => $row + array_fill_keys($columns, ''), $rows);
        \WP_CLI\Utils\format_items($options['format'] ?? 'table', $rows, $columns);
        if ($isBad) {
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

    /**
     * Looks at everything that Site Health looks at: the connection, caches, where blocks stand, and where somebody
     * could be taken for somebody else. Ends with 1 when something is wrong.
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
     *     wp zijspan doctor
     *
     * @param list<string> $arguments
     * @param array<string, string> $options
     */
    public function doctor(array $arguments, array $options): void
    {
        $rows = [];
        foreach ([...$this->health->direct(), ...$this->health->slow()] as $name => $test) {
            $result = $test();
            $rows[] = [
                'check' => $name,
                'state' => (string) $result['status'],
                'text' => $result['status'] === 'good'
                    ? (string) $result['label']
                    : html_entity_decode(wp_strip_all_tags((string) $result['description']), ENT_QUOTES),
            ];
        }
        \WP_CLI\Utils\format_items($options['format'] ?? 'table', $rows, ['check', 'state', 'text']);
        if (in_array('critical', array_column($rows, 'state'), true)) {
            \WP_CLI::halt(1);
        }
    }
}
