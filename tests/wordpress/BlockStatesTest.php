<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Blocks\Block;
use OWC\Zijspan\Blocks\PartResult;
use OWC\Zijspan\Blocks\PartResults;
use OWC\Zijspan\Blocks\TemplateFinder;
use OWC\Zijspan\Blocks\TemplateRenderer;
use OWC\Zijspan\Page\PageContext;
use OWC\Zijspan\Page\PageRequest;
use OWC\Zijspan\Page\SessionInfo;
use OWC\Zijspan\Page\SessionState;
use OWC\Zijspan\Plugin;

/**
 * Every block in every state, with ordinary and with hostile values: what a resident reads, and that it is sound HTML.
 */
final class BlockStatesTest extends WordPressTestCase
{
    private const HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>[gallery]\' {{ &amp; </dd></section>';
    private const SAMPLES = ['vol', 'veel', 'leeg', 'gedeeltelijk', 'onderweg', 'begrensd', 'traag', 'uitgezet', 'niveau',
        'fout', 'niet_gevonden'];

    /** @return iterable<string, array{0: string, 1: string}> */
    public function samples(): iterable
    {
        foreach (['mijn-zaken', 'zaak', 'inloggen'] as $block) {
            foreach ([...self::SAMPLES, 'uitgelogd', 'verlopen', 'onbekend', 'geweigerd', 'namens'] as $state) {
                yield "$block $state" => [$block, $state];
            }
        }
    }

    /** @dataProvider samples */
    public function testEveryStateIsSoundHtml(string $block, string $state): void
    {
        $html = $this->sampled($block, $state);
        self::assertNotSame('', trim($html));
        $this->assertSound($html);
    }

    /** @dataProvider samples */
    public function testEveryStateEscapesWhatItIsGiven(string $block, string $state): void
    {
        $html = $this->sampled($block, $state, self::HOSTILE);
        $this->assertSound($html);
        $document = $this->parse($html);
        self::assertSame(0, $document->getElementsByTagName('script')->length);
        self::assertSame(0, $document->getElementsByTagName('img')->length);
        self::assertStringNotContainsString('[gallery]', $html);
        foreach ($document->getElementsByTagName('*') as $element) {
            foreach ($element->attributes as $attribute) {
                self::assertDoesNotMatchRegularExpression('/^on|^style$/i', $attribute->name);
            }
        }
    }

