<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Http\NoticePage;
use OWC\Zijspan\Http\Response;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Session\Cookies;
use OWC\Zijspan\Session\Csrf;

/**
 * A form that is not accepted comes back with what was typed in it, and nothing of that is stored.
 */
final class FormsTest extends PluginTestCase
{
    private const OTHER = 'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB';
    private const TYPED = "Regel 1 \"aanhaling\"\n<script>alert(1)</script> [gallery] <!-- wp:html --> &amp; {x}";

    public function testAFormAfterTheSessionEndedComesBackRefilled(): void
    {
        foreach ([null, self::TOKEN] as $token) {
            unset($_COOKIE[Cookies::SESSION]);
            if ($token !== null) {
                $this->logIn($token);
            }
            $this->sidecar->answer = static fn (): array => [401, ['type' => 'urn:zijspan:problem:session']];
            $response = $this->send();
            self::assertSame(403, $response->status);
            $html = $this->shown($response);
            self::assertStringContainsString('Log opnieuw in', $html);
            self::assertStringContainsString('target="_blank" rel="noopener"', $html);
            $this->assertRefilled($html, '');
        }
    }

    public function testAfterLoggingInAnewItIsShownForALastLook(): void
    {
        $this->logIn(self::OTHER);
        $response = $this->send(['zijspan_csrf' => Csrf::token(self::TOKEN, 'taak', 'h-1', 'afronden')]);
        self::assertSame([], $this->sidecar->calls, 'nothing is done before somebody looked');
        self::assertSame(403, $response->status);
        $html = $this->shown($response);
        self::assertStringContainsString('Controleer wat u hebt ingevuld', $html);
        $this->assertRefilled($html, Csrf::token(self::OTHER, 'taak', 'h-1', 'afronden'));

        // What was shown can be sent.
        $this->sidecar->answer = static fn (): array => [200, ['state' => 'done']];
        $fields = $this->fieldsOf($html);
        self::assertSame(303, $this->send($fields, false)->status);
        self::assertSame(self::TYPED, $this->sidecar->calls[0]['data']['data']['antwoord']);
        self::assertSame(['a', 'b'], $this->sidecar->calls[0]['data']['data']['keuzes']);
        self::assertSame(str_repeat('k', 22), $this->sidecar->calls[0]['data']['idempotency_key']);
    }

    public function testAFormOfAnotherSiteIsNotEvenShown(): void
    {
        $this->logIn();
        foreach (['https://evil.example', 'null', ''] as $origin) {
            $response = $this->send([], true, $origin);
            self::assertSame([403, []], [$response->status, $this->sidecar->calls]);
            self::assertStringNotContainsString('egel', $this->shown($response));
        }
    }

    public function testWhatIsNotRightIsSaidAtItsField(): void
    {
        $this->logIn();
        $this->sidecar->answer = static fn (): array => [200, [
            'state' => 'invalid', 'fields' => [['path' => 'antwoord', 'message' => 'Dit is te lang <b>.']],
        ]];
        $response = $this->send();
        self::assertSame(422, $response->status);
        $html = $this->shown($response);
        self::assertMatchesRegularExpression('#aria-invalid="true" aria-describedby="(owc-zijspan-refill-0-error)"#', $html);
        self::assertStringContainsString('Dit is te lang &lt;b&gt;.', $html);
        $this->assertRefilled($html, Csrf::token(self::TOKEN, 'taak', 'h-1', 'afronden'));
    }

    public function testAFormThatCannotBeSavedNowComesBack(): void
    {
        $this->logIn();
        $this->sidecar->fails = 'timeout';
        $response = $this->send();
        self::assertSame(503, $response->status);
        $this->assertRefilled($this->shown($response), Csrf::token(self::TOKEN, 'taak', 'h-1', 'afronden'));
    }

    /** @dataProvider forgeries */
    public function testEveryActionWantsItsOwnToken(string $action, string $csrf): void
    {
        $this->logIn();
        $response = $this->send([
            'zijspan_kind' => 'session', 'zijspan_handle' => '', 'zijspan_action' => $action, 'zijspan_csrf' => $csrf,
        ]);
        self::assertSame([403, []], [$response->status, $this->sidecar->calls]);
        self::assertStringNotContainsString('egel', $this->shown($response));
    }

