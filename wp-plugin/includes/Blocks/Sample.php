<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * Zaken that do not exist, of people who do not exist: what an editor sees. States as in Block::sample().
 */
final class Sample
{
    public static function zaken(string $state): PartResult
    {
        return self::other($state) ?? match ($state) {
            'leeg' => PartResult::ok(self::overview([], 0, 0)),
            'veel' => PartResult::ok(
                ['next' => 'volgende'] + self::overview(self::manyZaken(), 18, 7)
            ),
            'gedeeltelijk' => PartResult::partial(self::overview(self::fewZaken(), 3, 1, true), ['zaken'], 'VB4K7Q2M'),
            'onderweg' => PartResult::partial(
                self::overview(self::fewZaken(), 3, 0, true),
                ['zaken'],
                sources: [['name' => 'een', 'state' => 'answered', 'count' => 3], ['name' => 'twee', 'state' => 'late']]
            ),
            'begrensd' => PartResult::partial(
                ['next' => 'volgende'] + self::overview(self::manyZaken(), 500, 0, true),
                ['zaken'],
                reason: 'bound',
                sources: [['name' => 'een', 'state' => 'answered', 'count' => 500, 'of' => 872]]
            ),
            default => PartResult::ok(self::overview(self::fewZaken(), 3, 1)),
        };
    }

    public static function zaak(string $state): PartResult
    {
        $zaak = self::detail();

        return self::other($state) ?? match ($state) {
            'leeg' => PartResult::ok(
                ['stappen' => [], 'besluiten' => [], 'documenten' => [], 'aanvraag' => null, 'deelzaken' => [],
                    'status' => null, 'einddatum_gepland' => null, 'uiterlijke_einddatum' => null] + $zaak
            ),
            'veel' => PartResult::ok(self::closed($zaak)),
            'gedeeltelijk' => PartResult::partial(
                ['documenten' => null, 'besluiten' => null] + $zaak,
                ['documenten', 'besluiten'],
                'VB4K7Q2M'
            ),
            'onderweg' => PartResult::partial(
                ['documenten' => null, 'besluiten' => null] + $zaak,
                ['documenten', 'besluiten'],
                sources: [['name' => 'een', 'state' => 'late']]
            ),
            default => PartResult::ok($zaak),
        };
    }

    private static function other(string $state): ?PartResult
    {
        return match ($state) {
            'fout' => PartResult::unavailable('sample', 'VB4K7Q2M'),
            'traag' => PartResult::late(),
            'uitgezet' => PartResult::denied('source_off'),
            'niveau' => PartResult::denied('loa', 'substantial'),
            'niet_gevonden' => PartResult::notFound(),
            default => null,
        };
    }

    /**
     * @param list<array<string, mixed>> $zaken
     * @return array<string, mixed>
     */
    private static function overview(array $zaken, int $open, int $closed, bool $atLeast = false): array
    {
        return [
            'zaken' => $zaken,
            'total' => ['value' => $open, 'at_least' => $atLeast],
            'counts' => [
                'open' => ['value' => $open, 'at_least' => $atLeast],
                'closed' => ['value' => $closed, 'at_least' => $atLeast],
            ],
            'filters' => [
                'zaaktypen' => [
                    ['value' => 'omgevingsvergunning', 'label' => 'Omgevingsvergunning', 'count' => 9],
                    ['value' => 'parkeervergunning', 'label' => 'Parkeervergunning', 'count' => 9],
                    ['value' => 'melding', 'label' => 'Melding openbare ruimte', 'count' => 7],
                ],
                'years' => [2026, 2025, 2024],
            ],
            'next' => null,
            'previous' => null,
        ];
    }

    /** @return list<array<string, mixed>> */
    private static function fewZaken(): array
    {
        return [
            self::item(18, 'Omgevingsvergunning', 'Dakkapel Lindelaan 4', '2026-03-16', 'Meer informatie nodig', 'inwoner'),
            self::item(12, 'Parkeervergunning voor bewoners', 'Kenteken X-999-XX', '2026-03-02', 'In behandeling', 'gemeente'),
            self::item(7, 'Melding openbare ruimte', 'Straatlantaarn kapot, hoek Dorpsstraat', '2026-02-20', 'Ontvangen', null),
        ];
    }

    /** @return list<array<string, mixed>> */
    private static function manyZaken(): array
    {
        $types = [
            ['Omgevingsvergunning', 'Dakkapel Lindelaan 4', 'In behandeling', 'gemeente'],
            ['Parkeervergunning voor bewoners', 'Kenteken X-999-XX', 'Aanvraag ontvangen', 'gemeente'],
            ['Evenementenvergunning', 'Straatfeest Molenweg', 'Meer informatie nodig', 'inwoner'],
            ['Melding openbare ruimte', 'Losse stoeptegel voor nummer 12', 'Ingepland', null],
        ];
        $zaken = [];
        for ($number = 18; $number >= 1; $number--) {
            [$type, $text, $status, $turn] = $types[$number % 4];
            $zaken[] = self::item($number, $type, $text, sprintf('2026-%02d-%02d', 1 + intdiv($number, 7), 1 + $number), $status, $turn);
        }

        return $zaken;
    }