    /** @return iterable<string, array{0: string, 1: string, 2: list<string>}> */
    public function words(): iterable
    {
        yield 'nothing there' => ['mijn-zaken', 'leeg', ['U hebt op dit moment geen zaken.', 'enkele werkdagen']];
        yield 'cannot ask' => ['mijn-zaken', 'fout', ['We kunnen uw zaken nu niet laten zien', 'Dit ligt niet aan u', 'VB4K7Q2M', 'Probeer het opnieuw']];
        yield 'late' => ['mijn-zaken', 'traag', ['Dit duurt iets langer', 'Opnieuw laden']];
        yield 'partly' => ['mijn-zaken', 'gedeeltelijk', ['Dit ontbreekt: een deel van uw zaken.', 'Lopende zaken (minstens 3)']];
        yield 'one source is late' => ['mijn-zaken', 'onderweg', ['Een deel van uw zaken is nog niet binnen. We halen dit nog op.', 'Opnieuw laden', 'Lopende zaken (minstens 3)', 'Afgeronde zaken', 'ZAAK-2026-0000000018']];
        yield 'cut off' => ['mijn-zaken', 'begrensd', ['We laten de nieuwste 500 van 872 zaken zien. Oudere zaken staan hier niet bij.', 'minstens 500 zaken', 'Volgende']];
        yield 'switched off' => ['mijn-zaken', 'uitgezet', ['U kunt uw zaken hier niet zien', 'De gemeente heeft dit onderdeel tijdelijk uitgezet.']];
        yield 'a late part of a zaak' => ['zaak', 'onderweg', ['Nog niet alles is binnen. We halen nog op: de documenten en de besluiten.', 'Documenten We halen dit nog op.']];
        yield 'logged out' => ['mijn-zaken', 'uitgelogd', ['Log in om uw zaken te zien.', 'Inloggen met DigiD']];
        yield 'expired' => ['mijn-zaken', 'verlopen', ['U bent uitgelogd', 'Inloggen met DigiD']];
        yield 'denied' => ['mijn-zaken', 'geweigerd', ['U kunt uw zaken hier niet zien', 'meer zekerheid']];
        yield 'overview' => ['mijn-zaken', 'vol', ['Zaaknummer ZAAK-2026-0000000018', 'Aangevraagd op 16 maart 2026', 'Meer informatie nodig', 'U bent aan zet', 'Verwacht klaar op 11 mei 2026']];
        yield 'many' => ['mijn-zaken', 'veel', ['Zoekwoord', 'Soort aanvraag', 'Jaar', 'Lopend of afgerond', '18 zaken', 'Volgende']];
        yield 'zaak' => ['zaak', 'vol', ['U bent aan zet', 'Afgerond: Aanvraag ontvangen', 'Huidige stap: Aanvraag compleet maken', 'Nog niet begonnen: Besluit genomen', 'Download Situatietekening (pdf, 240 kB)', 'Uw ingediende aanvraag', 'Uiterlijke datum']];
        yield 'closed zaak' => ['zaak', 'veel', ['Uw vergunning is verleend', 'bezwaar maken tot en met 2 juni 2026', 'Einddatum', 'Download Besluit omgevingsvergunning (pdf, 133 kB)']];
        yield 'zaak partly' => ['zaak', 'gedeeltelijk', ['Dit ontbreekt: de documenten en de besluiten.', 'We kunnen de documenten nu niet laten zien.']];
        yield 'a higher level' => ['mijn-zaken', 'niveau', ['U kunt uw zaken hier niet zien', 'Hiervoor moet u inloggen met DigiD Substantieel.', 'Inloggen met DigiD Substantieel']];
        yield 'for somebody else' => ['zaak', 'namens', ['U bekijkt de gegevens van A. Inwoner.', 'Gegevens']];
        yield 'zaak not there' => ['zaak', 'niet_gevonden', ['We kunnen deze zaak niet vinden']];
        yield 'session' => ['inloggen', 'vol', ['U bent ingelogd als A. Inwoner.', 'Doet u niets, dan wordt u om 09:14 automatisch uitgelogd.', 'Uitloggen', 'Blijf ingelogd']];
        yield 'for another' => ['inloggen', 'namens', ['U bekijkt de gegevens van A. Inwoner.']];
        yield 'unknown session' => ['inloggen', 'onbekend', ['We kunnen nu niet zien of u bent ingelogd.']];
    }

    /**
     * @dataProvider words
     * @param list<string> $texts
     */
    public function testWhatAResidentReads(string $block, string $state, array $texts): void
    {
        $text = $this->text($this->sampled($block, $state));
        foreach ($texts as $expected) {
            self::assertStringContainsString($expected, $text);
        }
        self::assertDoesNotMatchRegularExpression(
            '/contactmoment|betrokkene|initiator|resultaattype|statustype|zaaktype|notificatie|informatieobject/i',
            $text
        );
    }

    public function testSomebodyElsesZaakLooksLikeOneThatIsNotThere(): void
    {
        $handle = $this->render('zaak', new PartResults(['zaak' => PartResult::notFound()]), ['zs_zaak' => 'abc']);
        $nonsense = $this->render('zaak', new PartResults(), ['zs_zaak' => '../../etc']);
        $strip = static fn (string $html): string => (string) preg_replace('/zs_zaak=[^"&]*/', '', $html);
        self::assertSame($strip($handle), $strip($nonsense));
    }

    public function testWithoutADetailPageTheListShowsTheZaakItself(): void
    {
        $block = $this->block('mijn-zaken');
        $request = new PageRequest('/mijn-zaken/', ['zs_zaak' => 'abc']);
        $parts = $block->parts($this->attributes('mijn-zaken'), $request);
        self::assertSame(['zaak'], array_keys($parts));
        self::assertSame(['handle' => 'abc'], $parts['zaak']->params());
        $html = $this->render('mijn-zaken', new PartResults(['zaak' => $this->block('zaak')->sample('vol')->get('zaak')]), ['zs_zaak' => 'abc']);
        self::assertStringContainsString('denhaag-process-steps', $html);
        self::assertStringContainsString('Terug naar alle zaken', $this->text($html));
    }

