<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\IdpUserData\eIDASSession;
use OWC\Zijspan\Login\Bond;
use OWC\Zijspan\Login\Facade;
use OWC\Zijspan\Login\LoginSettings;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Session\Cookies;
use OWC\Zijspan\Session\Csrf;

require_once __DIR__ . '/stubs/plugins.php';

/**
 * One login for forms and MijnOmgeving: a session that begins and ends with the login of another plugin.
 */
final class LoginPluginsTest extends PluginTestCase
{
    private const BSN = '999990019';
    private const KVK = '69599084';
    private const NEW = 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB';

    /** @var array<string, string> who is logged in at the stub plugin: idp => number */
    private array $there = [];
    private int $asked = 0;
    /** @var list<string> */
    private array $tokens = [];

    protected function setUp(): void
    {
        parent::setUp();
        putenv('ZIJSPAN_ASSERT_KEYID=' . ZIJSPAN_REQUEST_KEYID);
        putenv('ZIJSPAN_ASSERT_SECRET=' . ZIJSPAN_REQUEST_SECRET);
        putenv('ZIJSPAN_SITE=demo');
        $this->there = [];
        $this->asked = 0;
        $this->tokens = [self::NEW, str_repeat('C', 43), str_repeat('D', 43)];
        eIDASSession::$bsn = null;
        foreach (['digid' => 'getBsn', 'eherkenning' => 'getKvk'] as $idp => $method) {
            $this->hook('owc_' . $idp . '_is_logged_in', function (bool $isLoggedIn) use ($idp): bool {
                $this->asked++;

                return $isLoggedIn || isset($this->there[$idp]);
            });
            $this->hook('owc_' . $idp . '_userdata', fn (mixed $data): mixed => isset($this->there[$idp])
                ? $this->person($method, $this->there[$idp])
                : $data);
        }
        $this->sidecar->answer = fn (string $method, string $path, array $data): array => match ($path) {
            '/v1/token' => [200, ['access_token' => array_shift($this->tokens)]],
            '/v1/session' => [200, ['logout_url' => null]],
            default => $this->answer($method, $path, $data),
        };
        $this->forget();
    }

    /** @var list<array{0: string, 1: callable}> */
    private array $hooks = [];

    protected function tearDown(): void
    {
        foreach ($this->hooks as [$name, $callback]) {
            remove_filter($name, $callback);
        }
        foreach (['ASSERT_KEYID', 'ASSERT_SECRET', 'SITE'] as $name) {
            putenv('ZIJSPAN_' . $name);
        }
        unset($_SESSION);
        parent::tearDown();
    }

    public function testNothingIsAskedOfAnyPluginUnlessItWasChosen(): void
    {
        $this->there = ['digid' => self::BSN];
        $html = $this->visitPage(self::ZAKEN);
        self::assertSame([0, []], [$this->asked, $this->sidecar->calls]);
        self::assertStringContainsString('Log eerst in', $html);
    }

    public function testWhoIsLoggedInAtTheLoginPluginIsLoggedInHere(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $html = $this->visitPage(self::ZAKEN . self::LOGIN);
        self::assertSame(['POST /v1/token', 'POST /v1/page'], $this->sidecar->paths());
        self::assertSame(
            ['grant_type' => 'urn:zijspan:asserted', 'subject_type' => 'bsn', 'subject' => self::BSN],
            $this->sidecar->calls[0]['data']
        );
        self::assertSame(self::NEW, $this->sidecar->calls[1]['token']);
        self::assertStringContainsString('KANARIE', $html);
        self::assertSame(1, $this->asked, 'once per request');
        self::assertStringStartsWith(Cookies::set(self::NEW), $this->output->values('Set-Cookie')[0]);
        foreach ($this->output->values('Set-Cookie') as $line) {
            self::assertStringNotContainsString(self::BSN, $line);
            self::assertStringContainsString('; Path=/; Secure; HttpOnly; SameSite=Lax', $line);
        }

        $this->next();
        $this->visitPage(self::ZAKEN);
        self::assertSame(['POST /v1/page'], $this->sidecar->paths(), 'a page in a session adds no call');
    }

