<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

use OWC\Zijspan\Sidecar\ComponentReport;
use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Diagnosis;
use OWC\Zijspan\Sidecar\Settings;
use OWC\Zijspan\Sidecar\SourceReport;
use OWC\Zijspan\Sidecar\StatusReport;
use OWC\Zijspan\Sidecar\StatusWords;
use OWC\Zijspan\Blocks\Words;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Outcome;
use Zijspan\Shim\Problem;

/**
 * How the sources do, and the switches to turn one of them, or a module, off for residents. The switches are part of
 * the policy that the sidecar keeps: they work at once, and each change is in its audit log.
 */
final class SourcesTab implements Tab
{
    /** @var list<array{type: string, text: string, lines: list<string>}> */
    private array $notices = [];

    public function __construct(private readonly Settings $settings, private readonly Connection $sidecar)
    {
    }

    public function label(): string
    {
        return __('Sources', 'owc-zijspan');
    }

    public function receive(array $post, array $query): void
    {
        $wanted = $this->wanted($post);
        $outcome = $this->sidecar->admin('GET', '/v1/admin/policy');
        if (!$outcome instanceof Answer) {
            $this->failed($outcome);

            return;
        }
        [$version, $policy, $switches] = $this->read($outcome);
        if ($wanted === null || !$switches->canTurn($wanted['soort'], $wanted['naam'])) {
            $this->notice('error', __('Nothing was changed: this cannot be switched here.', 'owc-zijspan'));

            return;
        }
        if ($version !== (int) ($post['versie'] ?? -1)) {
            $this->conflict();

            return;
        }
        $policy = $switches->turned($wanted['soort'], $wanted['naam'], $wanted['aan']);
        $saved = $this->sidecar->admin('PUT', '/v1/admin/policy', PolicyForm::payload($version, $policy, false));
        if ($saved instanceof Answer) {
            Admin::redirect(Admin::url('bronnen', ['saved' => '1']));
        }
        if ($saved instanceof Problem && $saved->status === 409) {
            $this->conflict();
        } elseif ($saved instanceof Problem && $saved->status === 422) {
            $this->notice(
                'error',
                __('Nothing was saved, because something is not right:', 'owc-zijspan'),
                PolicyForm::texts(array_column(PolicyForm::rows($saved->details['fields'] ?? null), 'message'))
            );
        } else {
            $this->failed($saved);
        }
    }

    public function show(array $query): void
    {
        $outcome = $this->sidecar->get('/v1/status');
        if (!$outcome instanceof Answer) {
            AdminView::show('sources-unavailable', [
                'notices' => $this->notices,
                'text' => Diagnosis::text($outcome),
                'url' => Admin::url('verbinding'),
            ]);

            return;
        }
        $report = StatusReport::fromWire($outcome->data());
        $known = $this->settings->hasAdminKey() ? $this->sidecar->admin('GET', '/v1/admin/policy') : null;
        [$version, , $switches] = $known instanceof Answer ? $this->read($known) : [0, [], new Switches([], [])];
        $wanted = $this->wanted($query);
        if ($wanted !== null && $known instanceof Answer && $switches->canTurn($wanted['soort'], $wanted['naam'])) {
            $this->showConfirm($wanted, $report, $version);

            return;
        }
        AdminView::show('sources', [
            'notices' => $this->notices,
            'summary' => $this->summary($report),
            'now' => StatusWords::moment($report->time, $report),
            'refresh' => Admin::url('bronnen'),
            'sources' => array_map(
                fn (SourceReport $source): array => $this->source($source, $report, $switches),
                $report->sources
            ),
            'modules' => $this->modules($report, $switches),
            'canSwitch' => $known instanceof Answer,
            'noSwitch' => match (true) {
                $known === null => __('Sources and parts can be switched off here once a key for administration is set (ZIJSPAN_ADMIN_KEYID and ZIJSPAN_ADMIN_SECRET).', 'owc-zijspan'),
                $known instanceof Answer => '',
                default => __('Nothing can be switched right now.', 'owc-zijspan') . ' ' . Diagnosis::text($known),
            },
            'cache' => self::cache($report),
            'test' => Admin::url('verbinding'),
        ]);
    }

    /**
     * What a form or a link asks to turn.
     *
     * @param array<mixed> $given
     * @return array{soort: string, naam: string, aan: bool}|null
     */
    private function wanted(array $given): ?array
    {
        $kind = $given['soort'] ?? null;
        $name = $given['naam'] ?? null;
        $way = $given['zet'] ?? null;
        $fits = in_array($kind, [Switches::MODULE, Switches::SOURCE], true)
            && is_string($name) && preg_match('/^[a-z0-9_-]{1,64}$/D', $name) === 1
            && in_array($way, ['aan', 'uit'], true);

        return $fits ? ['soort' => $kind, 'naam' => $name, 'aan' => $way === 'aan'] : null;
    }

