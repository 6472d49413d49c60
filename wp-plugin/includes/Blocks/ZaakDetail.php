<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\PageContext;

/**
 * The part "zaak" as the values of the template partials/zaak.php. Two blocks show it: Zaak, and Mijn zaken on a page
 * of its own. Every field of the answer may be absent.
 */
final class ZaakDetail
{
    /**
     * @param array{label: string, url: string}|null $back
     * @param callable(string): string $zaakUrl the address of another zaak
     * @return array<string, mixed>
     */
    public static function view(
        PartResult $result,
        PageContext $context,
        int $level,
        ?array $back,
        callable $zaakUrl
    ): array {
        $zaak = $result->data ?? [];
        $missing = $result->missing();
        $open = ($zaak['open'] ?? true) === true;
        $title = Words::text($zaak['zaaktype'] ?? null);
        $subtitle = Words::text($zaak['omschrijving'] ?? null);
        if ($title === null) {
            [$title, $subtitle] = [$subtitle ?? __('Your case', 'owc-zijspan'), null];
        }

        return [
            'level' => $level,
            'id' => $context->id(...),
            'back' => $back,
            'title' => $title,
            'subtitle' => $subtitle === $title ? null : $subtitle,
            'toelichting' => Words::text($zaak['toelichting'] ?? null),
            'open' => $open,
            'gaps' => Gaps::notices($result),
            'fetching' => $result->isFetching(),
            'retryUrl' => $context->retryUrl(),
            'status' => self::status($zaak, $open, $context),
            'stappen' => self::steps($zaak['stappen'] ?? null),
            'stappenMissing' => in_array('stappen', $missing, true),
            'statusMissing' => in_array('status', $missing, true),
            'details' => self::details($zaak, $open),
            'resultaat' => self::result($zaak['resultaat'] ?? null),
            'resultaatMissing' => in_array('resultaat', $missing, true),
            'bezwaar' => self::objection($zaak),
            'besluiten' => self::decisions($zaak['besluiten'] ?? null, $context),
            'besluitenMissing' => in_array('besluiten', $missing, true),
            'aanvraag' => self::document($zaak['aanvraag'] ?? null, $context, __('Your application', 'owc-zijspan')),
            'aanvraagMissing' => in_array('aanvraag', $missing, true),
            'documenten' => self::documents(self::notOfADecision($zaak), $context),
            'documentenMissing' => in_array('documenten', $missing, true),
            'hoofdzaak' => self::related([$zaak['hoofdzaak'] ?? null], $zaakUrl)[0] ?? null,
            'deelzaken' => self::related($zaak['deelzaken'] ?? null, $zaakUrl),
        ];
    }

    /**
     * @param array<string, mixed> $zaak
     * @return array<string, mixed>|null
     */
    private static function status(array $zaak, bool $open, PageContext $context): ?array
    {
        $status = is_array($zaak['status'] ?? null) ? $zaak['status'] : [];
        $label = Words::text($status['label'] ?? null);
        if ($label === null) {
            return null;
        }

        return [
            'label' => $label,
            'toelichting' => Words::text($status['toelichting'] ?? null),
            'since' => Words::date($status['datum'] ?? null),
            'beurt' => $open ? ($status['beurt'] ?? null) : null,
            'turn' => $open ? Words::turn($status['beurt'] ?? null) : null,
            'expected' => $open ? Words::date($zaak['einddatum_gepland'] ?? null) : null,
            'overdue' => Words::isPast($zaak['einddatum_gepland'] ?? null, $context->now()),
        ];
    }

    /** @return list<array<string, mixed>> */
    private static function steps(mixed $steps): array
    {
        $views = [];
        foreach (self::rows($steps) as $step) {
            $label = Words::text($step['label'] ?? null);
            if ($label === null) {
                continue;
            }
            $state = in_array($step['state'] ?? null, ['done', 'current'], true) ? $step['state'] : 'todo';
            $substeps = [];
            foreach (self::rows($step['substatussen'] ?? null) as $substep) {
                $text = Words::text($substep['label'] ?? null);
                if ($text !== null) {
                    $substeps[] = ['label' => $text, 'date' => Words::date($substep['datum'] ?? null)];
                }
            }
            $views[] = [
                'number' => count($views) + 1,
                'label' => $label,
                'toelichting' => Words::text($step['toelichting'] ?? null),
                'state' => $state,
                'class' => ['done' => 'checked', 'current' => 'current', 'todo' => 'not-checked'][$state],
                'words' => [
                    'done' => __('Done:', 'owc-zijspan'),
                    'current' => __('Current step:', 'owc-zijspan'),
                    'todo' => __('Not started yet:', 'owc-zijspan'),
                ][$state],
                'date' => Words::date($step['datum'] ?? null),
                'substeps' => $substeps,
            ];
        }

        return $views;
    }

    /**
     * @param array<string, mixed> $zaak
     * @return list<array<string, mixed>>
     */
    private static function details(array $zaak, bool $open): array
    {
        $details = [];
        $date = static function (string $label, string $field) use (&$details, $zaak): void {
            $value = Words::date($zaak[$field] ?? null);
            if ($value !== null) {
                $details[] = ['label' => $label, 'date' => $value];
            }
        };
        $date(__('Applied for on', 'owc-zijspan'), 'registratiedatum');
        $date(__('Start date', 'owc-zijspan'), 'startdatum');
        $number = Words::text($zaak['zaaknummer'] ?? null);
        if ($number !== null) {
            $details[] = ['label' => __('Case number', 'owc-zijspan'), 'number' => $number];
        }
        if ($open) {
            $date(__('Expected end date', 'owc-zijspan'), 'einddatum_gepland');
            $date(__('Final date', 'owc-zijspan'), 'uiterlijke_einddatum');
        }
        $date(__('End date', 'owc-zijspan'), 'einddatum');

        return $details;
    }