    public function testTheSessionEndsWhenTheLoginThereEnds(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $this->visitPage(self::ZAKEN);
        $this->there = [];
        $this->next();
        $html = $this->visitPage(self::ZAKEN);
        self::assertSame(['DELETE /v1/session'], $this->sidecar->paths());
        self::assertSame(['csrf' => Csrf::token(self::NEW, 'session', '', 'logout')], $this->sidecar->calls[0]['data']);
        self::assertSame([Cookies::clear(), Bond::clear()], $this->output->values('Set-Cookie'));
        self::assertStringNotContainsString('KANARIE', $html);
    }

    public function testAnotherPersonThereIsAnotherSessionHere(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $this->visitPage(self::ZAKEN);
        $this->there = ['digid' => '123456782'];
        $this->next();
        $this->visitPage(self::ZAKEN);
        self::assertSame(['POST /v1/token', 'POST /v1/page'], $this->sidecar->paths());
        self::assertSame('123456782', $this->sidecar->calls[0]['data']['subject']);
        self::assertSame(self::NEW, $this->sidecar->calls[0]['token'], 'the old session is sent along and ends');
    }

    /** @dataProvider forgedBonds */
    public function testASessionThatIsTiedToNobodyEnds(?string $bond): void
    {
        $this->choose(['digid' => 'facade']);
        $this->logIn();
        if ($bond !== null) {
            $_COOKIE[Bond::COOKIE] = $bond;
        }
        $html = $this->visitPage(self::ZAKEN);
        self::assertSame(['DELETE /v1/session'], $this->sidecar->paths());
        self::assertStringNotContainsString('KANARIE', $html);
    }

    /** @return array<string, array{0: ?string}> */
    public function forgedBonds(): array
    {
        return [
            'none' => [null],
            'nonsense' => ['eigen.' . str_repeat('A', 43)],
            'of a plugin' => ['facade-digid.' . str_repeat('A', 43)],
            'without a MAC' => ['eigen.'],
        ];
    }

    public function testABondIsOfOneSession(): void
    {
        $bond = Plugin::instance()->bond();
        $_COOKIE[Bond::COOKIE] = explode(';', explode('=', $bond->tie(self::TOKEN, Bond::OWN), 2)[1])[0];
        self::assertTrue($bond->holds(self::TOKEN, Bond::OWN));
        self::assertFalse($bond->holds(self::NEW, Bond::OWN));
        self::assertFalse($bond->holds(self::TOKEN, 'facade-digid', ''));
    }

    public function testALoginOfOurOwnStaysBesideALoginPlugin(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->logIn();
        $_COOKIE[Bond::COOKIE] = explode(';', explode('=', Plugin::instance()->bond()->tie(self::TOKEN, Bond::OWN), 2)[1])[0];
        self::assertStringContainsString('KANARIE', $this->visitPage(self::ZAKEN));
        self::assertSame(['POST /v1/page'], $this->sidecar->paths());
    }

    public function testTwoLoginsBesideEachOtherAreNotGuessed(): void
    {
        $this->choose(['digid' => 'facade', 'eherkenning' => 'facade']);
        $this->there = ['digid' => self::BSN, 'eherkenning' => self::KVK];
        $this->visitPage(self::ZAKEN);
        self::assertSame([], $this->sidecar->calls);

        $response = $this->begun('eherkenning');
        self::assertSame('/mijn-zaken/', $response->header('Location'));
        self::assertSame(['kvk', self::KVK], [$this->sidecar->calls[0]['data']['subject_type'], $this->sidecar->calls[0]['data']['subject']]);
        $this->next();
        $this->visitPage(self::ZAKEN);
        self::assertSame(['POST /v1/page'], $this->sidecar->paths());
    }

    public function testThePartnersLoginIsNeverAsked(): void
    {
        $this->choose(['digid' => 'facade']);
        $slots = [];
        $this->hook('owc_idp_is_logged_in', static function (bool $given, string $idp, string $slot) use (&$slots): bool {
            $slots[] = $slot;

            return $given;
        }, 3);
        foreach (['owc_digid_is_logged_in_2', 'owc_digid_userdata_2'] as $filter) {
            $this->hook($filter, static function () use (&$slots): never {
                $slots[] = 'partner';
                throw new \LogicException('the partner was asked');
            });
        }
        $this->there = ['digid' => self::BSN];
        $this->visitPage(self::ZAKEN);
        self::assertSame([''], $slots);
    }

    public function testTheLibrarysClassesAreReadWhereTheyAre(): void
    {
        $this->choose(['eidas' => 'facade']);
        eIDASSession::$bsn = self::BSN;
        $this->visitPage(self::ZAKEN);
        self::assertSame(self::BSN, $this->sidecar->calls[0]['data']['subject']);
    }

