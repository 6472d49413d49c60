<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Diagnosis;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Outcome;
use Zijspan\Shim\Problem;

/**
 * The "Toonregels": what residents see and in which words. The sidecar keeps them, checks them and applies them; here
 * is only the form. One zaaktype at a time, so that a form stays far below what PHP accepts.
 */
final class PolicyTab implements Tab
{
    /** The last field of every form: when it did not arrive, PHP cut the form off. */
    public const END = 'einde';

    /** @var array<string, mixed>|null what was sent, when it was not saved */
    private ?array $post = null;
    /** @var array<string, string> by field of the form */
    private array $errors = [];
    /** @var list<array{type: string, text: string, lines: list<string>}> */
    private array $notices = [];

    public function __construct(private readonly Settings $settings, private readonly Connection $sidecar)
    {
    }

    public function label(): string
    {
        return __('Display rules', 'owc-zijspan');
    }

    public function receive(array $post, array $query): void
    {
        $this->post = $post;
        if (!isset($post[self::END])) {
            $this->notice('error', __('The form did not arrive in full and nothing was saved. Let the server accept more fields (max_input_vars).', 'owc-zijspan'));

            return;
        }
        $outcome = $this->sidecar->admin('GET', '/v1/admin/policy');
        if (!$outcome instanceof Answer) {
            $this->failed($outcome);

            return;
        }
        $current = $outcome->data();
        $version = (int) ($current['version'] ?? 0);
        if ($version !== (int) ($post['versie'] ?? -1)) {
            $this->conflict($version);

            return;
        }
        [$policy, $paths] = $this->edited((array) ($current['policy'] ?? []), $post, $query);
        $dry = isset($post['proef']);
        $saved = $this->sidecar->admin('PUT', '/v1/admin/policy', PolicyForm::payload($version, $policy, $dry));
        if ($saved instanceof Answer && $dry) {
            $changes = PolicyForm::texts($saved->data()['changes'] ?? null);
            $this->notice(
                'info',
                $changes === []
                    ? __('Nothing would change.', 'owc-zijspan')
                    : __('This is what would change. Nothing has been saved yet.', 'owc-zijspan'),
                $changes
            );
        } elseif ($saved instanceof Answer) {
            $kept = isset($post['vergeet']) ? [] : array_intersect_key($query, ['catalogus' => 1, 'zaaktype' => 1]);
            Admin::redirect(Admin::url('toonregels', array_filter($kept, 'is_string') + ['saved' => '1']));
        } elseif ($saved instanceof Problem && $saved->status === 409) {
            $this->conflict(null);
        } elseif ($saved instanceof Problem && $saved->status === 422) {
            $this->invalid($saved, $paths);
        } else {
            $this->failed($saved);
        }
    }

    public function show(array $query): void
    {
        if (!$this->settings->hasAdminKey()) {
            AdminView::show('policy-unavailable', [
                'text' => __('No key for administration is set. Ask who manages Zijspan for ZIJSPAN_ADMIN_KEYID and ZIJSPAN_ADMIN_SECRET.', 'owc-zijspan'),
                'url' => Admin::url('verbinding'),
            ]);

            return;
        }
        $outcome = $this->sidecar->admin('GET', '/v1/admin/policy');
        if (!$outcome instanceof Answer) {
            AdminView::show('policy-unavailable', ['text' => Diagnosis::text($outcome), 'url' => Admin::url('verbinding')]);

            return;
        }
        $answer = $outcome->data();
        $policy = (array) ($answer['policy'] ?? []);
        $found = $this->sidecar->admin('GET', '/v1/admin/catalogus');
        $catalogue = $found instanceof Answer ? $found->data() : [];
        if (!$found instanceof Answer) {
            $this->notice('warning', __('The catalogue of zaaktypen cannot be read right now. You see only what the display rules name already.', 'owc-zijspan'));
        }
        $values = [
            'version' => (int) ($answer['version'] ?? 0),
            'nonce' => Admin::nonce('toonregels'),
            'end' => self::END,
            'errors' => $this->errors,
            'notices' => $this->notices,
        ];
        if (is_string($query['zaaktype'] ?? null)) {
            $this->showZaaktype($query, $policy, $catalogue, $values);
        } else {
            $this->showGeneral($policy, $catalogue, (array) ($answer['bounds'] ?? []), $values);
        }
    }

