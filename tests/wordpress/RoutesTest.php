<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Http\Response;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Session\Cookies;
use OWC\Zijspan\Session\Csrf;
use OWC\Zijspan\Session\ExchangeLogin;
use OWC\Zijspan\Sidecar\Settings;

/**
 * Logging in and out, forms and documents: what goes to the sidecar and what the browser is told.
 */
final class RoutesTest extends PluginTestCase
{
    private const NEW_TOKEN = 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB';

    public function testAnOrdinaryPageIsNotForThePlugin(): void
    {
        self::assertNull($this->get(['p' => '1']));
        self::assertNull($this->get(['zijspan' => 'iets']));
        self::assertNull($this->get(['zijspan' => ['login']]));
    }

    public function testALoginBeginsAtTheSidecarAndIsBoundToTheBrowser(): void
    {
        $this->sidecar->answer = static fn (): array => [200, ['url' => 'https://idp.example.nl/auth?state=x']];
        $response = $this->get(['zijspan' => 'login', 'idp' => 'digid', 'return_to' => '/mijn-zaken/?zs_zaak=a']);
        self::assertSame(303, $response->status);
        self::assertSame('https://idp.example.nl/auth?state=x', $response->header('Location'));
        $cookie = $this->cookie($response, Cookies::LOGIN);
        $data = $this->sidecar->calls[0]['data'];
        self::assertSame('digid', $data['idp']);
        self::assertSame('/mijn-zaken/?zs_zaak=a', $data['return_to']);
        $hash = rtrim(strtr(base64_encode(hash('sha256', $cookie, true)), '+/', '-_'), '=');
        self::assertSame($hash, $data['browser_hash']);
        self::assertStringContainsString('no-store', (string) $response->header('Cache-Control'));
    }

    /**
     * @dataProvider hostilePaths
     */
    public function testALoginGoesBackToThisSiteOnly(string $path): void
    {
        $this->sidecar->answer = static fn (): array => [200, ['url' => 'https://idp.example.nl/']];
        $this->get(['zijspan' => 'login', 'idp' => 'digid', 'return_to' => $path]);
        self::assertSame('/', $this->sidecar->calls[0]['data']['return_to']);
    }

    /** @return list<array{0: string}> */
    public function hostilePaths(): array
    {
        return [['//evil.example'], ['\\\\evil.example'], ['/\\evil.example'], ['https:evil.example'], [''],
            ['https://evil.example/'], ["/\r\nLocation: https://evil.example"], ['javascript:alert(1)'],
            ['/%0d%0aLocation:x'], ['/%2f/evil.example'], ['/%5cevil.example'], ['/%255cevil.example'], ['mijn-zaken'],
            ['/a//evil.example'], ['/é'], ['/' . str_repeat('a', 3000)]];
    }

    public function testAnAddressThatTheSidecarCannotHaveMeantIsNotFollowed(): void
    {
        foreach (['http://evil.example/', 'javascript:alert(1)', '//evil.example', 'https://a@evil.example/', null, 7] as $url) {
            $this->sidecar->answer = static fn (): array => [200, ['url' => $url]];
            $response = $this->get(['zijspan' => 'login', 'idp' => 'digid', 'return_to' => '/']);
            self::assertSame(503, $response->status, var_export($url, true));
            self::assertNull($response->header('Location'));
        }
    }

    public function testWithoutTheSidecarNobodyLogsIn(): void
    {
        $this->sidecar->fails = 'timeout';
        $response = $this->get(['zijspan' => 'login', 'idp' => 'digid', 'return_to' => '/mijn-zaken/']);
        self::assertSame(503, $response->status);
        self::assertSame('/mijn-zaken/', $response->notice->linkUrl);
        self::assertNull($response->header('Set-Cookie'));
    }

    public function testAWayToLogInThatTheSidecarDoesNotKnowIsNotFound(): void
    {
        foreach (['unknown_provider' => 404, 'mode_off' => 404, 'return_to' => 503] as $reason => $status) {
            $this->sidecar->answer = static fn (): array
                => [400, ['type' => 'urn:zijspan:problem:login', 'title' => 'Inloggen lukt niet.', 'reason' => $reason]];
            $response = $this->get(['zijspan' => 'login', 'idp' => 'onbekend', 'return_to' => '/mijn-zaken/']);
            self::assertSame($status, $response->status, $reason);
            self::assertSame('/mijn-zaken/', $response->notice->linkUrl);
            self::assertSame($status === 404, $response->notice->title === 'Zo kunt u niet inloggen');
        }
    }