    public function testASamlPluginsOwnCodeMaySayIt(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->hook(Facade::FILTER, static fn (mixed $number, string $idp): ?string => $idp === 'digid' ? self::BSN : null, 2);
        $this->visitPage(self::ZAKEN);
        self::assertSame(self::BSN, $this->sidecar->calls[0]['data']['subject']);
    }

    public function testAPluginThatFailsOrSaysNonsenseLogsNobodyIn(): void
    {
        $this->choose(['digid' => 'facade']);
        foreach (['', '0', '12345', 'robert', '999990019x', "999990019\n"] as $number) {
            $this->there = ['digid' => $number];
            $this->next();
            $this->visitPage(self::ZAKEN);
            self::assertSame([], $this->sidecar->calls, $number);
        }
        $this->hook('owc_digid_userdata', static fn (): never => throw new \RuntimeException('broker is down'));
        $this->next();
        self::assertStringContainsString('Log eerst in', $this->visitPage(self::ZAKEN));
    }

    public function testWithoutAKeyForItNothingIsAsserted(): void
    {
        putenv('ZIJSPAN_ASSERT_KEYID');
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $this->visitPage(self::ZAKEN);
        self::assertSame([], $this->sidecar->calls);
        self::assertSame(503, $this->begun('digid')->status);
    }

    public function testARefusalIsNotTriedAtEveryPage(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $this->sidecar->answer = static fn (): array => [400, ['type' => 'urn:zijspan:problem:token']];
        self::assertStringContainsString('Log eerst in', $this->visitPage(self::ZAKEN));
        $this->next();
        $this->visitPage(self::ZAKEN);
        self::assertSame([], $this->sidecar->calls);
    }

    public function testASidecarThatIsDownIsNoLogout(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $this->sidecar->fails = 'connect';
        $html = $this->visitPage(self::ZAKEN);
        self::assertSame(['POST /v1/token'], $this->sidecar->paths());
        self::assertStringNotContainsString('Log eerst in', $html);
        self::assertSame([], $this->output->values('Set-Cookie'));
        $this->next();
        $this->sidecar->fails = null;
        self::assertStringContainsString('KANARIE', $this->visitPage(self::ZAKEN));
    }

    public function testAPrefetchLogsNobodyIn(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $_SERVER['HTTP_SEC_PURPOSE'] = 'prefetch';
        $this->visitPage(self::ZAKEN);
        self::assertSame([], $this->sidecar->calls);
    }

    public function testLoggingOutHereLogsOutThereAndDoesNotComeBack(): void
    {
        $this->choose(['digid' => 'facade'], logout: 'https://login.example.nl/uit?terug={terug}');
        $this->there = ['digid' => self::BSN];
        $this->visitPage(self::ZAKEN);
        $this->next();
        $response = $this->loggedOut();
        self::assertSame('https://login.example.nl/uit?terug=' . rawurlencode(home_url('/')), $response->header('Location'));
        // The login there still stands: it does not bring anybody back in by itself.
        $this->next($response);
        self::assertStringContainsString('Log eerst in', $this->visitPage(self::ZAKEN));
        self::assertSame([], $this->sidecar->calls);
        // Whoever asks for it comes in, and so does somebody else.
        $this->next();
        self::assertSame('/mijn-zaken/', $this->begun('digid')->header('Location'));
    }

    public function testADocumentIsNotForWhoLeftThere(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $this->visitPage(self::ZAKEN);
        $this->there = [];
        $this->next();
        $_SERVER['REQUEST_METHOD'] = 'GET';
        $_GET = ['zijspan' => 'document', 'handle' => 'h', 'return_to' => '/'];
        self::assertSame(403, Plugin::instance()->router()->answer()?->status);
        self::assertSame(['DELETE /v1/session'], $this->sidecar->paths());
    }

    public function testLatePartsAreNotForWhoLeftThere(): void
    {
        $this->choose(['digid' => 'facade']);
        $this->there = ['digid' => self::BSN];
        $this->visitPage(self::ZAKEN);
        $this->there = [];
        $this->next();
        $_SERVER['HTTP_ORIGIN'] = 'http://localhost:8488';
        self::assertFalse(Plugin::instance()->lateParts()->mayAsk());
    }

