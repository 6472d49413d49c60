<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Admin\SourcesTab;
use OWC\Zijspan\Cli\Command;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Sidecar\StatusReport;
use OWC\Zijspan\Sidecar\StatusWords;

require_once __DIR__ . '/wp-cli.php';

/**
 * How the sources do, on the settings page, in Site Health and in WP-CLI, and the switches that turn them off.
 */
final class SourcesTest extends AdminTestCase
{
    private const NOW = '2026-11-24T08:00:00Z';

    /** @var list<array<string, mixed>> */
    private array $sources = [];

    protected function setUp(): void
    {
        parent::setUp();
        $this->policy['bronnen_uit'] = [];
        $this->sources = [
            $this->source('zgw', 'ok', [
                $this->component('zaken', ['median_ms' => 47, 'p95_ms' => 1200]),
                $this->component('catalogi', ['median_ms' => 12, 'p95_ms' => 12]),
            ]),
            $this->source('archief', 'skipped', [
                $this->component('zaken', [
                    'state' => 'skipped', 'since' => '2026-11-24T07:40:00Z', 'last_ok' => '2026-11-23T06:00:00Z',
                    'last_failure' => ['at' => '2026-11-24T07:59:00Z', 'reason' => 'timeout'], 'failures' => 12,
                ]),
                $this->component('documenten', [
                    'state' => 'failing', 'since' => '2026-11-24T07:10:00Z',
                    'last_failure' => ['at' => '2026-11-24T07:10:00Z', 'reason' => 'server'], 'in_flight' => 1, 'waiting' => 3,
                ]),
                $this->component('besluiten', []),
            ]),
        ];
    }

    public function testEachStateIsSaidInWords(): void
    {
        foreach (
            ['ok' => 'Werkt', 'failing' => 'Werkt niet', 'skipped' => 'Tijdelijk overgeslagen', 'unknown' => 'Nog niet gevraagd',
                'off' => 'Uitgezet', 'iets nieuws' => 'Nog niet gevraagd'] as $state => $words
        ) {
            $this->sources = [$this->source('zgw', $state, [])];
            self::assertStringContainsString('<strong>' . $words . '</strong>', $this->board(), $state);
        }
    }

    public function testTheBoardSaysSinceWhenHowFastAndWhatToDo(): void
    {
        $text = $this->text($this->board());
        self::assertStringContainsString('1 van de 2 bronnen geeft nu geen goed antwoord.', $text);
        self::assertStringContainsString('Stand van 24 november 2026, 09:00 uur.', $text);
        [$zgw, $archief] = explode('Naam van archief archief', $text);
        self::assertStringContainsString('Naam van zgw zgw Werkt De laatste vragen zijn beantwoord.', $zgw);
        self::assertStringContainsString('meestal 47 ms, soms 1.200 ms', $zgw);
        self::assertStringContainsString('Laatste goede antwoord 24 november 2026, 08:59 uur (minder dan een minuut geleden)', $zgw);
        self::assertStringContainsString('Catalogus (zaaktypen) Werkt', $zgw);
        self::assertStringContainsString('meestal 12 ms', $zgw);
        self::assertStringNotContainsString('Wat u kunt doen', $zgw);
        // Since the first of its parts failed; the reason is that of the last one.
        self::assertStringContainsString('Sinds 24 november 2026, 08:10 uur (50 minuten geleden)', $archief);
        self::assertStringContainsString('Laatste goede antwoord 23 november 2026, 07:00 uur (1 dag geleden)', $archief);
        self::assertStringContainsString('Wat u kunt doen (Zaken): De bron antwoordt niet op tijd.', $archief);
        self::assertStringContainsString('De bron heeft een storing. Meld dit bij de leverancier.', $archief);
        self::assertStringContainsString('nu 1, in de rij 3', $archief);
        self::assertStringContainsString('Zijspan heeft 12 antwoorden van bronnen in het geheugen', $archief);
        self::assertStringContainsString('Voor 75% van alle vragen', $archief);
    }

    public function testTimesAreThoseOfTheSite(): void
    {
        update_option('timezone_string', 'America/New_York');
        self::assertStringContainsString('Stand van 24 november 2026, 03:00 uur.', $this->text($this->board()));
    }

