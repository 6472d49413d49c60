<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Admin\LoginTab;
use OWC\Zijspan\Cli\Command;
use OWC\Zijspan\Health\HealthTests;
use OWC\Zijspan\Login\Detection;
use OWC\Zijspan\Login\Fragment;
use OWC\Zijspan\Login\Logins;
use OWC\Zijspan\Login\LoginPlugin;
use OWC\Zijspan\Login\LoginSettings;
use OWC\Zijspan\Login\Risks;
use OWC\Zijspan\Plugin;

/**
 * The tab "Inloggen": what is found, what is advised, what is saved; and the warnings where identity can be forged.
 */
final class LoginTabTest extends AdminTestCase
{
    protected function tearDown(): void
    {
        Detection::pretend(null);
        remove_all_filters('owc_digid_is_logged_in');
        remove_all_filters('wp_die_handler');
        putenv('ZIJSPAN_ASSERT_KEYID');
        putenv('ZIJSPAN_SITE');
        parent::tearDown();
    }

    public function testWithoutALoginPluginZijspanLogsInItself(): void
    {
        self::assertSame([[], 'rp'], [$this->detection()->found(), $this->detection()->advice()]);
        $html = $this->show($this->tab());
        self::assertStringContainsString('Er is geen inlogplugin gevonden.', $html);
        self::assertStringContainsString('Laat Zijspan zelf inloggen', $html);
        self::assertStringContainsString('mode = &quot;rp&quot;', $html);
    }

    /**
     * @dataProvider plugins
     * @param list<string> $files
     * @param list<string> $present
     */
    public function testWhatIsFoundDecidesWhatIsAdvised(array $files, array $present, string $mode, string $by): void
    {
        Detection::pretend($files);
        $detection = $this->detection($present);
        self::assertSame($mode, $detection->advice());
        self::assertSame($by, $detection->found()[0]['by']);
    }

    /** @return array<string, array{0: list<string>, 1: list<string>, 2: string, 3: string}> */
    public function plugins(): array
    {
        return [
            'Signicat' => [[], ['signicat'], 'exchange', 'signicat'],
            'OpenID Connect Generic' => [[], ['oidcgeneric'], 'exchange', 'oidcgeneric'],
            'Anoigo' => [['owc-anoigo-openid/owc-anoigo-openid.php'], ['facade'], 'asserted', 'facade'],
            'SAML' => [['gravityforms-digid/gravityforms-digid.php'], ['facade'], 'asserted', 'facade'],
            'some SAML' => [['wp-saml-auth/wp-saml-auth.php'], [], 'asserted', 'facade'],
            'unknown, with the facade' => [[], ['facade'], 'asserted', 'facade'],
            'a token before a word' => [['wp-saml-auth/wp-saml-auth.php'], ['signicat', 'facade'], 'exchange', 'signicat'],
        ];
    }

    public function testALibraryWithoutALoginIsAFacade(): void
    {
        add_filter('owc_digid_is_logged_in', '__return_false');
        self::assertSame('asserted', $this->detection()->advice());
        self::assertStringContainsString('modus asserted', $this->show($this->tab()));
    }

    public function testTheFragmentHoldsWhatTheSiteKnowsAndNothingSecret(): void
    {
        update_option('owc_signicat_openid_configuration_url_settings', 'https://broker.example/auth/open/.well-known/openid-configuration');
        update_option('owc_signicat_openid_client_id_settings', 'gemeente "x"');
        update_option('owc_signicat_openid_client_secret_settings', 'zeer-geheim');
        $toml = Fragment::toml('digid', 'exchange', 'signicat');
        foreach (['name = "digid"', 'issuer = "https://broker.example/auth/open"', 'client_id = "gemeente \\"x\\""', 'claim_map = "signicat"', 'nonce = "absent"', 'kinds = ["burger"]'] as $line) {
            self::assertStringContainsString($line, $toml);
        }
        self::assertStringNotContainsString('zeer-geheim', $toml);
        self::assertStringContainsString('scopes = ["assert"]', Fragment::toml('eherkenning', 'asserted', 'facade'));
        self::assertStringContainsString('ZIJSPAN_ASSERT_KEYID', (string) Fragment::wpConfig('asserted'));
        self::assertStringContainsString('ZIJSPAN_SITE', (string) Fragment::wpConfig('exchange'));
        self::assertNull(Fragment::wpConfig('rp'));
    }

