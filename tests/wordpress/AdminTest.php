<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Admin\Admin;
use OWC\Zijspan\Admin\ConnectionTab;
use OWC\Zijspan\Admin\DisplayTab;
use OWC\Zijspan\Admin\PagesTab;
use OWC\Zijspan\Admin\PolicyTab;
use OWC\Zijspan\Admin\Tab;
use OWC\Zijspan\Blocks\Assets;
use OWC\Zijspan\Blocks\Display;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Setup\Pages;
use Zijspan\Shim\Http\BodySink;
use Zijspan\Shim\Http\Limits;
use Zijspan\Shim\Http\Transport;
use Zijspan\Shim\Http\WireRequest;
use Zijspan\Shim\Http\WireResponse;
use Zijspan\Shim\Key;
use Zijspan\Shim\Tests\FakeSidecar;

require_once dirname(__DIR__, 2) . '/php-shim/tests/FakeSidecar.php';

/**
 * The settings page against a sidecar in the same process.
 */
final class AdminTest extends WordPressTestCase
{
    private const HOSTILE = '"><script>alert(1)</script>';

    private FakeSidecar $site;
    private FakeSidecar $admin;
    /** @var array<string, mixed> */
    private array $policy;
    private int $version = 3;

    protected function setUp(): void
    {
        parent::setUp();
        $this->version = 3;
        $this->policy = [
            'modules' => ['zaken' => true], 'zaak_vertrouwelijkheid' => 'zaakvertrouwelijk',
            'document_vertrouwelijkheid' => 'zaakvertrouwelijk', 'rollen' => ['initiator'], 'nieuwe_zaaktypen' => 'tonen',
            'deelzaken' => 'gevouwen', 'zichtbaar_vanaf' => null, 'status_betekenis' => 'bereikt', 'substatussen' => false,
            'aanvraag_documenttypen' => ['Aanvraagformulier'], 'interne_documenttypen' => [], 'verborgen_documenttypen' => [],
            'zaaktypen' => [['catalogus' => 'PORTL', 'identificatie' => 'ZT-OUD', 'tonen' => false, 'label' => null,
                'status_betekenis' => null, 'substatussen' => null, 'statustypen' => [], 'resultaattypen' => []]],
        ];
        $response = Key::fromBase64(ZIJSPAN_RESPONSE_KEYID, ZIJSPAN_RESPONSE_SECRET);
        $answer = fn (string $method, string $path, array $data): array => $this->answer($method, $path, $data);
        $this->site = new FakeSidecar(Key::fromBase64(ZIJSPAN_REQUEST_KEYID, ZIJSPAN_REQUEST_SECRET), $response, $answer);
        $this->admin = new FakeSidecar(Key::fromBase64(ZIJSPAN_ADMIN_KEYID, ZIJSPAN_ADMIN_SECRET), $response, $answer);
        Plugin::instance()->sidecar()->useTransport(new class ($this->site, $this->admin) implements Transport {
            public function __construct(private readonly Transport $site, private readonly Transport $admin)
            {
            }

            public function send(WireRequest $request, Limits $limits, ?BodySink $sink = null): WireResponse
            {
                return (str_contains($request->url, '/v1/admin/') ? $this->admin : $this->site)->send($request, $limits, $sink);
            }
        });
        wp_set_current_user((int) get_users(['role' => 'administrator', 'fields' => 'ids'])[0]);
    }

    public function testTheConnectionShowsFingerprintsAndNoSecrets(): void
    {
        $html = $this->show($this->connection());
        foreach (['ZIJSPAN_REQUEST', 'ZIJSPAN_RESPONSE', 'ZIJSPAN_ADMIN'] as $name) {
            $secret = base64_decode(constant($name . '_SECRET'), true);
            self::assertStringContainsString(constant($name . '_KEYID'), $html);
            self::assertStringContainsString(substr(hash('sha256', "zijspan-key-fingerprint\0" . $secret), 0, 16), $html);
            self::assertStringNotContainsString(constant($name . '_SECRET'), $html);
            self::assertStringNotContainsString(bin2hex($secret), $html);
        }
    }

    public function testTheConnectionTestPassesStepByStep(): void
    {
        $tab = $this->connection();
        $tab->receive([], []);
        $html = $this->show($tab);
        self::assertStringContainsString('Alles werkt.', $html);
        self::assertStringContainsString('zgw.zaken', $html);
        self::assertStringNotContainsString('Mislukt', $html);
    }