    public function testWhatASourceIsCalledIsEscaped(): void
    {
        $this->sources = [['label' => self::HOSTILE, 'components' => [
            $this->component(self::HOSTILE, ['last_failure' => ['at' => self::NOW, 'reason' => self::HOSTILE]]),
            'x', [],
        ]] + $this->source('zgw', 'ok', []), 'y', []];
        $html = $this->board();
        self::assertStringNotContainsString('<script>alert', $html);
        self::assertStringContainsString('&lt;script&gt;alert', $html);
    }

    public function testWithoutTheSidecarTheBoardSaysWhy(): void
    {
        $this->site->fails = 'connect';
        self::assertStringContainsString('Hoe het met de bronnen gaat, is nu niet te zien.', $this->text($this->board()));
    }

    public function testAnOlderSidecarHasABoardWithoutSwitchesForSources(): void
    {
        unset($this->policy['bronnen_uit']);
        $this->sources = [['name' => 'zgw', 'label' => 'Zaaksysteem', 'state' => 'ok']];
        $this->bounds = [];
        $html = $this->board();
        self::assertStringContainsString('Zaaksysteem', $html);
        self::assertStringNotContainsString('soort=bron', $html);
    }

    public function testSwitchingASourceOffAsksFirst(): void
    {
        self::assertStringContainsString('soort=bron&#038;naam=zgw&#038;zet=uit', $this->board());
        $html = $this->board($this->wanted('bron', 'zgw', 'uit'));
        self::assertSame([], $this->puts());
        self::assertStringContainsString('‘Naam van zgw’ uitzetten?', $this->text($html));
        self::assertStringContainsString('Dit werkt meteen, zonder herstart', $this->text($html));
        self::assertStringContainsString('name="versie" value="3"', $html);
    }

    public function testASourceIsSwitchedOffAndOnThroughThePolicy(): void
    {
        $this->switch('bron', 'zgw', 'uit');
        [$put] = $this->puts();
        self::assertSame(3, $put['version']);
        self::assertFalse($put['dry_run']);
        self::assertSame(['zgw'], $put['policy']['bronnen_uit']);
        // Everything else stays as it is.
        self::assertSame(['zaken' => true], $put['policy']['modules']);
        self::assertSame('ZT-OUD', $put['policy']['zaaktypen'][0]['identificatie']);

        $this->policy['bronnen_uit'] = ['zgw', 'archief'];
        $this->sources[0]['state'] = 'off';
        $this->sources[0]['off_by'] = 'policy';
        $html = $this->board();
        self::assertStringContainsString('Hier uitgezet.', $this->text($html));
        self::assertStringContainsString('soort=bron&#038;naam=zgw&#038;zet=aan', $html);
        $this->admin->calls = [];
        $this->switch('bron', 'zgw', 'aan');
        self::assertSame(['archief'], $this->puts()[0]['policy']['bronnen_uit']);
    }

    public function testAModuleIsSwitchedOff(): void
    {
        $html = $this->board($this->wanted('module', 'zaken', 'uit'));
        self::assertStringContainsString('‘Mijn zaken’ uitzetten?', $this->text($html));
        $this->switch('module', 'zaken', 'uit');
        self::assertSame(['zaken' => false], $this->puts()[0]['policy']['modules']);
        $this->policy['modules'] = ['zaken' => false];
        self::assertMatchesRegularExpression('/Mijn zaken Uitgezet Zet aan/', $this->text($this->board()));
    }

    public function testWhatTheConfigurationSwitchedOffCannotBeSwitchedOnHere(): void
    {
        $this->bounds['bronnen_uit'] = ['zgw'];
        $this->bounds['modules'] = ['zaken' => false];
        $this->policy['modules'] = ['zaken' => false];
        $this->sources[0] = ['state' => 'off', 'off_by' => 'configuration'] + $this->sources[0];
        $html = $this->board();
        self::assertStringContainsString('Uitgezet in de configuratie van Zijspan. Alleen wie Zijspan beheert', $this->text($html));
        self::assertStringNotContainsString('naam=zgw', $html);
        self::assertStringNotContainsString('naam=zaken', $html);
        $tab = $this->tab();
        $tab->receive($this->wanted('bron', 'zgw', 'aan') + ['versie' => '3'], []);
        $tab->receive($this->wanted('module', 'zaken', 'aan') + ['versie' => '3'], []);
        $tab->receive($this->wanted('bron', 'onbekend', 'uit') + ['versie' => '3'], []);
        self::assertSame([], $this->puts());
        self::assertStringContainsString('dit kunt u hier niet aan- of uitzetten', $this->text($this->show($tab)));
    }