    /** @return array{0: int, 1: array<string, mixed>, 2: Switches} version, policy, and its switches */
    private function read(Answer $answer): array
    {
        $data = $answer->data();
        $policy = (array) ($data['policy'] ?? []);

        return [(int) ($data['version'] ?? 0), $policy, new Switches($policy, (array) ($data['bounds'] ?? []))];
    }

    /** @param array{soort: string, naam: string, aan: bool} $wanted */
    private function showConfirm(array $wanted, StatusReport $report, int $version): void
    {
        $isModule = $wanted['soort'] === Switches::MODULE;
        $label = $isModule ? self::module($wanted['naam']) : $this->labelOf($wanted['naam'], $report);
        AdminView::show('sources-confirm', [
            'notices' => $this->notices,
            'wanted' => $wanted,
            'title' => sprintf(
                /* translators: %s: name of a source or a part */
                $wanted['aan'] ? __('Switch on “%s”?', 'owc-zijspan') : __('Switch off “%s”?', 'owc-zijspan'),
                $label
            ),
            'lines' => match (true) {
                $isModule && $wanted['aan'] => [__('Residents can see this part again, at once.', 'owc-zijspan')],
                $isModule => [
                    __('Residents no longer see this part. They read that the municipality does not offer it online at the moment.', 'owc-zijspan'),
                    __('This works at once, without a restart, for everybody who is logged in. You can switch it on again here.', 'owc-zijspan'),
                ],
                $wanted['aan'] => [__('Zijspan asks this source again as soon as a resident opens a page.', 'owc-zijspan')],
                default => [
                    __('Zijspan asks this source nothing any more, not even for documents. Residents read that the municipality has switched off a part for a while.', 'owc-zijspan'),
                    __('This works at once, without a restart, for everybody who is logged in. You can switch it on again here.', 'owc-zijspan'),
                ],
            },
            'version' => $version,
            'nonce' => Admin::nonce('bronnen'),
            'back' => Admin::url('bronnen'),
        ]);
    }

    private function labelOf(string $name, StatusReport $report): string
    {
        foreach ($report->sources as $source) {
            if ($source->name === $name) {
                return $source->label;
            }
        }

        return $name;
    }

    /** @return array{type: string, text: string}|null */
    private function summary(StatusReport $report): ?array
    {
        $all = count($report->sources);
        $states = array_count_values(array_map(static fn (SourceReport $source): string => $source->state, $report->sources));
        $bad = count(array_filter($report->sources, static fn (SourceReport $source): bool => $source->isBad()));

        return match (true) {
            $all === 0 => ['type' => 'info', 'text' => __('Zijspan has no sources yet. They are set in its configuration.', 'owc-zijspan')],
            $bad > 0 => ['type' => 'warning', 'text' => sprintf(
                /* translators: 1: number of sources that fail, 2: number of all sources */
                _n('%1$d of %2$d sources gives no good answer now. Residents read that a part is missing.', '%1$d of %2$d sources give no good answer now. Residents read that a part is missing.', $bad, 'owc-zijspan'),
                $bad,
                $all
            )],
            ($states[StatusReport::OFF] ?? 0) > 0 => ['type' => 'info', 'text' => sprintf(
                /* translators: 1: number of sources that are off, 2: number of all sources */
                _n('%1$d of %2$d sources is switched off.', '%1$d of %2$d sources are switched off.', $states[StatusReport::OFF], 'owc-zijspan'),
                $states[StatusReport::OFF],
                $all
            )],
            ($states[StatusReport::OK] ?? 0) === $all => ['type' => 'success', 'text' => __('All sources work.', 'owc-zijspan')],
            default => null,
        };
    }

    /** @return array<string, mixed> */
    private function source(SourceReport $source, StatusReport $report, Switches $switches): array
    {
        return [
            'name' => $source->name,
            'label' => $source->label,
            'state' => $source->state,
            'words' => StatusWords::state($source->state),
            'explanation' => $this->explanation($source, $switches),
            'since' => StatusWords::moment($source->since(), $report),
            'lastOk' => StatusWords::moment($source->lastOk(), $report),
            'speed' => StatusWords::speed(...$source->speed()),
            'culprit' => $source->isBad() ? $this->component($source->culprit(), $report) : null,
            'components' => array_map(
                fn (ComponentReport $component): ?array => $this->component($component, $report),
                $source->components
            ),
            'switch' => $this->switch(Switches::SOURCE, $source->name, $switches),
        ];
    }