    public function testTheConnectionTestNamesTheStepThatFails(): void
    {
        $failing = function (): string {
            $tab = $this->connection();
            $tab->receive([], []);
            preg_match('#step--fail">\s*<strong>(.*?):</strong>#s', $this->show($tab), $found);

            return $found[1] ?? '';
        };
        $this->site->fails = 'connect';
        self::assertSame('Zijspan is bereikbaar', $failing());
        $this->site->fails = 'tls';
        self::assertSame('De verbinding is veilig', $failing());
        $this->site->fails = null;
        $date = static fn (int $time): array => ['Date', gmdate('D, d M Y H:i:s', $time) . ' GMT'];
        $this->site->meddler = static fn (): WireResponse => new WireResponse(401, [$date(time())], '');
        self::assertSame('De handtekening wordt geaccepteerd', $failing());
        $this->site->meddler = static fn (): WireResponse => new WireResponse(401, [$date(time() - 900)], '');
        self::assertSame('De klokken lopen gelijk', $failing());
        $this->site->meddler = static fn (): WireResponse => new WireResponse(200, [], '<html>');
        self::assertSame('Het antwoord is echt', $failing());
        $this->site->meddler = null;
        $this->site->answer = static fn (): array => [200, ['contract' => 2, 'version' => '9.0.0']];
        self::assertSame('Plugin en Zijspan begrijpen elkaar', $failing());
        $this->site->answer = fn (string $method, string $path, array $data): array => $this->answer($method, $path, $data);
        $this->admin->fails = 'timeout';
        self::assertSame('De sleutel voor beheer werkt', $failing());
        $this->admin->fails = null;
        $this->admin->answer = static fn (): array => [200, ['steps' => [['step' => 'zgw.zaken', 'ok' => false, 'message' => self::HOSTILE]]]];
        self::assertSame('Bron zgw.zaken', $failing());
    }

    public function testToonregelsOfOneZaaktypeAreSaved(): void
    {
        $tab = $this->policyTab();
        $location = $this->redirected(fn () => $tab->receive($this->zaaktypeForm(), $this->zaaktypeQuery()));
        self::assertStringContainsString('saved=1', $location);
        $put = end($this->admin->calls);
        self::assertSame('PUT', $put['method']);
        self::assertFalse($put['data']['dry_run']);
        self::assertSame(3, $put['data']['version']);
        self::assertSame('ZT-OUD', $put['data']['policy']['zaaktypen'][0]['identificatie']);
        self::assertEquals([
            'catalogus' => 'PORTL', 'identificatie' => 'ZT-OMGEVING', 'tonen' => true, 'label' => 'Omgevingsvergunning',
            'status_betekenis' => 'bezig', 'substatussen' => true,
            'statustypen' => [
                ['volgnummer' => 1, 'omschrijving' => 'Ontvangen', 'label' => null, 'toelichting' => null, 'beurt' => null, 'verborgen' => false],
                ['volgnummer' => 2, 'omschrijving' => 'In behandeling', 'label' => 'We zijn bezig', 'toelichting' => 'Even geduld', 'beurt' => 'gemeente', 'verborgen' => false],
            ],
            'resultaattypen' => [['omschrijving' => 'Verleend', 'label' => 'Uw vergunning is verleend', 'toelichting' => null, 'bezwaar' => true]],
        ], $put['data']['policy']['zaaktypen'][1]);
        // What the form does not know stays as it is.
        self::assertSame(['Aanvraagformulier'], $put['data']['policy']['aanvraag_documenttypen']);
    }

    public function testADryRunSavesNothingAndKeepsWhatWasTyped(): void
    {
        $tab = $this->policyTab();
        $tab->receive(['proef' => '1'] + $this->zaaktypeForm(), $this->zaaktypeQuery());
        self::assertTrue(end($this->admin->calls)['data']['dry_run']);
        $html = $this->show($tab, $this->zaaktypeQuery());
        self::assertStringContainsString('Er is nog niets opgeslagen.', $html);
        self::assertStringContainsString('label van stap 2', $html);
        self::assertStringContainsString('We zijn bezig', $html);
    }

    public function testAConflictLosesNothing(): void
    {
        $tab = $this->policyTab();
        $this->version = 8;
        $tab->receive($this->zaaktypeForm(), $this->zaaktypeQuery());
        self::assertNotContains('PUT /v1/admin/policy', $this->admin->paths());
        $html = $this->show($tab, $this->zaaktypeQuery());
        self::assertStringContainsString('Iemand anders heeft de Toonregels intussen gewijzigd', $html);
        self::assertStringContainsString('We zijn bezig', $html);
        self::assertStringContainsString('name="versie" value="8"', $html);
    }