    public function testAConflictSwitchesNothing(): void
    {
        $tab = $this->tab();
        $tab->receive($this->wanted('bron', 'zgw', 'uit') + ['versie' => '2'], []);
        self::assertSame([], $this->puts());
        self::assertStringContainsString('Er is niets aan- of uitgezet.', $this->text($this->show($tab)));
        // Somebody was faster between reading and writing.
        $this->admin->answer = fn (string $method, string $path, array $data): array => $method === 'PUT'
            ? [409, ['type' => 'urn:zijspan:problem:conflict', 'title' => 'Intussen gewijzigd.']]
            : $this->answer($method, $path, $data);
        $tab = $this->tab();
        $tab->receive($this->wanted('bron', 'zgw', 'uit') + ['versie' => '3'], []);
        self::assertStringContainsString('Er is niets aan- of uitgezet.', $this->text($this->show($tab)));
    }

    public function testWhatTheSidecarRefusesIsShown(): void
    {
        $this->admin->answer = fn (string $method, string $path, array $data): array => $method === 'PUT'
            ? [422, ['type' => 'urn:zijspan:problem:invalid', 'title' => 'Klopt niet.', 'fields' => [
                ['path' => 'bronnen_uit.0', 'message' => 'Deze bron staat niet in de configuratie.'],
            ]]]
            : $this->answer($method, $path, $data);
        $tab = $this->tab();
        $tab->receive($this->wanted('bron', 'zgw', 'uit') + ['versie' => '3'], []);
        self::assertStringContainsString('Deze bron staat niet in de configuratie.', $this->text($this->show($tab)));
    }

    public function testSiteHealthWarnsAfterAQuarterOfAnHour(): void
    {
        $test = Plugin::instance()->healthTests()->slow()['sources'];
        $result = $test();
        self::assertSame('recommended', $result['status']);
        self::assertStringContainsString('Naam van archief: Tijdelijk overgeslagen (laatste goede antwoord 1 dag geleden).', $result['description']);
        self::assertStringContainsString('De bron antwoordt niet op tijd.', $result['description']);
        self::assertStringNotContainsString('Naam van zgw', $result['description']);

        // What counts is the last good answer: a source that is tried again now and then is skipped for a moment only.
        $this->sources[1]['components'][0]['since'] = '2026-11-24T07:59:30Z';
        self::assertSame('recommended', $test()['status']);
        $this->sources[1]['components'][0]['last_ok'] = '2026-11-24T07:46:00Z';
        self::assertSame('good', $test()['status']);
        $this->sources[1]['components'][0]['last_ok'] = '2026-11-24T07:44:59Z';
        self::assertSame('recommended', $test()['status']);
        $this->sources[1]['components'][0]['last_ok'] = null;
        self::assertSame('good', $test()['status'], 'it failed since the start, which was a moment ago');
        $this->sources[1]['components'][0]['since'] = null;
        self::assertSame('recommended', $test()['status']);
        // What is switched off on purpose is no fault.
        $this->sources[1]['state'] = 'off';
        self::assertSame('good', $test()['status']);
        $this->site->fails = 'connect';
        self::assertSame('recommended', $test()['status']);
        self::assertArrayHasKey('zijspan_sources', apply_filters('site_status_tests', ['direct' => [], 'async' => []])['async']);
    }

    public function testTheCommandLineHasTheSameBoard(): void
    {
        $command = new Command(Plugin::instance()->settings(), Plugin::instance()->sidecar(), Plugin::instance()->healthTests());
        WpCli::begin();
        $command->sources([], []);
        self::assertSame(1, WpCli::$halted);
        $rows = array_map(static fn (array $row): string => implode(' ', [$row['source'], $row['part'], $row['state'], $row['reason']]), WpCli::$items);
        self::assertSame(
            ['zgw  ok ', 'zgw zaken ok ', 'zgw catalogi ok ', 'archief  skipped ', 'archief zaken skipped timeout',
                'archief documenten failing server', 'archief besluiten ok '],
            $rows
        );
        self::assertSame('2026-11-24T07:10:00+00:00', WpCli::$items[3]['since']);

        WpCli::begin();
        array_pop($this->sources);
        $command->sources([], []);
        self::assertNull(WpCli::$halted);
        $command->status([], []);
        self::assertContains(['name' => 'source zgw', 'value' => "Werkt, meestal 47\u{00A0}ms, soms 1.200\u{00A0}ms"], WpCli::$items);
        self::assertNull(WpCli::$halted);

        WpCli::begin();
        $this->site->fails = 'connect';
        $command->sources([], []);
        self::assertStringContainsString('luistert niets', (string) WpCli::$error);
    }