    /**
     * @param array<mixed> $query
     * @param array<string, mixed> $policy
     * @param array<mixed> $catalogue
     * @param array<string, mixed> $values
     */
    private function showZaaktype(array $query, array $policy, array $catalogue, array $values): void
    {
        [$catalogus, $identificatie] = $this->named($query);
        $zaaktypen = PolicyForm::rows($catalogue['zaaktypen'] ?? null);
        $index = PolicyForm::find($zaaktypen, $catalogus, $identificatie);
        $zaaktype = $index === null ? [] : $zaaktypen[$index];
        $form = PolicyForm::values($policy, $zaaktype, $catalogus, $identificatie);
        if ($this->post !== null) {
            $form = $this->refilled($form, $this->post);
        }
        AdminView::show('policy-zaaktype', $values + [
            'form' => $form,
            'title' => PolicyForm::text($zaaktype['omschrijving'] ?? null) ?? $identificatie,
            'catalogus' => $catalogus,
            'identificatie' => $identificatie,
            'state' => $zaaktype['state'] ?? null,
            'extern' => ($zaaktype['extern'] ?? true) !== false,
            'known' => $index !== null,
            'turns' => self::turns(),
            'back' => Admin::url('toonregels'),
        ]);
    }

    /**
     * @param array<string, mixed> $policy
     * @param array<mixed> $catalogue
     * @param array<mixed> $bounds
     * @param array<string, mixed> $values
     */
    private function showGeneral(array $policy, array $catalogue, array $bounds, array $values): void
    {
        if ($this->post !== null) {
            $policy = PolicyForm::general($policy, $this->post);
        }
        $levels = static function (string $field) use ($bounds): array {
            $most = array_search($bounds[$field] ?? null, PolicyForm::LEVELS, true);

            return $most === false ? PolicyForm::LEVELS : array_slice(PolicyForm::LEVELS, 0, $most + 1);
        };
        AdminView::show('policy', $values + [
            'policy' => $policy,
            'zaakLevels' => $levels('zaak_vertrouwelijkheid'),
            'documentLevels' => $levels('document_vertrouwelijkheid'),
            'levelNames' => self::levels(),
            'roles' => array_intersect_key(
                self::roles(),
                array_flip(is_array($bounds['rollen'] ?? null) ? PolicyForm::texts($bounds['rollen']) : PolicyForm::ROLES)
            ),
            'documenttypen' => PolicyForm::texts($catalogue['informatieobjecttypen'] ?? null),
            'zaaktypen' => $this->overview($policy, PolicyForm::rows($catalogue['zaaktypen'] ?? null)),
        ]);
    }

    /**
     * Every zaaktype that the catalogue or the policy names.
     *
     * @param array<string, mixed> $policy
     * @param list<array<string, mixed>> $catalogue
     * @return list<array<string, mixed>>
     */
    private function overview(array $policy, array $catalogue): array
    {
        $own = PolicyForm::rows($policy['zaaktypen'] ?? null);
        $rows = [];
        $seen = [];
        foreach ([...$catalogue, ...$own] as $zaaktype) {
            $catalogus = is_string($zaaktype['catalogus'] ?? null) ? $zaaktype['catalogus'] : '';
            $identificatie = is_string($zaaktype['identificatie'] ?? null) ? $zaaktype['identificatie'] : '';
            if ($identificatie === '' || isset($seen["$catalogus\0$identificatie"])) {
                continue;
            }
            $seen["$catalogus\0$identificatie"] = true;
            $index = PolicyForm::find($own, $catalogus, $identificatie);
            $inCatalogue = PolicyForm::find($catalogue, $catalogus, $identificatie) !== null;
            $extern = ($zaaktype['extern'] ?? true) !== false;
            $shown = $index === null ? ($policy['nieuwe_zaaktypen'] ?? '') === 'tonen' : ($own[$index]['tonen'] ?? true) === true;
            $rows[] = [
                'title' => PolicyForm::text($zaaktype['omschrijving'] ?? null) ?? $identificatie,
                'label' => $index === null ? null : PolicyForm::text($own[$index]['label'] ?? null),
                'identificatie' => $identificatie,
                'catalogus' => $catalogus,
                'state' => $inCatalogue ? ($zaaktype['state'] ?? null) : 'weg',
                'extern' => $extern,
                'shown' => $extern && $shown,
                'byDefault' => $index === null,
                'url' => Admin::url('toonregels', ['catalogus' => $catalogus, 'zaaktype' => $identificatie]),
            ];
        }

        return $rows;
    }

    /**
     * @param array<string, mixed> $policy
     * @param array<mixed> $post
     * @param array<mixed> $query
     * @return array{0: array<string, mixed>, 1: array<string, string>}
     */
    private function edited(array $policy, array $post, array $query): array
    {
        if (is_string($query['zaaktype'] ?? null)) {
            return PolicyForm::zaaktype($policy, $post, ...$this->named($query));
        }
        $fields = ['zaak_vertrouwelijkheid', 'document_vertrouwelijkheid', 'rollen', 'nieuwe_zaaktypen', 'deelzaken',
            'zichtbaar_vanaf', 'status_betekenis', 'substatussen', 'aanvraag_documenttypen', 'interne_documenttypen',
            'verborgen_documenttypen'];

        return [PolicyForm::general($policy, $post), array_combine($fields, $fields) + ['modules.zaken' => 'module_zaken']];
    }