    public function testTheButtonLeadsToTheLoginPlugin(): void
    {
        $this->choose(['digid' => 'facade'], login: '/inloggen-digid/?terug={terug}');
        self::assertSame(
            '/inloggen-digid/?terug=' . rawurlencode(home_url('/mijn-zaken/')),
            $this->begun('digid')->header('Location')
        );
        $this->choose(['digid' => 'facade'], login: 'http://evil.example/?{terug}');
        self::assertSame(404, $this->begun('digid')->status);
    }

    public function testSignicatsTokenIsTradedAtItsCallback(): void
    {
        $this->choose(['digid' => 'signicat']);
        $this->signicat(self::BSN);
        $GLOBALS['wp']->request = 'sso-redirect';
        apply_filters('wp_redirect', home_url('/formulier/'), 302);
        self::assertSame(['POST /v1/token'], $this->sidecar->paths());
        self::assertSame([
            'grant_type' => 'urn:ietf:params:oauth:grant-type:token-exchange', 'subject_token' => 'id-' . self::BSN,
            'subject_token_type' => 'urn:ietf:params:oauth:token-type:id_token', 'access_token' => 'access-' . self::BSN,
            'audience' => 'urn:zijspan:demo',
        ], $this->sidecar->calls[0]['data'], 'no nonce');
        self::assertSame(Cookies::set(self::NEW), $this->output->values('Set-Cookie')[0]);

        // Later requests have no open session of that plugin, and ask it nothing.
        unset($_SESSION);
        $this->next();
        self::assertStringContainsString('KANARIE', $this->visitPage(self::ZAKEN));
        self::assertSame([0, ['POST /v1/page']], [$this->asked, $this->sidecar->paths()]);

        $this->next();
        $GLOBALS['wp']->request = 'sso-logout';
        apply_filters('wp_redirect', home_url('/'), 302);
        self::assertSame(['DELETE /v1/session'], $this->sidecar->paths());
        self::assertNull(Cookies::token());
    }

    public function testAnotherRedirectTradesNothing(): void
    {
        $this->choose(['digid' => 'signicat']);
        $this->signicat(self::BSN);
        $GLOBALS['wp']->request = 'een-pagina';
        apply_filters('wp_redirect', home_url('/'), 302);
        self::assertSame([], $this->sidecar->calls);
        // Not chosen: nothing is traded either.
        $this->choose([]);
        $GLOBALS['wp']->request = 'sso-redirect';
        apply_filters('wp_redirect', home_url('/'), 302);
        self::assertSame([], $this->sidecar->calls);
    }

    public function testSignicatsRevokeEndsTheSession(): void
    {
        $this->choose(['digid' => 'signicat']);
        $this->signicat(self::BSN);
        $GLOBALS['wp']->request = 'sso-redirect';
        apply_filters('wp_redirect', home_url('/'), 302);
        $this->next();
        apply_filters(
            'rest_post_dispatch',
            new \WP_REST_Response(),
            rest_get_server(),
            new \WP_REST_Request('GET', '/owc-signicat-openid/v1/revoke')
        );
        self::assertSame(['DELETE /v1/session'], $this->sidecar->paths());
    }

    public function testSignicatIsAskedToLogInAnewWhereItsLoginIsTooOld(): void
    {
        $this->choose(['digid' => 'signicat']);
        $this->signicat(self::BSN);
        unset($_SESSION);
        $response = $this->begun('digid');
        $location = (string) $response->header('Location');
        self::assertStringStartsWith(home_url('/sso-logout?idp=digid&redirectUrl='), $location);
        parse_str((string) parse_url($location, PHP_URL_QUERY), $query);
        self::assertSame(home_url('/?zijspan=opnieuw-digid'), rawurldecode($query['redirectUrl']));
        $this->next($response);
        $_GET = ['zijspan' => 'opnieuw-digid'];
        $_SERVER['REQUEST_METHOD'] = 'GET';
        $again = Plugin::instance()->router()->answer();
        parse_str((string) parse_url((string) $again?->header('Location'), PHP_URL_QUERY), $query);
        self::assertSame(['digid', home_url('/mijn-zaken/')], [$query['idp'], $query['redirectUrl']]);
    }

