<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

final class LatePartsTest extends PluginTestCase
{
    public function testALateBlockSaysWhereToAskAgain(): void
    {
        [$url, $block] = $this->late();
        self::assertStringEndsWith('owc-zijspan/v1/parts', $url);
        self::assertNotSame('', $block);
    }

    public function testABlockThatIsNotLateDoesNot(): void
    {
        $this->logIn();
        self::assertStringNotContainsString('data-zijspan-late', $this->visitPage(self::ZAKEN));
    }

    public function testAskingAgainGivesTheBlockAndDoesNotExtendTheSession(): void
    {
        [, $block] = $this->late();
        $this->begin();
        $this->sidecar->answer = fn (string $method, string $path, array $data): array
            => $this->answer($method, $path, $data);
        $response = $this->again($block, '?zs_status=open');
        self::assertSame(200, $response->get_status());
        self::assertStringContainsString('KANARIE', $response->get_data()['html']);
        self::assertFalse($response->get_data()['late']);
        self::assertTrue($response->get_data()['loaded']);
        self::assertTrue($response->get_data()['session']);
        self::assertFalse($this->sidecar->calls[0]['data']['touch']);
        self::assertStringContainsString('no-store', $response->get_headers()['Cache-Control']);
    }

    public function testAPartOfAListIsShownAndAskedAgainWhileOneSourceIsLate(): void
    {
        $this->logIn();
        $sources = [['name' => 'een', 'state' => 'answered', 'count' => 1], ['name' => 'twee', 'state' => 'late']];
        $partial = fn (array $sources): \Closure => fn (string $method, string $path, array $data): array => [200, [
            'parts' => array_map(fn (array $part): array => ['state' => 'partial', 'sources' => $sources,
                'problem' => ['reason' => 'x', 'missing' => ['zaken']]] + $this->part($part), $data['parts']),
            'session' => $this->session(),
        ]];
        $this->sidecar->answer = $partial($sources);
        $html = $this->visitPage(self::ZAKEN);
        self::assertStringContainsString('KANARIE', $html);
        self::assertStringContainsString('Een deel van uw zaken is nog niet binnen', html_entity_decode($html));
        self::assertSame(1, preg_match('/data-zijspan-late-block="([^"]*)"/', $html, $match));
        $data = $this->again($match[1])->get_data();
        self::assertSame([true, true], [$data['late'], $data['loaded']]);
        // What failed is not asked again by itself: the page has a link for that.
        $sources[1]['state'] = 'unavailable';
        $this->sidecar->answer = $partial($sources);
        self::assertStringNotContainsString('data-zijspan-late', $this->visitPage(self::ZAKEN));
        self::assertFalse($this->again($match[1])->get_data()['late']);
    }

    public function testAnAnswerThatFailsIsToldApartFromOneThatLoaded(): void
    {
        [, $block] = $this->late();
        $this->allParts(['state' => 'unavailable']);
        $data = $this->again($block)->get_data();
        self::assertSame([false, false, true], [$data['late'], $data['loaded'], $data['session']]);
    }

    public function testAnotherSiteCannotAsk(): void
    {
        [, $block] = $this->late();
        $this->begin();
        foreach (
            [['HTTP_ORIGIN' => 'https://evil.example'], ['HTTP_ORIGIN' => ''], ['HTTP_SEC_FETCH_SITE' => 'cross-site']] as $server
        ) {
            self::assertContains($this->again($block, '', $server)->get_status(), [401, 403]);
        }
        self::assertSame([], $this->sidecar->calls);
    }

    public function testWithoutASessionThereIsNothingToAsk(): void
    {
        [, $block] = $this->late();
        $this->begin();
        $_COOKIE = [];
        self::assertContains($this->again($block)->get_status(), [401, 403]);
        self::assertSame([], $this->sidecar->calls);
    }

    public function testABlockThatThisSiteDidNotNameIsRefused(): void
    {
        [, $block] = $this->late();
        $this->begin();
        foreach ([substr($block, 0, -1), 'x' . $block, '', 'abc.def', str_replace('.', '', $block)] as $forged) {
            self::assertSame(400, $this->again($forged)->get_status());
        }
        self::assertSame([], $this->sidecar->calls);
    }

    public function testASessionThatEndedMeanwhile(): void
    {
        [, $block] = $this->late();
        $this->sidecar->answer = static fn (): array => [401, ['type' => 'urn:zijspan:problem:session']];
        $response = $this->again($block);
        self::assertSame(200, $response->get_status());
        self::assertFalse($response->get_data()['session']);
        self::assertFalse($response->get_data()['loaded']);
        self::assertStringContainsString('Max-Age=0', $response->get_headers()['Set-Cookie']);
    }

    /** @return array{0: string, 1: string} */
    private function late(): array
    {
        $this->logIn();
        $this->allParts(['state' => 'late']);
        $html = $this->visitPage(self::ZAKEN);
        self::assertSame(1, preg_match('/data-zijspan-late-url="([^"]*)" data-zijspan-late-block="([^"]*)"/', $html, $match));

        return [html_entity_decode($match[1]), $match[2]];
    }

    /** @param array<string, string> $server */
    private function again(string $block, string $query = '', array $server = []): \WP_REST_Response
    {
        $_SERVER['HTTP_ORIGIN'] = 'http://localhost:8488';
        $_SERVER['HTTP_SEC_FETCH_SITE'] = 'same-origin';
        $_SERVER = array_merge($_SERVER, $server);
        if (($server['HTTP_ORIGIN'] ?? null) === '') {
            unset($_SERVER['HTTP_SEC_FETCH_SITE']);
        }
        $request = new \WP_REST_Request('POST', '/owc-zijspan/v1/parts');
        $request->set_header('Content-Type', 'application/json');
        $request->set_body((string) json_encode(['block' => $block, 'query' => $query]));

        return rest_do_request($request);
    }
}