    public function testAHandoffIsTradedAtOnce(): void
    {
        $secret = Cookies::newLoginSecret('/mijn-zaken/');
        $_COOKIE[Cookies::LOGIN] = $secret;
        $this->logIn();
        $this->sidecar->answer = static fn (): array
            => [200, ['access_token' => self::NEW_TOKEN, 'return_to' => '/mijn-zaken/?zs_zaak=a']];
        $response = $this->get(['zijspan_handoff' => 'handoff-1']);
        self::assertSame(303, $response->status);
        self::assertSame('/mijn-zaken/?zs_zaak=a', $response->header('Location'));
        $call = $this->sidecar->calls[0];
        self::assertSame('/v1/token', $call['path']);
        self::assertSame([
            'grant_type' => 'urn:zijspan:handoff',
            'handoff' => 'handoff-1',
            'browser_secret' => $secret,
        ], $call['data']);
        self::assertSame(self::TOKEN, $call['token'], 'the old session is sent along and ends');
        self::assertSame(self::NEW_TOKEN, $this->cookie($response, Cookies::SESSION));
        self::assertSame('', $this->cookie($response, Cookies::LOGIN));
        foreach ($this->cookies($response) as $line) {
            foreach (['; Path=/', '; Secure', '; HttpOnly', '; SameSite=Lax'] as $attribute) {
                self::assertStringContainsString($attribute, $line);
            }
            self::assertStringNotContainsString('Domain', $line);
        }
    }

    public function testAHandoffInAnotherBrowserIsNotTraded(): void
    {
        $response = $this->get(['zijspan_handoff' => 'handoff-1']);
        self::assertSame(400, $response->status);
        self::assertSame([], $this->sidecar->calls);
        self::assertSame([], $this->cookies($response));
    }

    public function testAHandoffThatIsRefusedLogsNobodyIn(): void
    {
        $_COOKIE[Cookies::LOGIN] = Cookies::newLoginSecret('/mijn-zaken/');
        $this->sidecar->answer = static fn (): array
            => [400, ['type' => 'urn:zijspan:problem:token', 'title' => 'Nee.', 'trace_id' => 'abcdef0123']];
        $response = $this->get(['zijspan_handoff' => 'handoff-1']);
        self::assertSame(400, $response->status);
        self::assertSame('abcdef01', $response->notice->code);
        self::assertSame('', $this->cookie($response, Cookies::LOGIN));
        self::assertNull($this->cookie($response, Cookies::SESSION));
    }

    public function testAnUnsignedTokenLogsNobodyIn(): void
    {
        $_COOKIE[Cookies::LOGIN] = Cookies::newLoginSecret('/');
        $this->sidecar->signs = false;
        $this->sidecar->answer = static fn (): array => [200, ['access_token' => self::NEW_TOKEN, 'return_to' => '/']];
        $response = $this->get(['zijspan_handoff' => 'handoff-1']);
        self::assertSame(503, $response->status);
        self::assertNull($this->cookie($response, Cookies::SESSION));
    }

    public function testAHostileReturnAddressIsNotFollowed(): void
    {
        foreach (['//evil.example', 'https://evil.example/', "/\r\nX: y", null] as $path) {
            $_COOKIE[Cookies::LOGIN] = Cookies::newLoginSecret('/');
            $this->sidecar->answer = static fn (): array
                => [200, ['access_token' => self::NEW_TOKEN, 'return_to' => $path]];
            self::assertSame('/', $this->get(['zijspan_handoff' => 'handoff-1'])->header('Location'));
        }
    }

    public function testALoginThatFailedGoesBackToWhereItBegan(): void
    {
        $_COOKIE[Cookies::LOGIN] = Cookies::newLoginSecret('/mijn-zaken/?zs_status=open');
        $response = $this->get(['zijspan_login' => 'failed', 'zijspan_code' => 'ABCD1234']);
        self::assertSame(
            '/mijn-zaken/?zs_status=open&zijspan_login=failed&zijspan_code=ABCD1234',
            $response->header('Location')
        );
        $_SERVER['REQUEST_URI'] = '/mijn-zaken/?zijspan_login=failed';
        self::assertNull($this->get(['zijspan_login' => 'failed', 'zijspan_code' => 'ABCD1234'], false));
    }