    /** @return array<string, mixed> */
    private static function item(
        int $number,
        string $type,
        string $text,
        string $day,
        string $status,
        ?string $turn
    ): array {
        return [
            'handle' => 'voorbeeld-' . $number,
            'zaaknummer' => sprintf('ZAAK-2026-%010d', $number),
            'zaaktype' => $type,
            'omschrijving' => $text,
            'registratiedatum' => $day,
            'startdatum' => $day,
            'einddatum_gepland' => $turn === null ? null : '2026-05-11',
            'uiterlijke_einddatum' => null,
            'einddatum' => null,
            'open' => true,
            'status' => ['label' => $status, 'toelichting' => null, 'datum' => $day, 'beurt' => $turn],
            'resultaat' => null,
            'deelzaken' => $number === 18 ? 1 : 0,
        ];
    }

    /** @return array<string, mixed> */
    private static function detail(): array
    {
        $document = static fn (string $handle, string $name, string $type, string $extension, int $size): array => [
            'handle' => $handle, 'naam' => $name, 'type' => $type, 'bestandsnaam' => "$handle.$extension",
            'extensie' => $extension, 'omvang' => $size, 'datum' => '2026-03-16', 'taal' => null,
        ];

        return [
            'handle' => 'voorbeeld-18',
            'zaaknummer' => 'ZAAK-2026-0000000018',
            'zaaktype' => 'Omgevingsvergunning',
            'omschrijving' => 'Dakkapel Lindelaan 4',
            'toelichting' => null,
            'registratiedatum' => '2026-03-16',
            'startdatum' => '2026-03-16',
            'einddatum_gepland' => '2026-04-28',
            'uiterlijke_einddatum' => '2026-05-11',
            'einddatum' => null,
            'open' => true,
            'status' => [
                'label' => 'Meer informatie nodig',
                'toelichting' => 'Wij missen een tekening van de zijgevel. Stuur die vóór 1 april 2026 op.',
                'datum' => '2026-03-20',
                'beurt' => 'inwoner',
            ],
            'stappen' => [
                ['label' => 'Aanvraag ontvangen', 'toelichting' => null, 'state' => 'done', 'datum' => '2026-03-16', 'substatussen' => []],
                ['label' => 'Aanvraag compleet maken', 'toelichting' => 'Wij controleren of we alles hebben.', 'state' => 'current', 'datum' => '2026-03-20',
                    'substatussen' => [
                        ['label' => 'Situatietekening ontvangen', 'datum' => '2026-03-18'],
                        ['label' => 'Tekening van de zijgevel opgevraagd', 'datum' => '2026-03-20'],
                    ]],
                ['label' => 'Aanvraag beoordelen', 'toelichting' => null, 'state' => 'todo', 'datum' => null, 'substatussen' => []],
                ['label' => 'Besluit genomen', 'toelichting' => null, 'state' => 'todo', 'datum' => null, 'substatussen' => []],
            ],
            'resultaat' => null,
            'besluiten' => [],
            'documenten' => [
                $document('situatie', 'Situatietekening', 'Tekening', 'pdf', 240312),
                $document('foto', 'Foto van de achterkant van het huis', 'Foto', 'jpg', 1834022),
            ],
            'aanvraag' => $document('aanvraag', 'Aanvraag omgevingsvergunning', 'Aanvraagformulier', 'pdf', 88120),
            'hoofdzaak' => null,
            'deelzaken' => [
                ['handle' => 'voorbeeld-19', 'zaaknummer' => 'ZAAK-2026-0000000019', 'zaaktype' => 'Advies welstand',
                    'omschrijving' => null, 'open' => true, 'status' => ['label' => 'In behandeling']],
            ],
        ];
    }

    /**
     * @param array<string, mixed> $zaak
     * @return array<string, mixed>
     */
    private static function closed(array $zaak): array
    {
        $steps = array_map(
            static fn (array $step): array => ['state' => 'done', 'datum' => $step['datum'] ?? '2026-04-21'] + $step,
            $zaak['stappen']
        );

        return [
            'open' => false,
            'einddatum' => '2026-04-21',
            'status' => ['label' => 'Besluit genomen', 'toelichting' => null, 'datum' => '2026-04-21', 'beurt' => null],
            'stappen' => $steps,
            'resultaat' => [
                'label' => 'Uw vergunning is verleend',
                'toelichting' => 'U mag de dakkapel bouwen zoals u die hebt aangevraagd.',
                'bezwaar' => true,
            ],
            'besluiten' => [[
                'label' => 'Besluit omgevingsvergunning',
                'toelichting' => null,
                'datum' => '2026-04-21',
                'ingangsdatum' => '2026-04-22',
                'vervaldatum' => null,
                'uiterlijke_reactiedatum' => '2026-06-02',
                'documenten' => [
                    ['naam' => 'Besluit omgevingsvergunning', 'extensie' => 'pdf', 'handle' => 'besluit', 'omvang' => 132877,
                        'type' => 'Besluit', 'datum' => '2026-04-21', 'taal' => null, 'bestandsnaam' => 'besluit.pdf'],
                ],
            ]],
        ] + $zaak;
    }
}
