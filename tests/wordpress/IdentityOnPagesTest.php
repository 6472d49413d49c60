<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Http\Output;
use OWC\Zijspan\Login\Facade;
use OWC\Zijspan\Login\LoginSettings;
use OWC\Zijspan\Plugin;

/**
 * What pages say about who is logged in: for whom, until when, at which level; and what forms are told.
 */
final class IdentityOnPagesTest extends PluginTestCase
{
    /** @var array<string, mixed> */
    private array $person = [];

    protected function session(): array
    {
        return $this->person + parent::session();
    }

    public function testForWhomSomebodyActsIsSaidInEveryBlockAndState(): void
    {
        $this->logIn();
        $this->person = ['acts_for_another' => true, 'on_behalf_of' => ['type' => 'onderneming', 'label' => 'Bakkerij B.V.']];
        $sentence = 'U bekijkt de gegevens van Bakkerij B.V';
        $states = [['state' => 'unavailable'], ['state' => 'late'], ['state' => 'not_found'], ['state' => 'denied', 'problem' => ['reason' => 'mandate']]];
        foreach ([self::ZAKEN, self::ZAAK] as $block) {
            $html = html_entity_decode($this->visitPage($block, '?zs_zaak=handle-1'));
            self::assertSame(1, substr_count($html, $sentence), $block);
            foreach ($states as $state) {
                $this->allParts($state);
                self::assertSame(1, substr_count(html_entity_decode($this->visitPage($block, '?zs_zaak=handle-1')), $sentence), $block . $state['state']);
            }
            $this->sidecar->answer = fn (string $method, string $path, array $data): array => $this->answer($method, $path, $data);
        }
        $html = html_entity_decode($this->visitPage(self::LOGIN));
        self::assertSame(1, substr_count($html, $sentence));
        self::assertLessThan(strpos($html, 'data-zijspan-form="logout"'), strpos($html, $sentence));
    }

    public function testWhoActsForNobodyReadsNothingOfIt(): void
    {
        $this->logIn();
        foreach ([[], ['acts_for_another' => null], ['acts_for_another' => 'yes'], ['mandate' => ['limited' => true]]] as $person) {
            $this->person = $person;
            self::assertStringNotContainsString('U bekijkt de gegevens van', $this->visitPage(self::ZAKEN . self::LOGIN));
        }
    }

    public function testALimitedMandateIsSaid(): void
    {
        $this->logIn();
        $this->person = ['acts_for_another' => true, 'mandate' => ['limited' => true]];
        self::assertStringContainsString('Uw machtiging geldt voor een deel daarvan', $this->visitPage(self::ZAKEN));
        $this->person = ['acts_for_another' => true, 'mandate' => ['limited' => false]];
        self::assertStringNotContainsString('Uw machtiging geldt', $this->visitPage(self::ZAKEN));
    }

    public function testAHigherLevelIsAskedForByNameAndLeadsBackHere(): void
    {
        $this->logIn();
        $this->allParts(['state' => 'denied', 'problem' => ['reason' => 'loa', 'required_loa' => 'substantial']]);
        $html = html_entity_decode($this->visitPage(self::ZAKEN, '?zs_status=closed'), ENT_QUOTES);
        self::assertStringContainsString('Hiervoor moet u inloggen met DigiD Substantieel.', $html);
        self::assertSame(1, preg_match('#href="([^"]*zijspan=login[^"]*)"[^>]*>Inloggen met DigiD Substantieel<#', $html, $found));
        parse_str((string) parse_url($found[1], PHP_URL_QUERY), $query);
        self::assertSame(['digid', 'substantial'], [$query['idp'], $query['niveau']]);
        self::assertStringEndsWith('?zs_status=closed', $query['return_to']);

        $_GET = $query;
        $_SERVER['REQUEST_METHOD'] = 'GET';
        $this->sidecar->answer = static fn (): array => [200, ['url' => 'https://idp.example.nl/']];
        Plugin::instance()->router()->answer();
        $call = $this->sidecar->calls[count($this->sidecar->calls) - 1];
        self::assertSame(['/v1/login', 'substantial', $query['return_to']], [$call['path'], $call['data']['min_loa'], $call['data']['return_to']]);
    }