    public function testADetailPageThatIsNotPublishedIsNoDetailPage(): void
    {
        $draft = $this->makePage('<!-- wp:owc-zijspan/zaak /-->', 'draft');
        $published = $this->makePage('<!-- wp:owc-zijspan/zaak /-->');
        $request = new PageRequest('/mijn-zaken/', ['zs_zaak' => 'abc']);
        $parts = fn (int $page): array => array_keys(
            $this->block('mijn-zaken')->parts(['detailPage' => $page] + $this->attributes('mijn-zaken'), $request)
        );
        self::assertSame(['zaak'], $parts($draft));
        self::assertSame(['zaken'], $parts($published));
    }

    public function testTheListAsksWhatTheFormSays(): void
    {
        $query = ['zs_zoek' => 'dakkapel', 'zs_soort' => 'x1', 'zs_jaar' => '2026', 'zs_status' => 'closed', 'zs_vanaf' => 'c2'];
        $parts = $this->block('mijn-zaken')->parts($this->attributes('mijn-zaken'), new PageRequest('/', $query));
        self::assertSame(
            ['status' => 'closed', 'q' => 'dakkapel', 'zaaktype' => 'x1', 'year' => 2026, 'page_size' => 20, 'cursor' => 'c2'],
            $parts['zaken']->params()
        );
        $parts = $this->block('mijn-zaken')->parts(
            $this->attributes('mijn-zaken'),
            new PageRequest('/', ['zs_zoek' => str_repeat('a', 101), 'zs_jaar' => 'drop', 'zs_status' => 'alles', 'zs_soort' => ['x']])
        );
        self::assertSame(['status' => 'open', 'page_size' => 20], $parts['zaken']->params());
    }

    public function testNothingIsClaimedWithoutGrounds(): void
    {
        $zaak = ['handle' => 'h', 'open' => true, 'status' => ['label' => 'Ontvangen', 'beurt' => null], 'stappen' => [],
            'besluiten' => [], 'documenten' => [], 'resultaat' => ['label' => 'Verleend', 'bezwaar' => null]];
        $text = $this->text($this->render('zaak', new PartResults(['zaak' => PartResult::ok($zaak)]), ['zs_zaak' => 'h']));
        self::assertStringContainsString('Ontvangen', $text);
        self::assertStringNotContainsString('aan zet', $text);
        self::assertStringNotContainsString('bezwaar', $text);
        self::assertStringNotContainsString('Documenten', $text);
        self::assertStringNotContainsString('Besluiten', $text);
    }

    public function testAnExpectationThatDidNotComeTrueIsToldAsOne(): void
    {
        $zaak = ['handle' => 'h', 'open' => true, 'status' => ['label' => 'In behandeling'], 'zaaktype' => 'Subsidie'];
        $show = fn (string $day): string => $this->text($this->render(
            'zaak',
            new PartResults(['zaak' => PartResult::ok($zaak + ['einddatum_gepland' => $day])]),
            ['zs_zaak' => 'h']
        ));
        self::assertStringContainsString('We verwachten klaar te zijn op 24 maart 2026.', $show('2026-03-24'));
        self::assertStringContainsString('We verwachtten klaar te zijn op 23 maart 2026. Dat is niet gelukt.', $show('2026-03-23'));
    }