    public function testAPrefetchDoesNothing(): void
    {
        $_SERVER['HTTP_SEC_PURPOSE'] = 'prefetch';
        $this->logIn();
        foreach ([['zijspan' => 'login', 'idp' => 'digid'], ['zijspan' => 'document', 'handle' => 'a'], ['zijspan_handoff' => 'h']] as $query) {
            self::assertSame(503, $this->get($query)->status);
        }
        self::assertSame([], $this->sidecar->calls);
    }

    public function testOtherMethodsUseNothingUp(): void
    {
        $this->logIn();
        $_COOKIE[Cookies::LOGIN] = Cookies::newLoginSecret('/');
        foreach (['HEAD', 'POST', 'PUT'] as $method) {
            foreach ([['zijspan' => 'document', 'handle' => 'a'], ['zijspan_handoff' => 'h']] as $query) {
                $_SERVER['REQUEST_METHOD'] = $method;
                $_GET = $query;
                self::assertSame(405, Plugin::instance()->router()->answer()?->status);
            }
        }
        self::assertSame([], $this->sidecar->calls);
    }

    public function testLoggingOut(): void
    {
        $this->logIn();
        $this->sidecar->answer = static fn (): array => [200, ['logout_url' => 'https://idp.example.nl/logout?x=1']];
        $response = $this->post('session', '', 'logout');
        self::assertSame(303, $response->status);
        self::assertSame('https://idp.example.nl/logout?x=1', $response->header('Location'));
        self::assertSame('"cache"', $response->header('Clear-Site-Data'));
        self::assertSame('', $this->cookie($response, Cookies::SESSION));
        self::assertSame(['DELETE /v1/session'], $this->sidecar->paths());
        $csrf = Csrf::token(self::TOKEN, 'session', '', 'logout');
        self::assertSame(['csrf' => $csrf], $this->sidecar->calls[0]['data']);
    }

    public function testTheFormulaOfTheCsrfTokenIsThatOfTheSidecar(): void
    {
        self::assertSame(
            'MfjntLIAI-J_Jc5G-PCs10RSb9Jc4C7iHtCKzPsXr_w',
            Csrf::token(str_repeat('A', 43), 'session', '', 'logout')
        );
    }

    public function testLoggingOutWorksWhenTheSidecarDoesNot(): void
    {
        $this->logIn();
        $this->sidecar->fails = 'timeout';
        $response = $this->post('session', '', 'logout');
        self::assertSame('/', $response->header('Location'));
        self::assertSame('', $this->cookie($response, Cookies::SESSION));
    }

    /**
     * @dataProvider forgeries
     * @param array<string, string> $server
     * @param array<string, string> $fields
     */
    public function testAForgedFormDoesNothing(array $server, array $fields): void
    {
        $this->logIn();
        $response = $this->post('session', '', 'logout', $fields, $server);
        self::assertSame(403, $response->status);
        self::assertSame([], $this->sidecar->calls);
        self::assertSame([], $this->cookies($response));
    }

    /** @return array<string, array{0: array<string, string>, 1: array<string, string>}> */
    public function forgeries(): array
    {
        $own = ['HTTP_ORIGIN' => 'http://localhost:8488'];

        return [
            'no token' => [$own, ['zijspan_csrf' => '']],
            'a WordPress nonce' => [$own, ['zijspan_csrf' => 'a1b2c3d4e5']],
            'token of another session' => [$own, ['zijspan_csrf' => Csrf::token(self::NEW_TOKEN, 'session', '', 'logout')]],
            'token of another form' => [$own, ['zijspan_csrf' => Csrf::token(self::TOKEN, 'session', '', 'extend')]],
            'other site' => [['HTTP_ORIGIN' => 'https://evil.example'], []],
            'same host, other port' => [['HTTP_ORIGIN' => 'http://localhost:8489'], []],
            'no origin at all' => [['HTTP_ORIGIN' => ''], []],
            'opaque origin' => [['HTTP_ORIGIN' => 'null'], []],
            'cross-site by its own word' => [$own + ['HTTP_SEC_FETCH_SITE' => 'cross-site'], []],
            'same-site by its own word' => [$own + ['HTTP_SEC_FETCH_SITE' => 'same-site'], []],
        ];
    }

