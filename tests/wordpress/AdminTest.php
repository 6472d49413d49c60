<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Admin\Admin;
use OWC\Zijspan\Admin\ConnectionTab;
use OWC\Zijspan\Admin\DisplayTab;
use OWC\Zijspan\Admin\PagesTab;
use OWC\Zijspan\Admin\PolicyTab;
use OWC\Zijspan\Blocks\Assets;
use OWC\Zijspan\Blocks\Display;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Setup\Pages;
use Zijspan\Shim\Http\WireResponse;

/**
 * The settings page against a sidecar in the same process.
 */
final class AdminTest extends AdminTestCase
{
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
}