    public function testZakenOfAHigherLevelAreCountedWithAWayThere(): void
    {
        $this->logIn();
        foreach ([[2, 'U ziet nog 2 zaken als u inlogt met DigiD Hoog.'], [1, 'U ziet nog 1 zaak als u inlogt met DigiD Hoog.']] as [$count, $text]) {
            $this->sidecar->answer = function (string $method, string $path, array $data) use ($count): array {
                [$status, $answer] = $this->answer($method, $path, $data);
                $answer['parts'][0]['data']['needs_loa'] = ['required_loa' => 'high', 'count' => $count];

                return [$status, $answer];
            };
            $html = html_entity_decode($this->visitPage(self::ZAKEN), ENT_QUOTES);
            self::assertStringContainsString($text, $html);
            self::assertMatchesRegularExpression('#niveau=high[^>]*>Inloggen met DigiD Hoog<#', $html);
        }
        foreach ([null, ['required_loa' => 'x', 'count' => 1], ['required_loa' => 'high', 'count' => 0], 'high'] as $needs) {
            $this->sidecar->answer = function (string $method, string $path, array $data) use ($needs): array {
                [$status, $answer] = $this->answer($method, $path, $data);
                $answer['parts'][0]['data']['needs_loa'] = $needs;

                return [$status, $answer];
            };
            self::assertStringNotContainsString('U ziet nog', $this->visitPage(self::ZAKEN));
        }
    }

    public function testALevelThatIsNoneIsNotAskedFor(): void
    {
        $this->sidecar->answer = static fn (): array => [200, ['url' => 'https://idp.example.nl/']];
        $_SERVER['REQUEST_METHOD'] = 'GET';
        foreach (['none', 'hoogst', '1'] as $level) {
            $_GET = ['zijspan' => 'login', 'idp' => 'digid', 'return_to' => '/', 'niveau' => $level];
            Plugin::instance()->router()->answer();
        }
        self::assertSame([], array_filter($this->sidecar->calls, static fn (array $call): bool => isset($call['data']['min_loa'])));
        self::assertCount(3, $this->sidecar->calls);
    }

    public function testACompanyIsAskedForEHerkenningAndALoginPluginForNothing(): void
    {
        $this->logIn();
        $this->person = ['on_behalf_of' => ['type' => 'onderneming', 'label' => null], 'idp' => 'eherkenning'];
        $this->allParts(['state' => 'denied', 'problem' => ['reason' => 'loa', 'required_loa' => 'high']]);
        $html = $this->visitPage(self::ZAKEN);
        self::assertStringContainsString('Inloggen met eHerkenning niveau 4', $html);
        self::assertStringContainsString('idp=eherkenning', $html);

        $this->person = ['idp' => null];
        $html = $this->visitPage(self::ZAKEN);
        self::assertStringContainsString('Hiervoor moet u inloggen met DigiD Hoog', $html);
        self::assertStringNotContainsString('zijspan=login', $html);

        $this->allParts(['state' => 'denied', 'problem' => ['reason' => 'loa']]);
        self::assertStringContainsString('een manier die meer zekerheid geeft', $this->visitPage(self::ZAKEN));
        $this->allParts(['state' => 'denied', 'problem' => ['reason' => 'party']]);
        self::assertStringContainsString('geeft ons geen nummer door', $this->visitPage(self::ZAKEN));
    }

    public function testWhenASessionEndsIsTextToo(): void
    {
        $this->logIn();
        $this->person = ['idle_expires_in' => 900, 'absolute_expires_in' => 7000];
        $html = $this->visitPage(self::LOGIN);
        $end = (new \DateTimeImmutable('+900 seconds', wp_timezone()))->format('H:i');
        $near = (new \DateTimeImmutable('+899 seconds', wp_timezone()))->format('H:i');
        self::assertMatchesRegularExpression('#Doet u niets, dan wordt u om <time[^>]*>(' . str_replace(':', '&\#058;', "$end|$near") . ')</time> automatisch uitgelogd#', $html);
        self::assertMatchesRegularExpression('#<noscript>\s*<form method="post"[^>]*data-zijspan-form="extend"#', $html);
        $this->person = ['idle_expires_in' => 100, 'absolute_expires_in' => 100];
        $html = $this->visitPage(self::LOGIN);
        self::assertStringContainsString('omdat u dan 2 uur bent ingelogd', $html);
        self::assertStringNotContainsString('<noscript>', $html);
    }