    /**
     * @param array<mixed> $query
     * @return array{0: string, 1: string}
     */
    private function named(array $query): array
    {
        return [is_string($query['catalogus'] ?? null) ? $query['catalogus'] : '', (string) $query['zaaktype']];
    }

    /**
     * What was typed, over what is saved.
     *
     * @param array<string, mixed> $form
     * @param array<mixed> $post
     * @return array<string, mixed>
     */
    private function refilled(array $form, array $post): array
    {
        $text = static fn (mixed $value): string => is_string($value) ? $value : '';
        $form['tonen'] = ($post['tonen'] ?? '') === 'ja';
        foreach (['label', 'status_betekenis', 'substatussen'] as $field) {
            $form[$field] = $text($post[$field] ?? null);
        }
        foreach (['statustypen', 'resultaattypen'] as $list) {
            foreach (PolicyForm::rows($post[$list] ?? null) as $index => $row) {
                if (isset($form[$list][$index])) {
                    $form[$list][$index] = [
                        'label' => $text($row['label'] ?? null),
                        'toelichting' => $text($row['toelichting'] ?? null),
                        'beurt' => $text($row['beurt'] ?? null),
                        'verborgen' => isset($row['verborgen']),
                        'bezwaar' => ['ja' => true, 'nee' => false][$row['bezwaar'] ?? ''] ?? null,
                    ] + $form[$list][$index];
                }
            }
        }

        return $form;
    }

    private function conflict(?int $version): void
    {
        $text = __('Somebody else changed the display rules in the meantime. What you filled in is still below and has not been saved. Save again to apply it on top of their changes.', 'owc-zijspan');
        /* translators: %d: version number of the display rules */
        $this->notice('warning', $version === null ? $text : $text . ' ' . sprintf(__('(version %d)', 'owc-zijspan'), $version));
    }

    /** @param array<string, string> $paths */
    private function invalid(Problem $problem, array $paths): void
    {
        $lines = [];
        foreach (PolicyForm::rows($problem->details['fields'] ?? null) as $field) {
            $path = is_string($field['path'] ?? null) ? $field['path'] : '';
            $message = is_string($field['message'] ?? null) ? $field['message'] : '';
            // An error about one line of a list belongs to the list.
            $name = $paths[$path] ?? $paths[preg_replace('/\.\d+$/', '', $path)] ?? null;
            if ($name !== null) {
                $this->errors[$name] = $message;
            }
            $lines[] = $name === null ? trim("$path: $message", ': ') : $message;
        }
        $this->notice('error', __('Nothing was saved, because something is not right:', 'owc-zijspan'), $lines);
    }

    private function failed(Outcome $outcome): void
    {
        $this->notice('error', __('Nothing was saved.', 'owc-zijspan') . ' ' . Diagnosis::text($outcome));
    }

    /** @param list<string> $lines */
    private function notice(string $type, string $text, array $lines = []): void
    {
        $this->notices[] = ['type' => $type, 'text' => $text, 'lines' => $lines];
    }

    /** @return array<string, string> */
    private static function turns(): array
    {
        return [
            '' => __('say nothing about it', 'owc-zijspan'),
            'gemeente' => __('the municipality', 'owc-zijspan'),
            'inwoner' => __('the resident', 'owc-zijspan'),
            'ander' => __('somebody else', 'owc-zijspan'),
        ];
    }

    /** @return array<string, string> */
    private static function roles(): array
    {
        return [
            'initiator' => __('who applied (initiator)', 'owc-zijspan'),
            'belanghebbende' => __('who is concerned (belanghebbende)', 'owc-zijspan'),
            'gemachtigde' => __('who is authorised (gemachtigde)', 'owc-zijspan'),
        ];
    }

    /** @return array<string, string> */
    private static function levels(): array
    {
        return [
            'openbaar' => 'Openbaar',
            'beperkt_openbaar' => 'Beperkt openbaar',
            'intern' => 'Intern',
            'zaakvertrouwelijk' => 'Zaakvertrouwelijk',
            'vertrouwelijk' => 'Vertrouwelijk',
            'confidentieel' => 'Confidentieel',
            'geheim' => 'Geheim',
            'zeer_geheim' => 'Zeer geheim',
        ];
    }
}