    public function testOpenIdConnectGenericsTokenIsTradedAtItsLogin(): void
    {
        $this->choose(['digid' => 'oidcgeneric']);
        $user = new \WP_User((int) wp_insert_user(['user_login' => 'inwoner', 'user_pass' => 'x', 'user_email' => 'i@example.org']));
        update_user_meta($user->ID, 'openid-connect-generic-last-token-response', ['id_token' => 'a.b.c', 'access_token' => 'd']);
        do_action('openid-connect-generic-user-logged-in', $user);
        self::assertSame(['a.b.c', 'd'], [$this->sidecar->calls[0]['data']['subject_token'], $this->sidecar->calls[0]['data']['access_token']]);

        $this->next();
        wp_set_current_user($user->ID);
        self::assertStringContainsString('KANARIE', $this->visitPage(self::ZAKEN));
        self::assertSame(['POST /v1/page'], $this->sidecar->paths());

        // Somebody else has an account, and no login of that plugin: an editor.
        $this->next();
        wp_set_current_user((int) get_users(['role' => 'administrator', 'fields' => 'ids'])[0]);
        self::assertStringNotContainsString('KANARIE', $this->visitPage(self::ZAKEN));
        self::assertSame(['DELETE /v1/session'], $this->sidecar->paths());
    }

    /**
     * @param array<string, string> $by
     */
    private function choose(array $by, string $login = '', string $logout = ''): void
    {
        $option = [];
        foreach ($by as $idp => $plugin) {
            $option[$idp] = ['by' => $plugin, 'login' => $login, 'logout' => $logout];
        }
        update_option(LoginSettings::OPTION, $option);
    }

    private function signicat(string $bsn): void
    {
        foreach (['login', 'redirect', 'logout'] as $path) {
            update_option("owc_signicat_openid_path_{$path}_settings", 'sso-' . $path);
        }
        $_COOKIE['OWC_Signicat_OpenID'] = 'php-session-1';
        $_SESSION = ['owc_openid_digid' => new class ($bsn) {
            public function __construct(private readonly string $bsn)
            {
            }

            public function getIdToken(): string
            {
                return 'id-' . $this->bsn;
            }

            public function getAccessToken(): string
            {
                return 'access-' . $this->bsn;
            }
        }];
    }

    private function person(string $method, string $number): object
    {
        return $method === 'getBsn'
            ? new class ($number) {
                public function __construct(private readonly string $number)
                {
                }

                public function getBsn(): string
                {
                    return $this->number;
                }
            }
            : new class ($number) {
                public function __construct(private readonly string $number)
                {
                }

                public function getKvk(): string
                {
                    return $this->number;
                }
            };
    }

    private function begun(string $idp): \OWC\Zijspan\Http\Response
    {
        $this->next();
        $_SERVER['REQUEST_METHOD'] = 'GET';
        $_GET = ['zijspan' => 'login', 'idp' => $idp, 'return_to' => '/mijn-zaken/'];
        $response = Plugin::instance()->router()->answer();
        self::assertNotNull($response);

        return $response;
    }

    private function loggedOut(): \OWC\Zijspan\Http\Response
    {
        $_SERVER['REQUEST_METHOD'] = 'POST';
        $_SERVER['HTTP_ORIGIN'] = 'http://localhost:8488';
        $_GET = ['zijspan' => 'form'];
        $_POST = [
            'zijspan_kind' => 'session', 'zijspan_handle' => '', 'zijspan_action' => 'logout',
            'zijspan_csrf' => Csrf::token((string) Cookies::token(), 'session', '', 'logout'), 'zijspan_return' => '/',
        ];
        $response = Plugin::instance()->router()->answer();
        self::assertNotNull($response);

        return $response;
    }

    /** The browser's next request: with the cookies that it got. */
    private function next(?\OWC\Zijspan\Http\Response $response = null): void
    {
        $lines = $this->output->values('Set-Cookie');
        foreach ($response->headers ?? [] as [$name, $value]) {
            $lines = $name === 'Set-Cookie' ? [...$lines, $value] : $lines;
        }
        foreach ($lines as $line) {
            [$name, $value] = explode('=', explode(';', $line, 2)[0], 2);
            if ($value === '') {
                unset($_COOKIE[$name]);
            } else {
                $_COOKIE[$name] = $value;
            }
        }
        $this->begin();
        $this->forget();
    }

    private function forget(): void
    {
        $facade = Plugin::instance()->logins()->find('facade');
        self::assertInstanceOf(Facade::class, $facade);
        $facade->forget();
        $this->asked = 0;
    }

    private function hook(string $name, callable $callback, int $arguments = 1): void
    {
        add_filter($name, $callback, 10, $arguments);
        $this->hooks[] = [$name, $callback];
    }
}