    public function testFormsAreToldNothingUnlessBothAllowIt(): void
    {
        $this->logIn();
        $feed = Plugin::instance()->feed();
        $feed->register();
        self::assertFalse(apply_filters('owc_digid_is_logged_in', false));
        self::assertSame([], $this->sidecar->calls, 'it is off');

        update_option(LoginSettings::OPTION, ['feed' => true]);
        $feed->register();
        $this->sidecar->answer = static fn (): array => [403, ['type' => 'urn:zijspan:problem:scope', 'reason' => 'userdata_off']];
        $feed->begin($this->output);
        self::assertFalse(apply_filters('owc_digid_is_logged_in', false));
        self::assertNull(apply_filters('owc_digid_userdata', null));
        self::assertSame(['POST /v1/session/userdata'], $this->sidecar->paths(), 'asked once');
    }

    public function testAFormReadsTheNumberOfWhoIsLoggedIn(): void
    {
        update_option(LoginSettings::OPTION, ['feed' => true]);
        $feed = Plugin::instance()->feed();
        $feed->register();
        self::assertFalse(apply_filters('owc_digid_is_logged_in', false), 'nobody is logged in, nothing is asked');
        self::assertSame([], $this->sidecar->calls);

        $this->logIn();
        $feed->begin($this->output);
        $this->sidecar->answer = static fn (): array
            => [200, ['type' => 'burger', 'bsn' => '999990019', 'kvk' => null, 'rsin' => null, 'vestigingsnummer' => null]];
        self::assertTrue(apply_filters('owc_digid_is_logged_in', false));
        self::assertSame('999990019', apply_filters('owc_digid_userdata', null)->getBsn());
        self::assertFalse(apply_filters('owc_eherkenning_is_logged_in', false));
        self::assertNull(apply_filters('owc_eherkenning_userdata', null));
        self::assertSame(['POST /v1/session/userdata'], $this->sidecar->paths());
        self::assertSame(self::TOKEN, $this->sidecar->calls[0]['token']);
        $feed->keepOutOfCaches();
        self::assertStringContainsString('no-store', $this->output->values('Cache-Control')[0]);

        // The facade that we feed is none that we read.
        self::assertFalse((new Facade(new LoginSettings()))->isPresent());
    }

    public function testACompanyIsFedWithItsNumbers(): void
    {
        update_option(LoginSettings::OPTION, ['feed' => true]);
        Plugin::instance()->feed()->register();
        Plugin::instance()->feed()->begin($this->output);
        $this->logIn();
        $this->sidecar->answer = static fn (): array
            => [200, ['type' => 'onderneming', 'bsn' => null, 'kvk' => '69599084', 'rsin' => '111222333', 'vestigingsnummer' => null]];
        self::assertSame('69599084', apply_filters('owc_eherkenning_userdata', null)->getKvk());
        self::assertFalse(apply_filters('owc_digid_is_logged_in', false));
    }

    public function testAWayThatALoginPluginServesIsNotFed(): void
    {
        update_option(LoginSettings::OPTION, ['feed' => true, 'digid' => ['by' => 'facade']]);
        Plugin::instance()->feed()->register();
        Plugin::instance()->feed()->begin($this->output);
        $this->logIn();
        self::assertFalse(apply_filters('owc_digid_is_logged_in', false));
        self::assertSame([], $this->sidecar->calls);
    }

    protected function tearDown(): void
    {
        foreach (['owc_digid_is_logged_in', 'owc_digid_userdata', 'owc_eherkenning_is_logged_in', 'owc_eherkenning_userdata'] as $filter) {
            remove_all_filters($filter, 5);
        }
        parent::tearDown();
    }
}