    /** @return iterable<string, array{0: array<string, mixed>, 1: list<string>, 2: list<string>}> */
    public function gaps(): iterable
    {
        $source = static fn (string $state, ?int $count = null, ?int $of = null): array
            => ['name' => 'x', 'state' => $state, 'count' => $count, 'of' => $of];
        $problem = static fn (string $reason): array => ['reason' => $reason, 'missing' => ['zaken'], 'code' => 'VB4K7Q2M'];
        $again = 'Probeer het opnieuw';
        yield 'one failed' => [
            ['problem' => $problem('timeout'), 'sources' => [$source('answered', 0), $source('unavailable')]],
            ['Let op: we kunnen nu niet alles laten zien. Dit ontbreekt: een deel van uw zaken.', 'VB4K7Q2M', $again],
            ['nog niet binnen'],
        ];
        yield 'one is skipped for a moment' => [
            ['problem' => $problem('open'), 'sources' => [$source('answered', 0), $source('unavailable')]],
            ['Let op: een van onze systemen werkt nu even niet. Dit ontbreekt: een deel van uw zaken.', 'VB4K7Q2M', $again],
            [],
        ];
        yield 'one is switched off, one is late' => [
            ['problem' => $problem('late'), 'sources' => [$source('late'), $source('skipped')]],
            ['Een deel van uw zaken is nog niet binnen.', 'Let op: de gemeente heeft een deel tijdelijk uitgezet. Misschien ziet u daardoor niet alles.'],
            ['VB4K7Q2M', $again],
        ];
        yield 'one is switched off, one was cut off' => [
            ['problem' => $problem('bound'), 'sources' => [$source('answered', 500, 872), $source('skipped')]],
            ['nieuwste 500 van 872', 'Let op: de gemeente heeft een deel tijdelijk uitgezet. Misschien ziet u daardoor niet alles.'],
            ['VB4K7Q2M', $again],
        ];
        yield 'one is switched off, and that is all' => [
            ['state' => 'ok', 'problem' => null, 'sources' => [$source('answered', 0), $source('skipped')]],
            ['de gemeente heeft een deel tijdelijk uitgezet. Misschien ziet u daardoor niet alles.'],
            [$again],
        ];
        yield 'one is late' => [
            ['problem' => $problem('late'), 'sources' => [$source('answered', 0), $source('late')]],
            ['Een deel van uw zaken is nog niet binnen.', 'Opnieuw laden'],
            ['Let op', 'VB4K7Q2M'],
        ];
        yield 'one is late, one failed' => [
            ['problem' => $problem('server'), 'sources' => [$source('late'), $source('unavailable')]],
            ['Een deel van uw zaken is nog niet binnen.', 'Let op: we kunnen nu niet alles laten zien.', 'VB4K7Q2M'],
            [],
        ];
        yield 'one is late, and a status could not be asked' => [
            ['problem' => ['missing' => ['status', 'zaken']] + $problem('server'), 'sources' => [$source('answered', 2), $source('late')]],
            ['Een deel van uw zaken is nog niet binnen.', 'Let op: we kunnen nu niet alles laten zien. Dit ontbreekt: de huidige status.'],
            [],
        ];
        yield 'cut off, and a status could not be asked' => [
            ['problem' => ['missing' => ['status', 'zaken']] + $problem('bound'), 'sources' => [$source('answered', 500, 872)]],
            ['We laten de nieuwste 500 van 872 zaken zien.', 'Dit ontbreekt: de huidige status.'],
            [],
        ];
        yield 'cut off, and nobody knows how many there are' => [
            ['problem' => $problem('bound'), 'sources' => [$source('answered', 500)]],
            ['We laten de nieuwste 500 zaken zien.'],
            ['Let op', $again],
        ];
        yield 'cut off in one, the other failed' => [
            ['problem' => $problem('server'), 'sources' => [$source('answered', 500, 1872), $source('unavailable')]],
            ['Let op: we kunnen nu niet alles laten zien.', 'We laten de nieuwste 500 van 1.872 zaken zien.'],
            [],
        ];
        yield 'a source that does not say' => [['problem' => $problem('timeout')], ['Let op: we kunnen nu niet alles laten zien.'], []];
    }

    /**
     * @dataProvider gaps
     * @param array<string, mixed> $part
     * @param list<string> $said
     * @param list<string> $unsaid
     */
    public function testWhatIsMissingIsSaidAndNeverCalledNothing(array $part, array $said, array $unsaid): void
    {
        $none = ['value' => 0, 'at_least' => true];
        $data = ['zaken' => [], 'total' => $none, 'counts' => ['open' => $none, 'closed' => $none]];
        $result = PartResult::fromWire($part + ['state' => 'partial', 'data' => $data]);
        foreach ([[], ['zs_zoek' => 'dakkapel']] as $query) {
            $html = $this->render('mijn-zaken', new PartResults(['zaken' => $result]), $query);
            $this->assertSound($html);
            $text = $this->text($html);
            foreach ($said as $expected) {
                self::assertStringContainsString($expected, $text);
            }
            foreach ([...$unsaid, 'minstens 0'] as $unexpected) {
                self::assertStringNotContainsString($unexpected, $text);
            }
            self::assertDoesNotMatchRegularExpression('/geen (lopende |afgeronde )?zaken|leeg/i', $text);
        }
    }