    private function explanation(SourceReport $source, Switches $switches): string
    {
        return match ($source->state) {
            StatusReport::OK => __('The last questions were answered.', 'owc-zijspan'),
            StatusReport::FAILING => __('The last question was not answered well. Residents read that a part is missing.', 'owc-zijspan'),
            StatusReport::SKIPPED => __('This source failed so often that Zijspan does not ask it for a while, so that pages stay fast. Zijspan tries again by itself. Residents read that a part is missing.', 'owc-zijspan'),
            StatusReport::OFF => match (true) {
                $source->offBy === 'configuration' => __('Switched off in the configuration of Zijspan. Only who manages Zijspan can switch it on.', 'owc-zijspan'),
                !$switches->isOn(Switches::SOURCE, $source->name) => __('Switched off here. Residents read that the municipality has switched off a part for a while.', 'owc-zijspan'),
                default => __('Not asked, because the part that uses it is switched off.', 'owc-zijspan'),
            },
            default => __('Nobody has asked this source since Zijspan started. The test of the connection asks every source.', 'owc-zijspan'),
        };
    }

    /** @return array<string, mixed>|null */
    private function component(?ComponentReport $component, StatusReport $report): ?array
    {
        return $component === null ? null : [
            'label' => StatusWords::component($component->name),
            'state' => $component->state,
            'words' => StatusWords::state($component->state),
            'since' => StatusWords::moment($component->since, $report),
            'lastOk' => StatusWords::moment($component->lastOk, $report),
            'lastFailure' => StatusWords::moment($component->lastFailure, $report),
            'reason' => StatusWords::reason($component->reason),
            'speed' => StatusWords::speed($component->medianMs, $component->p95Ms),
            'calls' => Words::count($component->calls),
            'failures' => Words::count($component->failures),
            'busy' => $component->inFlight + $component->waiting === 0 ? null : sprintf(
                /* translators: 1: number of questions that are being asked, 2: number of questions that wait */
                __('%1$s now, %2$s waiting', 'owc-zijspan'),
                Words::count($component->inFlight),
                Words::count($component->waiting)
            ),
        ];
    }

    /** @return list<array<string, mixed>> */
    private function modules(StatusReport $report, Switches $switches): array
    {
        $rows = [];
        foreach ($switches->modules() ?: array_keys($report->modules) as $name) {
            $name = (string) $name;
            $on = $report->modules[$name] ?? $switches->isOn(Switches::MODULE, $name);
            $rows[] = [
                'label' => self::module($name),
                'on' => $on,
                'fixed' => !$on && $switches->isFixed(Switches::MODULE, $name),
                'switch' => $this->switch(Switches::MODULE, $name, $switches),
            ];
        }

        return $rows;
    }

    private static function module(string $name): string
    {
        return $name === 'zaken' ? __('My cases', 'owc-zijspan') : $name;
    }

    /** @return array{on: bool, url: string}|null null when it cannot be turned here */
    private function switch(string $kind, string $name, Switches $switches): ?array
    {
        if (!$switches->canTurn($kind, $name)) {
            return null;
        }
        $on = $switches->isOn($kind, $name);

        return ['on' => $on, 'url' => Admin::url('bronnen', ['soort' => $kind, 'naam' => $name, 'zet' => $on ? 'uit' : 'aan'])];
    }

    private static function cache(StatusReport $report): ?string
    {
        $cache = $report->cache;
        if (!isset($cache['entries'], $cache['bytes'], $cache['max_bytes'])) {
            return null;
        }
        $asked = ($cache['hits'] ?? 0) + ($cache['misses'] ?? 0);
        $text = sprintf(
            /* translators: 1: number of answers, 2: a size such as "48 kB", 3: a size such as "67,1 MB" */
            __('Zijspan holds %1$s answers of sources in memory (%2$s of at most %3$s).', 'owc-zijspan'),
            Words::count($cache['entries']),
            Words::size($cache['bytes']),
            Words::size($cache['max_bytes'])
        );

        return $asked === 0 ? $text : $text . ' ' . sprintf(
            /* translators: %d: percentage */
            __('%d%% of all questions since the start needed no source.', 'owc-zijspan'),
            (int) round(100 * ($cache['hits'] ?? 0) / $asked)
        );
    }

    private function conflict(): void
    {
        $this->notice('warning', __('Somebody else changed the display rules in the meantime. Nothing was switched. Look at how things stand now, and try again.', 'owc-zijspan'));
    }

    private function failed(Outcome $outcome): void
    {
        $this->notice('error', __('Nothing was changed.', 'owc-zijspan') . ' ' . Diagnosis::text($outcome));
    }

    /** @param list<string> $lines */
    private function notice(string $type, string $text, array $lines = []): void
    {
        $this->notices[] = ['type' => $type, 'text' => $text, 'lines' => $lines];
    }
}