    public function testAnErrorStandsAtItsField(): void
    {
        $tab = $this->policyTab();
        $form = $this->zaaktypeForm();
        $form['statustypen'][1]['toelichting'] = 'ongeldig';
        $tab->receive($form, $this->zaaktypeQuery());
        $html = $this->show($tab, $this->zaaktypeQuery());
        self::assertStringContainsString('id="statustypen-1-toelichting-fout">Te lang.', $html);
        self::assertMatchesRegularExpression('/id="statustypen-1-toelichting"[^>]*aria-invalid="true"/', $html);
        self::assertStringContainsString('>ongeldig</textarea>', $html);
    }

    public function testGeneralRulesAreSaved(): void
    {
        $tab = $this->policyTab();
        $this->redirected(fn () => $tab->receive([
            'versie' => '3', 'rollen' => ['initiator', 'gemachtigde', 'alles'], 'nieuwe_zaaktypen' => 'verbergen',
            'zaak_vertrouwelijkheid' => 'openbaar', 'document_vertrouwelijkheid' => 'onzin', 'deelzaken' => 'los',
            'zichtbaar_vanaf' => '2025-01-01', 'status_betekenis' => 'bezig', 'substatussen' => '1',
            'aanvraag_documenttypen' => "Aanvraag\r\n\r\n Formulier \n", PolicyTab::END => '1',
        ], []));
        $policy = end($this->admin->calls)['data']['policy'];
        self::assertSame(['zaken' => false], $policy['modules']);
        self::assertSame(['initiator', 'gemachtigde'], $policy['rollen']);
        self::assertSame('openbaar', $policy['zaak_vertrouwelijkheid']);
        self::assertSame('zaakvertrouwelijk', $policy['document_vertrouwelijkheid']);
        self::assertSame(['Aanvraag', 'Formulier'], $policy['aanvraag_documenttypen']);
        self::assertSame('ZT-OUD', $policy['zaaktypen'][0]['identificatie']);
    }

    public function testAFormThatWasCutOffSavesNothing(): void
    {
        $tab = $this->policyTab();
        $form = $this->zaaktypeForm();
        unset($form[PolicyTab::END]);
        $tab->receive($form, $this->zaaktypeQuery());
        self::assertSame([], $this->admin->calls);
        self::assertStringContainsString('niet volledig aan', $this->show($tab, $this->zaaktypeQuery()));
    }

    public function testWhatTheCatalogueSaysIsEscapedAndFlagged(): void
    {
        $html = $this->show($this->policyTab());
        self::assertStringNotContainsString('<script>alert', $html);
        self::assertStringContainsString('&lt;script&gt;', $html);
        self::assertStringContainsString('>gewijzigd<', $html);
        self::assertStringContainsString('>nieuw<', $html);
        self::assertStringContainsString('niet meer in de catalogus', $html);
        self::assertStringContainsString('Nooit: de catalogus zegt intern', $html);
    }

    public function testPagesAreMadeAsDraftsOnce(): void
    {
        foreach (['zaken', 'zaak', 'inloggen'] as $key) {
            $id = (new Pages())->find($key);
            if ($id !== null) {
                wp_delete_post($id, true);
            }
        }
        $tab = new PagesTab(new Pages());
        self::assertStringContainsString('Nog niet gemaakt', $this->show($tab));
        $this->redirected(static fn () => $tab->receive([], []));
        $id = (new Pages())->find('zaken');
        self::assertSame('draft', get_post_status($id));
        $html = $this->show($tab);
        self::assertStringContainsString('Concept', $html);
        self::assertStringNotContainsString('<form', $html);
    }

    public function testTheAppearanceIsSavedAndUsed(): void
    {
        $tab = new DisplayTab();
        $this->redirected(static fn () => $tab->receive(['login_digid' => ' Ga naar <b>DigiD</b> ', 'contact' => "Bel ons\nof kom langs"], []));
        self::assertSame('Ga naar DigiD', Display::loginLabel('digid'));
        self::assertSame("Bel ons\nof kom langs", Display::contact());
        self::assertFalse(Display::all()['css']);
        $assets = new Assets(Plugin::instance()->folder() . '/owc-zijspan.php', '1');
        self::assertArrayNotHasKey('style', $assets->withoutStyles(['name' => 'owc-zijspan/zaak', 'style' => ['x']]));
        self::assertArrayHasKey('style', $assets->withoutStyles(['name' => 'core/paragraph', 'style' => ['x']]));
    }

    public function testOnlyAdministratorsMayManage(): void
    {
        self::assertTrue(current_user_can(Admin::CAPABILITY));
        $editor = wp_insert_user(['user_login' => 'redacteur', 'user_pass' => wp_generate_password(), 'role' => 'editor']);
        self::assertFalse(user_can($editor, Admin::CAPABILITY));
        self::assertFalse(user_can(0, Admin::CAPABILITY));
    }