    public function testWhatIsChosenIsSaved(): void
    {
        $location = $this->redirected(fn () => $this->tab()->receive([
            'digid' => ['by' => 'facade', 'login' => '/sso/?terug={terug}', 'logout' => 'https://login.example.nl/uit'],
            'eherkenning' => ['by' => 'bestaat-niet', 'login' => '', 'logout' => ''],
            'feed' => '1',
        ], []));
        self::assertStringContainsString('saved=1', $location);
        $settings = new LoginSettings();
        self::assertSame(['facade', 'zijspan', 'zijspan'], array_map($settings->by(...), LoginSettings::IDPS));
        self::assertSame('/sso/?terug=' . rawurlencode(home_url('/zaak/')), $settings->loginUrl('digid', '/zaak/'));
        self::assertSame('https://login.example.nl/uit', $settings->logoutUrl('digid', home_url('/')));
        self::assertTrue($settings->feeds());
        $this->redirected(fn () => $this->tab()->receive(['digid' => ['by' => 'zijspan']], []));
        self::assertFalse((new LoginSettings())->feeds());
    }

    public function testAnAddressThatLeadsAwayIsNotSaved(): void
    {
        foreach (['http://evil.example/', 'javascript:alert(1)', '//evil.example/', 'inloggen', 'https://x@evil.example/', '/' . str_repeat('a', 600)] as $url) {
            $tab = $this->tab();
            $tab->receive(['digid' => ['by' => 'facade', 'login' => $url, 'logout' => '']], []);
            self::assertStringContainsString('Er is niets opgeslagen', $this->show($tab), $url);
            self::assertFalse(get_option(LoginSettings::OPTION));
        }
    }

    public function testEverybodyOutAsksFirst(): void
    {
        $_SERVER['REQUEST_METHOD'] = 'GET';
        $html = $this->show($this->tab(), ['iedereen' => 'uit']);
        self::assertStringContainsString('Ja, log iedereen uit', $html);
        self::assertStringContainsString('_wpnonce', $html);
        self::assertSame([], $this->admin->calls);

        $this->admin->answer = static fn (): array => [200, ['ended' => 3]];
        $location = $this->redirected(fn () => $this->tab()->receive(['iedereen' => 'uit'], []));
        self::assertSame(['DELETE /v1/admin/sessions'], $this->admin->paths());
        self::assertStringContainsString('uitgelogd=3', $location);
        self::assertStringContainsString('3 sessies zijn beëindigd', $this->show($this->tab(), ['uitgelogd' => '3']));

        $this->admin->fails = 'connect';
        $tab = $this->tab();
        $tab->receive(['iedereen' => 'uit'], []);
        self::assertStringContainsString('Niemand is uitgelogd.', $this->show($tab));
    }

    public function testNobodyWithoutTheRightComesThere(): void
    {
        wp_set_current_user((int) wp_insert_user(['user_login' => 'redacteur', 'user_pass' => 'x', 'role' => 'editor']));
        self::assertFalse(current_user_can('owc_zijspan_manage'));
        $this->expectExceptionMessage('died');
        add_filter('wp_die_handler', static fn (): callable => static fn () => throw new \RuntimeException('died'));
        (new \OWC\Zijspan\Admin\Admin(Plugin::instance()))->load();
    }

    public function testWhereIdentityCanBeForgedIsSaidEverywhere(): void
    {
        self::assertSame('good', $this->health()->logins()['status']);
        putenv('ZIJSPAN_ASSERT_KEYID=a');
        add_filter('owc_digid_is_logged_in', '__return_false');
        update_option(LoginSettings::OPTION, ['digid' => ['by' => 'facade', 'login' => '/sso/', 'logout' => '/uit/'], 'feed' => true]);
        $names = array_column(Plugin::instance()->risks()->all(), 'name');
        self::assertSame(['asserted', 'feed'], $names);
        $health = Plugin::instance()->healthTests()->logins();
        self::assertSame('recommended', $health['status']);
        self::assertStringContainsString('voordoen als iedere inwoner', $health['description']);

        Detection::pretend(['spoof-openid/index.php']);
        self::assertSame('spoof', Plugin::instance()->risks()->all()[0]['name']);
        self::assertSame(Risks::CRITICAL, Plugin::instance()->risks()->all()[0]['level']);

        ob_start();
        (new \OWC\Zijspan\Admin\Admin(Plugin::instance()))->show();
        $html = (string) ob_get_clean();
        foreach (['voordoen als een ander', 'voordoen als iedere inwoner', 'kan het BSN of KvK-nummer lezen'] as $text) {
            self::assertStringContainsString($text, $html);
        }
    }

