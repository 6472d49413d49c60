<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

/**
 * From a policy (docs/wire.md) to the values of a form and back. It judges nothing: the sidecar does, and names what is
 * wrong by path.
 */
final class PolicyForm
{
    public const LEVELS = [
        'openbaar', 'beperkt_openbaar', 'intern', 'zaakvertrouwelijk', 'vertrouwelijk', 'confidentieel', 'geheim',
        'zeer_geheim',
    ];
    public const ROLES = ['initiator', 'belanghebbende', 'gemachtigde'];
    public const TURNS = ['gemeente', 'inwoner', 'ander'];
    public const MEANINGS = ['bereikt', 'bezig'];
    private const DOCUMENT_LISTS = ['aanvraag_documenttypen', 'interne_documenttypen', 'verborgen_documenttypen'];

    /**
     * The body of PUT /v1/admin/policy.
     *
     * @param array<string, mixed> $policy
     * @return array<string, mixed>
     */
    public static function payload(int $version, array $policy, bool $dry): array
    {
        // An empty list of PHP would become [] where an object is meant.
        $policy = ['modules' => (object) ($policy['modules'] ?? [])] + $policy;

        return ['version' => $version, 'policy' => $policy, 'dry_run' => $dry];
    }

    /**
     * The policy with the general rules of a form in the place of its own.
     *
     * @param array<string, mixed> $policy
     * @param array<mixed> $post
     * @return array<string, mixed>
     */
    public static function general(array $policy, array $post): array
    {
        $from = is_string($post['zichtbaar_vanaf'] ?? null) ? trim($post['zichtbaar_vanaf']) : '';
        $policy['modules'] = ['zaken' => isset($post['module_zaken'])] + (array) ($policy['modules'] ?? []);
        foreach (['zaak_vertrouwelijkheid', 'document_vertrouwelijkheid'] as $field) {
            $policy[$field] = self::choice($post[$field] ?? null, self::LEVELS) ?? ($policy[$field] ?? 'zaakvertrouwelijk');
        }
        $policy['rollen'] = array_values(array_intersect(self::ROLES, self::texts($post['rollen'] ?? null)));
        $policy['nieuwe_zaaktypen'] = self::choice($post['nieuwe_zaaktypen'] ?? null, ['tonen', 'verbergen']) ?? 'verbergen';
        $policy['deelzaken'] = self::choice($post['deelzaken'] ?? null, ['gevouwen', 'los']) ?? 'gevouwen';
        $policy['zichtbaar_vanaf'] = $from === '' ? null : $from;
        $policy['status_betekenis'] = self::choice($post['status_betekenis'] ?? null, self::MEANINGS) ?? 'bereikt';
        $policy['substatussen'] = isset($post['substatussen']);
        foreach (self::DOCUMENT_LISTS as $field) {
            $lines = is_string($post[$field] ?? null) ? preg_split('/\R/u', $post[$field]) : [];
            $policy[$field] = array_values(array_unique(array_filter(array_map('trim', $lines ?: []), 'strlen')));
        }

        return $policy;
    }

    /**
     * The policy with one zaaktype's rules as a form has them, and where each path of the policy is in the form.
     *
     * @param array<string, mixed> $policy
     * @param array<mixed> $post
     * @return array{0: array<string, mixed>, 1: array<string, string>}
     */
    public static function zaaktype(array $policy, array $post, string $catalogus, string $identificatie): array
    {
        $zaaktypen = self::rows($policy['zaaktypen'] ?? null);
        $index = self::find($zaaktypen, $catalogus, $identificatie);
        if (isset($post['vergeet'])) {
            if ($index !== null) {
                array_splice($zaaktypen, $index, 1);
            }

            return [['zaaktypen' => $zaaktypen] + $policy, []];
        }
        $index ??= count($zaaktypen);
        $old = $zaaktypen[$index] ?? ['catalogus' => $catalogus, 'identificatie' => $identificatie];
        $paths = [];
        $base = "zaaktypen.$index";
        $own = [
            'tonen' => ($post['tonen'] ?? '') === 'ja',
            'label' => self::text($post['label'] ?? null),
            'status_betekenis' => self::choice($post['status_betekenis'] ?? null, self::MEANINGS),
            'substatussen' => ['ja' => true, 'nee' => false][$post['substatussen'] ?? ''] ?? null,
            'statustypen' => [],
            'resultaattypen' => [],
        ];
        foreach (['tonen', 'label', 'status_betekenis', 'substatussen'] as $field) {
            $paths["$base.$field"] = $field;
        }
        foreach (self::rows($post['statustypen'] ?? null) as $row => $given) {
            $label = self::text($given['label'] ?? null);
            $toelichting = self::text($given['toelichting'] ?? null);
            $beurt = self::choice($given['beurt'] ?? null, self::TURNS);
            $verborgen = isset($given['verborgen']);
            // Also without words of its own: what is named has been seen, so that a later change is noticed.
            if (isset($given['gone']) && $label === null && $toelichting === null && $beurt === null && !$verborgen) {
                continue;
            }
            foreach (['label', 'toelichting', 'beurt', 'verborgen'] as $field) {
                $paths["$base.statustypen." . count($own['statustypen']) . ".$field"] = "statustypen-$row-$field";
            }
            $own['statustypen'][] = [
                'volgnummer' => (int) ($given['volgnummer'] ?? 0),
                'omschrijving' => is_string($given['omschrijving'] ?? null) ? $given['omschrijving'] : '',
                'label' => $label,
                'toelichting' => $toelichting,
                'beurt' => $beurt,
                'verborgen' => $verborgen,
            ];
        }
        foreach (self::rows($post['resultaattypen'] ?? null) as $row => $given) {
            $label = self::text($given['label'] ?? null);
            $toelichting = self::text($given['toelichting'] ?? null);
            $bezwaar = ['ja' => true, 'nee' => false][$given['bezwaar'] ?? ''] ?? null;
            if (isset($given['gone']) && $label === null && $toelichting === null && $bezwaar === null) {
                continue;
            }
            foreach (['label', 'toelichting', 'bezwaar'] as $field) {
                $paths["$base.resultaattypen." . count($own['resultaattypen']) . ".$field"] = "resultaattypen-$row-$field";
            }
            $own['resultaattypen'][] = [
                'omschrijving' => is_string($given['omschrijving'] ?? null) ? $given['omschrijving'] : '',
                'label' => $label,
                'toelichting' => $toelichting,
                'bezwaar' => $bezwaar,
            ];
        }
        $zaaktypen[$index] = $own + $old;

        return [['zaaktypen' => $zaaktypen] + $policy, $paths];
    }