    public function testNumbersAreAtLeastWhereASourceIsMissing(): void
    {
        $count = static fn (int $value): array => ['value' => $value, 'at_least' => false];
        $data = ['zaken' => [['handle' => 'h', 'zaaktype' => 'Subsidie']], 'total' => $count(12), 'counts' => ['open' => $count(12), 'closed' => $count(0)]];
        $text = function (string $state, string $source) use ($data): string {
            $part = ['state' => $state, 'data' => $data, 'sources' => [['name' => 'x', 'state' => 'answered'], ['name' => 'y', 'state' => $source]]];

            return $this->text($this->render('mijn-zaken', new PartResults(['zaken' => PartResult::fromWire($part)])));
        };
        self::assertStringContainsString('Lopende zaken (12) Afgeronde zaken (0)', $text('ok', 'answered'));
        foreach (['partial' => 'late', 'partial ' => 'unavailable', 'ok' => 'skipped'] as $state => $source) {
            $shown = $text(trim($state), $source);
            self::assertStringContainsString('Lopende zaken (minstens 12) Afgeronde zaken ', $shown, $source);
            self::assertStringContainsString('minstens 12 zaken', $shown, $source);
            self::assertStringNotContainsString('(0)', $shown, $source);
        }
    }

    public function testASystemThatIsSkippedIsNotTheResidentsFault(): void
    {
        $problem = ['reason' => 'open', 'code' => 'VB4K7Q2M'];
        $result = PartResult::fromWire(['state' => 'unavailable', 'data' => null, 'problem' => $problem]);
        $text = $this->text($this->render('mijn-zaken', new PartResults(['zaken' => $result])));
        self::assertStringContainsString('Een van onze systemen werkt nu even niet. Dit ligt niet aan u.', $text);
    }

    public function testTheDocumentOfADecisionIsShownOnce(): void
    {
        $document = static fn (string $handle, string $name): array => ['handle' => $handle, 'naam' => $name];
        $zaak = ['handle' => 'h', 'open' => false,
            'besluiten' => [['label' => 'Besluit', 'documenten' => [$document('b', 'De brief')]]],
            'documenten' => [$document('b', 'De brief'), $document('t', 'De tekening')]];
        $show = fn (array $zaak): string => $this->render('zaak', new PartResults(['zaak' => PartResult::ok($zaak)]), ['zs_zaak' => 'h']);
        $html = $show($zaak);
        self::assertSame(1, substr_count($html, 'De brief'));
        self::assertLessThan(strpos($html, 'De tekening'), strpos($html, 'De brief'));
        // Nothing else is left to show: then there is no heading without documents below it.
        self::assertStringNotContainsString('Documenten', $show(['documenten' => [$document('b', 'De brief')]] + $zaak));
        // Decisions that could not be asked take nothing away.
        self::assertSame(1, substr_count($show(['besluiten' => null] + $zaak), 'De brief'));
    }

    public function testAnAnswerWithAlmostNothingInItIsShownAllTheSame(): void
    {
        foreach ([[], ['zaken' => [[]]], ['zaken' => [['handle' => null, 'status' => 'x']], 'total' => 'x']] as $data) {
            $this->assertSound($this->render('mijn-zaken', new PartResults(['zaken' => PartResult::ok($data)])));
        }
        foreach ([[], ['stappen' => 'x', 'documenten' => [1, []], 'besluiten' => [[]], 'deelzaken' => null]] as $data) {
            $this->assertSound($this->render('zaak', new PartResults(['zaak' => PartResult::ok($data)]), ['zs_zaak' => 'h']));
        }
    }

    public function testTwoBlocksOnOnePageHaveIdsOfTheirOwn(): void
    {
        $this->assertSound($this->sampled('mijn-zaken', 'veel', null, 'een') . $this->sampled('mijn-zaken', 'veel', null, 'twee'));
    }

    public function testTheContactTextIsPlainText(): void
    {
        update_option('owc_zijspan_display', ['css' => true, 'contact' => "Bel 14 0XX\n<b>nu</b>"]);
        $html = $this->sampled('mijn-zaken', 'fout');
        self::assertStringContainsString('Bel 14 0XX', $this->text($html));
        self::assertStringNotContainsString('<b>', $html);
    }

    private function sampled(string $name, string $state, ?string $hostile = null, string $instance = 'test'): string
    {
        $label = $hostile ?? 'A. Inwoner';
        $session = match ($state) {
            'uitgelogd' => new SessionInfo(SessionState::None),
            'verlopen' => new SessionInfo(SessionState::Expired),
            'onbekend' => new SessionInfo(SessionState::Unknown),
            default => new SessionInfo(SessionState::Active, 'substantial', 'burger', $label, $state === 'namens', 899, 7190, false, 'digid'),
        };
        $results = match ($state) {
            'geweigerd' => new PartResults(['zaken' => PartResult::denied('loa'), 'zaak' => PartResult::denied('mandate')]),
            'onbekend' => new PartResults(),
            default => $this->block($name)->sample($state),
        };
        if ($hostile !== null) {
            $results = $this->poisoned($results, $hostile);
        }
        $query = $hostile === null ? [] : ['zs_zoek' => $hostile, 'zs_soort' => $hostile];

        return $this->render($name, $results, $query + ($name === 'zaak' ? ['zs_zaak' => 'abc'] : []), $session, $instance);
    }