    /** @return array<string, array{0: string, 1: string}> */
    public function forgeries(): array
    {
        return [
            'extend with that of logout' => ['extend', Csrf::token(self::TOKEN, 'session', '', 'logout')],
            'extend with that of another session' => ['extend', Csrf::token(self::OTHER, 'session', '', 'extend')],
            'extend without' => ['extend', ''],
            'logout with that of a change' => ['logout', Csrf::token(self::TOKEN, 'taak', 'h-1', 'afronden')],
        ];
    }

    public function testNothingTypedIsStored(): void
    {
        $before = $this->database();
        $this->shown($this->send());
        self::assertSame($before, $this->database());
    }

    private function assertRefilled(string $html, string $csrf): void
    {
        $fields = $this->fieldsOf($html);
        self::assertSame($csrf, $fields['zijspan_csrf']);
        self::assertSame(['taak', 'h-1', 'afronden', '/taken/'], [$fields['zijspan_kind'], $fields['zijspan_handle'], $fields['zijspan_action'], $fields['zijspan_return']]);
        self::assertSame(str_repeat('k', 22), $fields['zijspan_key']);
        self::assertSame(self::TYPED, $fields['zijspan_data']['antwoord']);
        self::assertSame(['a', 'b'], $fields['zijspan_data']['keuzes']);
        self::assertStringContainsString('>Uw antwoord</label>', $html);
        self::assertStringNotContainsString('<script>alert', $html);
    }

    /**
     * As a browser would send the form on the page.
     *
     * @return array<mixed>
     */
    private function fieldsOf(string $html): array
    {
        $document = new \DOMDocument();
        @$document->loadHTML('<?xml encoding="utf-8"?>' . $html);
        $pairs = [];
        foreach ((new \DOMXPath($document))->query('//form[contains(@class, "owc-zijspan-refill")]//*[@name]') as $field) {
            $value = $field->nodeName === 'textarea' ? preg_replace('/^\n/', '', $field->textContent) : $field->getAttribute('value');
            $pairs[] = rawurlencode($field->getAttribute('name')) . '=' . rawurlencode((string) $value);
        }
        parse_str(implode('&', $pairs), $fields);

        return $fields;
    }

    /** @param array<string, mixed> $fields */
    private function send(array $fields = [], bool $complete = true, string $origin = 'http://localhost:8488'): Response
    {
        $this->sidecar->calls = [];
        $_SERVER['REQUEST_METHOD'] = 'POST';
        $_SERVER['HTTP_ORIGIN'] = $origin;
        $_GET = ['zijspan' => 'form'];
        $_POST = wp_slash($complete ? $fields + [
            'zijspan_kind' => 'taak', 'zijspan_handle' => 'h-1', 'zijspan_action' => 'afronden',
            'zijspan_csrf' => Csrf::token(self::TOKEN, 'taak', 'h-1', 'afronden'), 'zijspan_return' => '/taken/',
            'zijspan_key' => str_repeat('k', 22), 'zijspan_label' => ['antwoord' => 'Uw antwoord'],
            'zijspan_data' => ['antwoord' => self::TYPED, 'keuzes' => ['a', 'b']],
        ] : $fields);
        $response = Plugin::instance()->router()->answer();
        self::assertNotNull($response);

        return $response;
    }

    private function shown(Response $response): string
    {
        $this->ask('/?zijspan=form');
        self::assertNotNull($response->notice);
        (new NoticePage($response->notice, $response->status))->takeOver();
        get_page_template();

        return get_the_block_template_html();
    }

    private function database(): string
    {
        $all = [];
        foreach (['options', 'postmeta', 'posts', 'usermeta'] as $table) {
            $all[] = $GLOBALS['wpdb']->get_results('SELECT * FROM ' . $GLOBALS['wpdb']->prefix . $table, ARRAY_A);
        }
        $text = (string) wp_json_encode($all);
        self::assertStringNotContainsString('Regel 1', $text);

        return (string) count($all[1]) . count($all[2]);
    }
}