    public function testEveryReasonHasASentence(): void
    {
        $problems = (string) file_get_contents(dirname(__DIR__, 2) . '/docs/problems.md');
        self::assertGreaterThan(10, preg_match_all('/^\| `([a-z_]+)` \| [^|]+ \| (?:yes|no)/m', $problems, $found));
        // These are about what a source said, never about whether it answers.
        $reasons = array_diff($found[1], ['role_unprovable', 'catalogus', 'bound', 'view']);
        foreach ($reasons as $reason) {
            self::assertStringNotContainsString('docs/problems.md', (string) StatusWords::reason($reason), $reason);
        }
        self::assertStringContainsString('iets_anders', (string) StatusWords::reason('iets_anders'));
    }

    public function testMomentsAndLengths(): void
    {
        self::assertNull(StatusReport::moment('gisteren'));
        self::assertNull(StatusReport::moment('2026-13-45T99:99:99Z'));
        self::assertSame(1795507200, StatusReport::moment('2026-11-24T09:00:00.5+01:00')?->getTimestamp());
        self::assertSame('minder dan een minuut geleden', StatusWords::ago(59));
        self::assertSame('1 minuut geleden', StatusWords::ago(119));
        self::assertSame('1 uur geleden', StatusWords::ago(3600));
        self::assertSame('2 dagen geleden', StatusWords::ago(2 * 86400));
        self::assertNull(StatusWords::speed(null, 3));
    }

    /**
     * @param array<mixed> $data
     * @return array{0: int, 1: array<mixed>}
     */
    protected function answer(string $method, string $path, array $data): array
    {
        if ($path !== '/v1/status') {
            return parent::answer($method, $path, $data);
        }

        return [200, [
            'version' => '0.1.0', 'contract' => 1, 'modules' => $this->policy['modules'], 'sources' => $this->sources, 'time' => self::NOW,
            'cache' => ['entries' => 12, 'bytes' => 48213, 'max_bytes' => 67108864, 'hits' => 120, 'misses' => 40, 'evictions' => 0],
        ]];
    }

    /**
     * @param list<array<string, mixed>> $components
     * @return array<string, mixed>
     */
    private function source(string $name, string $state, array $components): array
    {
        return ['name' => $name, 'label' => 'Naam van ' . $name, 'state' => $state, 'off_by' => null, 'components' => $components];
    }

    /**
     * @param array<string, mixed> $fields
     * @return array<string, mixed>
     */
    private function component(string $name, array $fields): array
    {
        return $fields + [
            'component' => $name, 'state' => 'ok', 'since' => '2026-11-24T07:00:00Z', 'last_ok' => '2026-11-24T07:59:58Z',
            'last_failure' => null, 'median_ms' => null, 'p95_ms' => null, 'calls' => 210, 'failures' => 0,
            'in_flight' => 0, 'waiting' => 0,
        ];
    }

    private function tab(): SourcesTab
    {
        return new SourcesTab(Plugin::instance()->settings(), Plugin::instance()->sidecar());
    }

    /** @param array<string, string> $query */
    private function board(array $query = []): string
    {
        return $this->show($this->tab(), $query);
    }

    /** @return array<string, string> */
    private function wanted(string $kind, string $name, string $way): array
    {
        return ['soort' => $kind, 'naam' => $name, 'zet' => $way];
    }

    private function switch(string $kind, string $name, string $way): void
    {
        $tab = $this->tab();
        $location = $this->redirected(fn () => $tab->receive($this->wanted($kind, $name, $way) + ['versie' => '3'], []));
        self::assertStringContainsString('tab=bronnen', $location);
        self::assertStringContainsString('saved=1', $location);
    }

    /** @return list<array<string, mixed>> the bodies of what was written */
    private function puts(): array
    {
        $calls = array_filter($this->admin->calls, static fn (array $call): bool => $call['method'] === 'PUT');

        return array_values(array_column($calls, 'data'));
    }

    private function text(string $html): string
    {
        $text = html_entity_decode(strip_tags(str_replace('<', ' <', $html)), ENT_QUOTES | ENT_HTML5, 'UTF-8');

        return trim((string) preg_replace(['/\s+/u', '/ ([.,):])/'], [' ', '$1'], str_replace(['( '], ['('], $text)));
    }
}