    /** @param array<string, mixed> $query */
    private function render(
        string $name,
        PartResults $results,
        array $query = [],
        ?SessionInfo $session = null,
        string $instance = 'test'
    ): string {
        $context = new PageContext(
            $session ?? new SessionInfo(SessionState::Active, 'substantial', 'burger', null, false, 899, 7190),
            new PageRequest('/mijn-zaken/', $query, 7, $query === [] ? '' : '?' . http_build_query($query)),
            new \DateTimeImmutable('2026-03-24 09:00', wp_timezone()),
            $instance,
            'token'
        );
        $block = $this->block($name);
        $attributes = $this->attributes($name);
        $renderer = new TemplateRenderer(new TemplateFinder(Plugin::instance()->folder() . '/templates'));

        return $renderer->render($block, $attributes, $block->view($attributes, $results, $context), $context);
    }

    /** The same answer with every text replaced, dates and fixed words left alone. */
    private function poisoned(PartResults $results, string $hostile): PartResults
    {
        $fixed = ['state', 'beurt', 'taal'];
        $poison = static function (array $data) use (&$poison, $hostile, $fixed): array {
            foreach ($data as $key => $value) {
                if (is_array($value)) {
                    $data[$key] = $poison($value);
                } elseif (is_string($value) && !in_array($key, $fixed, true) && preg_match('/^\d{4}-\d\d-\d\d$/', $value) !== 1) {
                    $data[$key] = $hostile;
                }
            }

            return $data;
        };

        return new PartResults(array_map(static fn (PartResult $result): PartResult => match (true) {
            $result->isOk() => PartResult::ok($poison($result->data)),
            $result->isPartial() => PartResult::partial(
                $poison($result->data),
                [$hostile, 'documenten'],
                $hostile,
                $hostile,
                $result->sources
            ),
            $result->state === PartResult::UNAVAILABLE => PartResult::unavailable($hostile, $hostile),
            default => $result,
        }, $results->all()));
    }

    private function assertSound(string $html): void
    {
        $document = $this->parse($html);
        $ids = [];
        $xpath = new \DOMXPath($document);
        foreach ($xpath->query('//*[@id]') as $element) {
            $ids[] = $element->getAttribute('id');
        }
        self::assertSame($ids, array_unique($ids), 'ids are unique');
        foreach ($xpath->query('//@aria-labelledby | //@aria-describedby | //@aria-controls | //label/@for') as $reference) {
            foreach (preg_split('/\s+/', $reference->value) ?: [] as $id) {
                self::assertContains($id, $ids, "$id is referred to");
            }
        }
        foreach ($xpath->query('//h1 | //h2 | //h3 | //h4 | //h5 | //h6 | //a | //button | //dt | //dd | //th | //label | //summary') as $element) {
            self::assertNotSame('', trim($element->textContent), $element->nodeName . ' has text');
        }
        foreach ($xpath->query('//a') as $link) {
            self::assertNotSame('', $link->getAttribute('href'));
        }
        self::assertStringNotContainsString('1970', $html);
    }

    private function parse(string $html): \DOMDocument
    {
        $document = new \DOMDocument();
        $before = libxml_use_internal_errors(true);
        $document->loadHTML('<?xml encoding="utf-8"><body>' . $html . '</body>');
        foreach (libxml_get_errors() as $error) {
            // libxml knows no elements of HTML 5.
            if (!str_contains($error->message, 'Tag ')) {
                self::fail(trim($error->message) . ' in ' . $html);
            }
        }
        libxml_clear_errors();
        libxml_use_internal_errors($before);

        return $document;
    }

    private function text(string $html): string
    {
        return trim((string) preg_replace('/\s+/u', ' ', $this->parse($html)->textContent));
    }

    private function block(string $name): Block
    {
        return Plugin::instance()->blocks()->all()[$name];
    }

    /** @return array<string, mixed> */
    private function attributes(string $name): array
    {
        return \WP_Block_Type_Registry::get_instance()->get_registered('owc-zijspan/' . $name)->prepare_attributes_for_render([]);
    }
}
