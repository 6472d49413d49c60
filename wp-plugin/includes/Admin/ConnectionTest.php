<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Diagnosis;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Outcome;

/**
 * From the address to the sources, step by step; after the first step that fails nothing more is claimed.
 */
final class ConnectionTest
{
    /** The version of the wire contract (docs/wire.md) that this plugin speaks. */
    public const CONTRACT = 1;

    private const OK = 'ok';
    private const FAIL = 'fail';
    private const SKIPPED = 'skipped';

    public function __construct(private readonly Settings $settings, private readonly Connection $sidecar)
    {
    }

    /** @return list<array{label: string, state: string, text: string, ms: ?int}> */
    public function run(): array
    {
        $labels = [
            'configuration' => __('Address and keys are filled in', 'owc-zijspan'),
            'connection' => __('Zijspan can be reached', 'owc-zijspan'),
            'tls' => __('The connection is secure', 'owc-zijspan'),
            'clock' => __('The clocks agree', 'owc-zijspan'),
            'signature' => __('The signature is accepted', 'owc-zijspan'),
            'answer' => __('The answer is genuine', 'owc-zijspan'),
            'contract' => __('Plugin and Zijspan understand each other', 'owc-zijspan'),
            'admin' => __('The key for administration works', 'owc-zijspan'),
        ];
        $started = hrtime(true);
        $outcome = $this->sidecar->get('/v1/status');
        $ms = (int) ((hrtime(true) - $started) / 1_000_000);
        [$failed, $text] = [Diagnosis::step($outcome), Diagnosis::text($outcome)];
        if ($failed === null) {
            [$failed, $text] = $this->contract($outcome);
        }
        $check = null;
        if ($failed === null) {
            $check = $this->sidecar->admin('GET', '/v1/admin/check');
            if (!$check instanceof Answer) {
                $failed = 'admin';
                $text = $this->settings->hasAdminKey()
                    ? Diagnosis::text($check)
                    : __('No key for administration is set (ZIJSPAN_ADMIN_KEYID and ZIJSPAN_ADMIN_SECRET). Residents see their pages without it; the display rules and the test of the sources need it.', 'owc-zijspan');
            }
        }

        $steps = [];
        $state = self::OK;
        foreach ($labels as $name => $label) {
            if ($name === $failed) {
                $steps[] = $this->step($label, self::FAIL, $text);
                $state = self::SKIPPED;
                continue;
            }
            $steps[] = $this->step($label, $state, $this->remark($name, $state, $outcome), $name === 'connection' && $state === self::OK ? $ms : null);
        }

        return [...$steps, ...$this->sources($check)];
    }

    /** @return array{0: ?string, 1: string} */
    private function contract(Outcome $outcome): array
    {
        $contract = $outcome->data()['contract'] ?? null;
        if ($contract === self::CONTRACT) {
            return [null, ''];
        }

        return ['contract', sprintf(
            /* translators: 1: version of the plugin's contract, 2: version of the sidecar's */
            __('The plugin speaks version %1$d and Zijspan version %2$s. Update the older of the two.', 'owc-zijspan'),
            self::CONTRACT,
            is_int($contract) ? (string) $contract : '?'
        )];
    }

    private function remark(string $name, string $state, Outcome $outcome): string
    {
        if ($name !== 'contract' || $state !== self::OK) {
            return '';
        }
        $version = $outcome->data()['version'] ?? null;
        $environment = $outcome->data()['environment'] ?? null;

        return sprintf(
            /* translators: 1: version number, 2: name of an environment such as "productie" */
            __('Zijspan %1$s, environment “%2$s”', 'owc-zijspan'),
            is_string($version) ? $version : '?',
            is_string($environment) ? $environment : '?'
        );
    }

    /** @return list<array{label: string, state: string, text: string, ms: ?int}> */
    private function sources(?Outcome $check): array
    {
        $steps = [];
        foreach (array_filter((array) ($check?->data()['steps'] ?? []), 'is_array') as $step) {
            /* translators: %s: technical name of a source, such as "zgw.zaken" */
            $label = sprintf(__('Source %s', 'owc-zijspan'), is_string($step['step'] ?? null) ? $step['step'] : '?');
            $steps[] = $this->step(
                $label,
                ($step['ok'] ?? false) === true ? self::OK : self::FAIL,
                is_string($step['message'] ?? null) ? $step['message'] : '',
                is_int($step['ms'] ?? null) ? $step['ms'] : null
            );
        }

        return $steps;
    }

    /** @return array{label: string, state: string, text: string, ms: ?int} */
    private function step(string $label, string $state, string $text, ?int $ms = null): array
    {
        return ['label' => $label, 'state' => $state, 'text' => $text, 'ms' => $ms];
    }
}