    public function testALoginPluginThatIsNotUsedIsSaid(): void
    {
        $risks = new Risks(Plugin::instance()->settings(), $this->logins(['signicat']));
        self::assertSame([['twice', 'recommended']], array_map(static fn (array $risk): array => [$risk['name'], $risk['level']], $risks->all()));
        self::assertStringContainsString('twee keer', $risks->all()[0]['text']);
        update_option(LoginSettings::OPTION, ['digid' => ['by' => 'signicat']]);
        putenv('ZIJSPAN_SITE=demo');
        self::assertSame([], $risks->all());
    }

    public function testALoginThatCannotWorkIsSaid(): void
    {
        add_filter('owc_digid_is_logged_in', '__return_false');
        update_option(LoginSettings::OPTION, ['digid' => ['by' => 'facade']]);
        self::assertStringContainsString('ZIJSPAN_ASSERT_KEYID', Plugin::instance()->risks()->all()[0]['text']);
        putenv('ZIJSPAN_ASSERT_KEYID=a');
        self::assertStringContainsString('waar men inlogt', Plugin::instance()->risks()->all()[0]['text']);
        update_option(LoginSettings::OPTION, ['digid' => ['by' => 'facade', 'login' => '/sso/']]);
        self::assertContains('logout', array_column(Plugin::instance()->risks()->all(), 'name'));
        self::assertSame('recommended', Plugin::instance()->healthTests()->logins()['status']);
        remove_all_filters('owc_digid_is_logged_in');
        $risks = new Risks(Plugin::instance()->settings(), $this->logins([]));
        self::assertStringContainsString('niet actief', $risks->all()[0]['text']);
    }

    public function testTheDoctorOfTheCommandLineEndsWithOneWhenSomethingIsWrong(): void
    {
        if (!class_exists('WP_CLI')) {
            require_once __DIR__ . '/wp-cli.php';
        }
        $command = fn (): Command => new Command(Plugin::instance()->settings(), Plugin::instance()->sidecar(), $this->health());
        WpCli::begin();
        $command()->doctor([], []);
        self::assertSame('good', array_column(WpCli::$items, 'state', 'check')['logins']);
        putenv('ZIJSPAN_ASSERT_KEYID=a');
        Detection::pretend(['spoof-openid/index.php']);
        update_option(LoginSettings::OPTION, ['digid' => ['by' => 'facade']]);
        WpCli::begin();
        $command()->doctor([], []);
        self::assertSame(1, WpCli::$halted);
        self::assertSame('critical', array_column(WpCli::$items, 'state', 'check')['logins']);
    }

    private function health(): HealthTests
    {
        $plugin = Plugin::instance();

        return new HealthTests($plugin->settings(), $plugin->sidecar(), new Risks($plugin->settings(), $this->logins()));
    }

    private function tab(): LoginTab
    {
        return new LoginTab(Plugin::instance()->settings(), Plugin::instance()->sidecar(), $this->logins());
    }

    /** @param list<string>|null $present */
    private function detection(?array $present = null): Detection
    {
        return new Detection($this->logins($present));
    }

    /**
     * As if only these were there: other tests of the same process bring stubs of all.
     *
     * @param list<string>|null $present null: the facade as it is
     */
    private function logins(?array $present = null): Logins
    {
        $plugins = array_map(function (LoginPlugin $plugin) use ($present): LoginPlugin {
            $stub = $this->createStub(LoginPlugin::class);
            $stub->method('id')->willReturn($plugin->id());
            $stub->method('title')->willReturn($plugin->title());
            $stub->method('mode')->willReturn($plugin->mode());
            $stub->method('isPresent')->willReturn(match (true) {
                $present !== null => in_array($plugin->id(), $present, true),
                $plugin->id() === 'facade' => (bool) has_filter('owc_digid_is_logged_in'),
                default => false,
            });

            return $stub;
        }, Plugin::instance()->logins()->all());

        return new Logins(new LoginSettings(), $plugins);
    }
}