    private function connection(): ConnectionTab
    {
        return new ConnectionTab(Plugin::instance()->settings(), Plugin::instance()->sidecar());
    }

    private function policyTab(): PolicyTab
    {
        return new PolicyTab(Plugin::instance()->settings(), Plugin::instance()->sidecar());
    }

    /** @param array<string, string> $query */
    private function show(Tab $tab, array $query = []): string
    {
        ob_start();
        $tab->show($query);

        return (string) ob_get_clean();
    }

    private function redirected(callable $body): string
    {
        $stop = static fn (string $location) => throw new \RuntimeException($location);
        add_filter('wp_redirect', $stop);
        try {
            $body();
        } catch (\RuntimeException $stopped) {
            return $stopped->getMessage();
        } finally {
            remove_filter('wp_redirect', $stop);
        }
        self::fail('no redirect');
    }

    /** @return array<string, string> */
    private function zaaktypeQuery(): array
    {
        return ['catalogus' => 'PORTL', 'zaaktype' => 'ZT-OMGEVING'];
    }

    /** @return array<string, mixed> */
    private function zaaktypeForm(): array
    {
        return [
            'versie' => '3', 'tonen' => 'ja', 'label' => ' Omgevingsvergunning ', 'status_betekenis' => 'bezig', 'substatussen' => 'ja',
            'statustypen' => [
                ['volgnummer' => '1', 'omschrijving' => 'Ontvangen', 'label' => '', 'toelichting' => '', 'beurt' => ''],
                ['volgnummer' => '2', 'omschrijving' => 'In behandeling', 'label' => 'We zijn bezig', 'toelichting' => 'Even geduld', 'beurt' => 'gemeente'],
            ],
            'resultaattypen' => [['omschrijving' => 'Verleend', 'label' => 'Uw vergunning is verleend', 'toelichting' => '', 'bezwaar' => 'ja']],
            PolicyTab::END => '1',
        ];
    }

    /**
     * @param array<mixed> $data
     * @return array{0: int, 1: array<mixed>}
     */
    private function answer(string $method, string $path, array $data): array
    {
        $zaaktype = static fn (string $id, string $state, bool $extern, string $name): array => [
            'catalogus' => 'PORTL', 'identificatie' => $id, 'omschrijving' => $name, 'extern' => $extern, 'state' => $state,
            'statustypen' => [['volgnummer' => 1, 'omschrijving' => 'Ontvangen'], ['volgnummer' => 2, 'omschrijving' => 'In behandeling']],
            'resultaattypen' => [['omschrijving' => 'Verleend']],
        ];
        if ($method === 'PUT') {
            return $this->put($data);
        }

        return match ($path) {
            '/v1/status' => [200, ['version' => '0.1.0', 'contract' => 1, 'environment' => 'demo']],
            '/v1/admin/check' => [200, ['steps' => [['step' => 'zgw.zaken', 'ok' => true, 'ms' => 41, 'message' => '']]]],
            '/v1/admin/policy' => [200, ['version' => $this->version, 'policy' => $this->policy, 'bounds' => []]],
            '/v1/admin/catalogus' => [200, ['zaaktypen' => [
                $zaaktype('ZT-OMGEVING', 'gewijzigd', true, 'Omgevingsvergunning ' . self::HOSTILE),
                $zaaktype('ZT-NIEUW', 'nieuw', true, 'Parkeervergunning'),
                $zaaktype('ZT-INTERN', 'bekend', false, 'Controle'),
            ], 'informatieobjecttypen' => ['Aanvraagformulier', self::HOSTILE]]],
            default => [404, ['type' => 'urn:zijspan:problem:not-found', 'title' => 'Niet gevonden.']],
        };
    }

    /**
     * @param array<mixed> $data
     * @return array{0: int, 1: array<mixed>}
     */
    private function put(array $data): array
    {
        if ($data['version'] !== $this->version) {
            return [409, ['type' => 'urn:zijspan:problem:conflict', 'title' => 'Intussen gewijzigd.']];
        }
        foreach ($data['policy']['zaaktypen'] as $index => $zaaktype) {
            foreach ($zaaktype['statustypen'] as $step => $statustype) {
                if ($statustype['toelichting'] === 'ongeldig') {
                    return [422, ['type' => 'urn:zijspan:problem:invalid', 'title' => 'Klopt niet.', 'fields' => [
                        ['path' => "zaaktypen.$index.statustypen.$step.toelichting", 'message' => 'Te lang.'],
                    ]]];
                }
            }
        }

        return [200, ['version' => $this->version + 1, 'policy' => $data['policy'], 'changes' => ['label van stap 2'], 'saved' => !$data['dry_run']]];
    }
}