    /**
     * What a form about one zaaktype shows: every statustype and resultaattype of the catalogue with what the policy
     * says about it, and after those what the policy says about types that are no longer in the catalogue.
     *
     * @param array<string, mixed> $policy
     * @param array<string, mixed> $catalogue the zaaktype as the catalogue has it; empty when it is not there
     * @return array<string, mixed>
     */
    public static function values(array $policy, array $catalogue, string $catalogus, string $identificatie): array
    {
        $zaaktypen = self::rows($policy['zaaktypen'] ?? null);
        $index = self::find($zaaktypen, $catalogus, $identificatie);
        $own = $index === null ? [] : $zaaktypen[$index];

        return [
            'named' => $index !== null,
            'tonen' => $own['tonen'] ?? ($policy['nieuwe_zaaktypen'] ?? '') === 'tonen',
            'label' => self::text($own['label'] ?? null) ?? '',
            'status_betekenis' => self::text($own['status_betekenis'] ?? null) ?? '',
            'substatussen' => is_bool($own['substatussen'] ?? null) ? ($own['substatussen'] ? 'ja' : 'nee') : '',
            'statustypen' => self::joined(
                self::rows($catalogue['statustypen'] ?? null),
                self::rows($own['statustypen'] ?? null),
                static fn (array $row): string => ($row['volgnummer'] ?? '') . "\0" . ($row['omschrijving'] ?? '')
            ),
            'resultaattypen' => self::joined(
                self::rows($catalogue['resultaattypen'] ?? null),
                self::rows($own['resultaattypen'] ?? null),
                static fn (array $row): string => (string) ($row['omschrijving'] ?? '')
            ),
        ];
    }

    /**
     * @param list<array<string, mixed>> $zaaktypen
     */
    public static function find(array $zaaktypen, string $catalogus, string $identificatie): ?int
    {
        foreach ($zaaktypen as $index => $zaaktype) {
            if (($zaaktype['catalogus'] ?? '') === $catalogus && ($zaaktype['identificatie'] ?? '') === $identificatie) {
                return $index;
            }
        }

        return null;
    }

    /** @return list<array<string, mixed>> */
    public static function rows(mixed $rows): array
    {
        return is_array($rows) ? array_values(array_filter($rows, 'is_array')) : [];
    }

    public static function text(mixed $value): ?string
    {
        $text = is_string($value) ? trim(str_replace(["\r\n", "\r"], "\n", $value)) : '';

        return $text === '' ? null : $text;
    }

    /** @return list<string> */
    public static function texts(mixed $values): array
    {
        return is_array($values) ? array_values(array_filter($values, 'is_string')) : [];
    }

    /** @param list<string> $allowed */
    private static function choice(mixed $value, array $allowed): ?string
    {
        return is_string($value) && in_array($value, $allowed, true) ? $value : null;
    }

    /**
     * @param list<array<string, mixed>> $catalogue
     * @param list<array<string, mixed>> $own
     * @param \Closure(array<string, mixed>): string $key
     * @return list<array<string, mixed>>
     */
    private static function joined(array $catalogue, array $own, \Closure $key): array
    {
        $byKey = [];
        foreach ($own as $row) {
            $byKey[$key($row)] = $row;
        }
        $rows = [];
        foreach ($catalogue as $row) {
            $new = $own !== [] && !isset($byKey[$key($row)]);
            $rows[] = ($byKey[$key($row)] ?? []) + $row + ['gone' => false, 'new' => $new];
            unset($byKey[$key($row)]);
        }
        foreach ($byKey as $row) {
            $rows[] = $row + ['gone' => true, 'new' => false];
        }

        return $rows;
    }
}