    public function testAFormByGetDoesNothing(): void
    {
        $this->logIn();
        self::assertSame(405, $this->get(['zijspan' => 'form', 'zijspan_kind' => 'session'])->status);
        self::assertSame([], $this->sidecar->calls);
    }

    public function testStayingLoggedIn(): void
    {
        $this->logIn();
        $this->sidecar->answer = fn (): array => [200, $this->session()];
        $response = $this->post('session', '', 'extend', ['zijspan_return' => '/mijn-zaken/']);
        self::assertSame('/mijn-zaken/', $response->header('Location'));
        self::assertSame(['POST /v1/session/extend'], $this->sidecar->paths());

        $response = $this->post('session', '', 'extend', [], ['HTTP_ACCEPT' => 'application/json']);
        self::assertSame(200, $response->status);
        self::assertSame(['idle_expires_in' => 899, 'absolute_expires_in' => 7190], json_decode($response->body, true));
    }

    public function testAChangeGoesThroughAndIsAnsweredByGet(): void
    {
        $this->logIn();
        $this->sidecar->answer = static fn (): array => [200, ['state' => 'done']];
        $response = $this->post('taak', 'h-1', 'afronden', [
            'zijspan_key' => str_repeat('k', 22),
            'zijspan_data' => ['antwoord' => "it's"],
            'zijspan_return' => '/taken/',
        ]);
        self::assertSame('/taken/?gelukt=done', $response->header('Location'));
        self::assertSame([
            'kind' => 'taak', 'handle' => 'h-1', 'action' => 'afronden', 'data' => ['antwoord' => "it's"],
            'csrf' => Csrf::token(self::TOKEN, 'taak', 'h-1', 'afronden'),
            'idempotency_key' => str_repeat('k', 22),
        ], $this->sidecar->calls[0]['data']);
    }

    public function testAChangeAfterTheSessionEnded(): void
    {
        $this->logIn();
        $this->sidecar->answer = static fn (): array => [401, ['type' => 'urn:zijspan:problem:session']];
        $response = $this->post('taak', 'h-1', 'afronden', ['zijspan_key' => str_repeat('k', 22)]);
        self::assertSame(403, $response->status);
        self::assertSame('', $this->cookie($response, Cookies::SESSION));
    }

    public function testADocumentIsFetchedWithATicket(): void
    {
        $this->logIn();
        foreach (['/zijspan/tickets/abc', 'https://public.example.nl/t/abc', 'http://127.0.0.1:8481/t/abc'] as $url) {
            $this->sidecar->answer = static fn (): array => [200, ['url' => $url, 'expires_in' => 60]];
            $response = $this->get(['zijspan' => 'document', 'handle' => 'document-1', 'return_to' => '/zaak/']);
            self::assertSame([303, $url], [$response->status, $response->header('Location')]);
        }
        self::assertSame(['handle' => 'document-1'], $this->sidecar->calls[0]['data']);
    }

    /**
     * @dataProvider documentFailures
     */
    public function testADocumentThatCannotBeHadIsAPage(int $expected, int $status, string $slug, ?string $fails): void
    {
        $this->logIn();
        $this->sidecar->answer = static fn (): array => [$status, ['type' => 'urn:zijspan:problem:' . $slug]];
        $this->sidecar->fails = $fails;
        $response = $this->get(['zijspan' => 'document', 'handle' => 'document-1', 'return_to' => '/zaak/']);
        self::assertSame($expected, $response->status);
        self::assertNotNull($response->notice);
        self::assertSame('/zaak/', $response->notice->linkUrl);
    }

    /** @return list<array{0: int, 1: int, 2: string, 3: ?string}> */
    public function documentFailures(): array
    {
        return [[404, 404, 'not-found', null], [503, 503, 'busy', null], [403, 401, 'session', null], [503, 200, '', 'connect']];
    }

    public function testADocumentWithoutALogin(): void
    {
        self::assertSame(403, $this->get(['zijspan' => 'document', 'handle' => 'document-1'])->status);
        self::assertSame(404, $this->get(['zijspan' => 'document', 'handle' => '..'])->status);
        self::assertSame([], $this->sidecar->calls);
    }