    /** @return array<string, mixed>|null */
    private static function result(mixed $result): ?array
    {
        $label = is_array($result) ? Words::text($result['label'] ?? null) : null;

        return $label === null ? null : [
            'label' => $label,
            'toelichting' => Words::text($result['toelichting'] ?? null),
        ];
    }

    /**
     * What is said about objecting: only where the policy says that it is possible, and with a last day only where
     * exactly that day was given.
     *
     * @param array<string, mixed> $zaak
     * @return array{possible: bool, before: array{datetime: string, text: string}|null}|null
     */
    private static function objection(array $zaak): ?array
    {
        $possible = $zaak['resultaat']['bezwaar'] ?? null;
        if (!is_bool($possible)) {
            return null;
        }
        $days = [];
        foreach (self::rows($zaak['besluiten'] ?? null) as $decision) {
            if (Words::day($decision['uiterlijke_reactiedatum'] ?? null) !== null) {
                $days[] = $decision['uiterlijke_reactiedatum'];
            }
        }

        // With several decisions each says its own day.
        return ['possible' => $possible, 'before' => $possible && count($days) === 1 ? Words::date($days[0]) : null];
    }

    /** @return list<array<string, mixed>> */
    private static function decisions(mixed $decisions, PageContext $context): array
    {
        $views = [];
        foreach (self::rows($decisions) as $decision) {
            $facts = [];
            foreach (
                [
                    'datum' => __('Decided on', 'owc-zijspan'),
                    'ingangsdatum' => __('Takes effect on', 'owc-zijspan'),
                    'vervaldatum' => __('Valid until', 'owc-zijspan'),
                    'uiterlijke_reactiedatum' => __('You can respond until', 'owc-zijspan'),
                ] as $field => $label
            ) {
                $value = Words::date($decision[$field] ?? null);
                if ($value !== null) {
                    $facts[] = ['label' => $label, 'date' => $value];
                }
            }
            $views[] = [
                'label' => Words::text($decision['label'] ?? null) ?? __('Decision', 'owc-zijspan'),
                'toelichting' => Words::text($decision['toelichting'] ?? null),
                'facts' => $facts,
                'documenten' => self::documents($decision['documenten'] ?? null, $context),
            ];
        }

        return $views;
    }

    /**
     * A decision's document is linked to its zaak as well. It stands under the decision, and not again below it.
     *
     * @param array<string, mixed> $zaak
     * @return list<array<string, mixed>>
     */
    private static function notOfADecision(array $zaak): array
    {
        $shown = [];
        foreach (self::rows($zaak['besluiten'] ?? null) as $decision) {
            foreach (self::rows($decision['documenten'] ?? null) as $document) {
                $shown[] = Words::text($document['handle'] ?? null);
            }
        }
        $shown = array_filter($shown, 'is_string');

        return array_values(array_filter(
            self::rows($zaak['documenten'] ?? null),
            static fn (array $document): bool => !in_array($document['handle'] ?? null, $shown, true)
        ));
    }

    /** @return list<array<string, mixed>> */
    private static function documents(mixed $documents, PageContext $context): array
    {
        $views = [];
        foreach (self::rows($documents) as $document) {
            $view = self::document($document, $context);
            if ($view !== null) {
                $views[] = $view;
            }
        }

        return $views;
    }

    /** @return array<string, mixed>|null */
    private static function document(mixed $document, PageContext $context, ?string $name = null): ?array
    {
        if (!is_array($document)) {
            return null;
        }
        $handle = Words::text($document['handle'] ?? null);
        $extension = Words::text($document['extensie'] ?? null);
        $size = Words::size($document['omvang'] ?? null);
        $language = Words::text($document['taal'] ?? null);

        return [
            'name' => Words::text($document['naam'] ?? null)
                ?? Words::text($document['bestandsnaam'] ?? null)
                ?? $name
                ?? __('Document', 'owc-zijspan'),
            'url' => $handle === null ? null : $context->documentUrl($handle),
            'facts' => implode(', ', array_filter([$extension, $size], 'is_string')),
            'type' => Words::text($document['type'] ?? null),
            'date' => Words::date($document['datum'] ?? null),
            'lang' => $language !== null && preg_match('/^[a-z]{2,3}$/D', $language) === 1
                && !in_array($language, ['nl', 'nld', 'dut'], true) ? $language : null,
        ];
    }

    /**
     * @param callable(string): string $zaakUrl
     * @return list<array<string, mixed>>
     */
    private static function related(mixed $zaken, callable $zaakUrl): array
    {
        $views = [];
        foreach (self::rows($zaken) as $zaak) {
            $handle = Words::text($zaak['handle'] ?? null);
            if ($handle !== null) {
                $views[] = [
                    'url' => $zaakUrl($handle),
                    'title' => Words::text($zaak['zaaktype'] ?? null)
                        ?? Words::text($zaak['omschrijving'] ?? null)
                        ?? __('Your case', 'owc-zijspan'),
                    'omschrijving' => Words::text($zaak['omschrijving'] ?? null),
                    'number' => Words::text($zaak['zaaknummer'] ?? null),
                    'status' => is_array($zaak['status'] ?? null) ? Words::text($zaak['status']['label'] ?? null) : null,
                ];
            }
        }

        return $views;
    }

    /** @return list<array<string, mixed>> */
    private static function rows(mixed $rows): array
    {
        return is_array($rows) ? array_values(array_filter($rows, 'is_array')) : [];
    }
}