    public function testANoticeIsAPageOfTheTheme(): void
    {
        $this->ask('/?zijspan=document&handle=document-1');
        $response = Plugin::instance()->router()->answer();
        (new \OWC\Zijspan\Http\NoticePage($response->notice, $response->status))->takeOver();
        get_page_template();
        $html = get_the_block_template_html();
        self::assertStringContainsString('wp-site-blocks', $html);
        self::assertStringContainsString('zijspan-notice', $html);
        self::assertStringContainsString(esc_html($response->notice->title), $html);
    }

    public function testALoginPluginsTokenIsExchanged(): void
    {
        putenv('ZIJSPAN_SITE=demo');
        $exchange = $this->exchange();
        $this->sidecar->answer = static fn (): array => [200, ['access_token' => self::NEW_TOKEN]];
        try {
            self::assertTrue($exchange->trade('id.to.ken', 'nonce-1', 'access-1'));
            self::assertSame([
                'grant_type' => 'urn:ietf:params:oauth:grant-type:token-exchange',
                'subject_token' => 'id.to.ken',
                'subject_token_type' => 'urn:ietf:params:oauth:token-type:id_token',
                'audience' => 'urn:zijspan:demo',
                'nonce' => 'nonce-1',
                'access_token' => 'access-1',
            ], $this->sidecar->calls[0]['data']);
            self::assertSame([Cookies::set(self::NEW_TOKEN)], $this->output->values('Set-Cookie'));

            $this->begin();
            self::assertTrue($this->exchange()->trade(['id_token' => 'id.to.ken', 'access_token' => 'access-1']));
            self::assertArrayNotHasKey('nonce', $this->sidecar->calls[0]['data']);
            self::assertSame('access-1', $this->sidecar->calls[0]['data']['access_token']);

            $this->begin();
            $exchange = $this->exchange();
            $this->sidecar->answer = static fn (): array => [400, ['type' => 'urn:zijspan:problem:token']];
            self::assertFalse($exchange->trade('id.to.ken', 'nonce-1'));
            self::assertFalse($exchange->trade(null));
            self::assertSame([], $this->output->headers);
        } finally {
            putenv('ZIJSPAN_SITE');
        }
    }

    private function exchange(): ExchangeLogin
    {
        $plugin = Plugin::instance();

        return new ExchangeLogin(new Settings(), $plugin->sidecar(), $plugin->logins(), $plugin->bond(), $this->output);
    }

    /** @param array<string, mixed> $query */
    private function get(array $query, bool $atHome = true): ?Response
    {
        $_SERVER['REQUEST_METHOD'] = 'GET';
        if ($atHome) {
            $_SERVER['REQUEST_URI'] = '/?' . http_build_query($query);
        }
        $_GET = wp_slash($query);

        return Plugin::instance()->router()->answer();
    }

    /**
     * @param array<string, mixed> $fields
     * @param array<string, string> $server
     */
    private function post(
        string $kind,
        string $handle,
        string $action,
        array $fields = [],
        array $server = ['HTTP_ORIGIN' => 'http://localhost:8488']
    ): Response {
        $_SERVER['REQUEST_METHOD'] = 'POST';
        $_SERVER['HTTP_ORIGIN'] = 'http://localhost:8488';
        $_SERVER = array_merge($_SERVER, $server);
        $_GET = ['zijspan' => 'form'];
        $_POST = wp_slash($fields + [
            'zijspan_kind' => $kind, 'zijspan_handle' => $handle, 'zijspan_action' => $action,
            'zijspan_csrf' => Csrf::token(self::TOKEN, $kind, $handle, $action), 'zijspan_return' => '/',
        ]);
        $response = Plugin::instance()->router()->answer();
        self::assertNotNull($response);

        return $response;
    }

    /** @return list<string> */
    private function cookies(Response $response): array
    {
        $lines = array_filter($response->headers, static fn (array $line): bool => $line[0] === 'Set-Cookie');

        return array_values(array_column($lines, 1));
    }

    private function cookie(Response $response, string $name): ?string
    {
        foreach ($this->cookies($response) as $line) {
            if (str_starts_with($line, $name . '=')) {
                return explode(';', substr($line, strlen($name) + 1), 2)[0];
            }
        }

        return null;
    }
}
