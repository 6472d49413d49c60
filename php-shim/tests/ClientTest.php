<?php

declare(strict_types=1);

namespace Zijspan\Shim\Tests;

use PHPUnit\Framework\TestCase;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Client;
use Zijspan\Shim\Download;
use Zijspan\Shim\Endpoint;
use Zijspan\Shim\Http\WireResponse;
use Zijspan\Shim\Key;
use Zijspan\Shim\Problem;
use Zijspan\Shim\Refused;
use Zijspan\Shim\Streamed;
use Zijspan\Shim\Unreachable;

final class ClientTest extends TestCase
{
    private FakeSidecar $sidecar;
    private Client $client;

    protected function setUp(): void
    {
        $request = Key::fromBytes('site-request', str_repeat('q', 32));
        $response = Key::fromBytes('site-response', str_repeat('r', 32));
        $this->sidecar = new FakeSidecar($request, $response, static fn (): array => [200, ['parts' => []]]);
        $endpoint = Endpoint::fromUrl('http://localhost:8480');
        $this->client = new Client($endpoint, $request, $response, $this->sidecar);
    }

    public function testASignedSuccessIsAnAnswer(): void
    {
        $outcome = $this->client->post('/v1/page', ['parts' => []], 'token-1');
        self::assertInstanceOf(Answer::class, $outcome);
        self::assertSame(['parts' => []], $outcome->data());
        self::assertSame('token-1', $this->sidecar->calls[0]['token']);
    }

    public function testADeleteAnswersAnEmptyObject(): void
    {
        $this->sidecar->answer = static fn (): array => [200, []];
        self::assertInstanceOf(Answer::class, $this->client->json('DELETE', '/v1/session', ['csrf' => 'x'], 'token'));
    }

    public function testAGetHasNoBodyAndAQueryIsCovered(): void
    {
        self::assertInstanceOf(Answer::class, $this->client->get('/v1/status?x=1&y=%20'));
        self::assertNull($this->sidecar->calls[0]['request']->body);
        self::assertArrayNotHasKey('Content-Type', $this->sidecar->calls[0]['request']->headers);
    }

    public function testAFormIsSentAsOne(): void
    {
        $this->client->form('/v1/token', ['grant_type' => 'urn:zijspan:handoff', 'handoff' => 'a b+c']);
        self::assertSame(
            ['grant_type' => 'urn:zijspan:handoff', 'handoff' => 'a b+c'],
            $this->sidecar->calls[0]['data']
        );
    }

    public function testASignedRefusalIsAProblem(): void
    {
        $this->sidecar->answer = static fn (): array => [
            401,
            ['type' => 'urn:zijspan:problem:session', 'title' => 'U bent uitgelogd.', 'trace_id' => 'abcdef0123456789'],
        ];
        $outcome = $this->client->get('/v1/session', 'token');
        self::assertInstanceOf(Problem::class, $outcome);
        self::assertTrue($outcome->isSession());
        self::assertSame('abcdef01', $outcome->code());
    }

    public function testAnUnsignedSuccessIsNoSuccess(): void
    {
        $this->sidecar->signs = false;
        $this->assertRefused('unsigned');
    }

    public function testAnUnsigned401SaysThatOurRequestWasRejected(): void
    {
        $this->sidecar->signs = false;
        $this->sidecar->answer = static fn (): array => [401, ['type' => 'urn:zijspan:problem:signature']];
        $this->assertRefused('request_rejected');
    }

    public function testAnUnsignedSessionProblemDoesNotLogAnybodyOut(): void
    {
        $this->sidecar->signs = false;
        $this->sidecar->answer = static fn (): array => [401, ['type' => 'urn:zijspan:problem:session']];
        $this->assertRefused('request_rejected');
    }

    /**
     * @dataProvider meddling
     * @param \Closure(WireResponse): WireResponse $meddler
     */
    public function testAnAnswerThatWasTouchedIsRefused(string $reason, \Closure $meddler): void
    {
        $this->sidecar->meddler = $meddler;
        $this->assertRefused($reason);
    }

    /** @return array<string, array{0: string, 1: \Closure}> */
    public function meddling(): array
    {
        $replace = static fn (string $name, callable $change): \Closure
            => static fn (WireResponse $response): WireResponse => new WireResponse(
                $response->status,
                array_map(
                    static fn (array $line): array => $line[0] === $name ? [$name, $change($line[1])] : $line,
                    $response->headers
                ),
                $response->body
            );
        $add = static fn (string $name, string $value): \Closure
            => static fn (WireResponse $response): WireResponse
            => new WireResponse($response->status, [...$response->headers, [$name, $value]], $response->body);
        $drop = static fn (string $name): \Closure
            => static fn (WireResponse $response): WireResponse => new WireResponse(
                $response->status,
                array_values(array_filter($response->headers, static fn (array $line): bool => $line[0] !== $name)),
                $response->body
            );
        $input = static fn (string $from, string $to): \Closure
            => $replace('Signature-Input', static fn (string $value): string => str_replace($from, $to, $value));

        return [
            'status 200 to 203' => ['mac', static fn (WireResponse $response): WireResponse
                => new WireResponse(203, $response->headers, $response->body)],
            'body' => ['content_digest', static fn (WireResponse $response): WireResponse
                => new WireResponse(200, $response->headers, '{"parts":[1]}')],
            'body with white space' => ['content_digest', static fn (WireResponse $response): WireResponse
                => new WireResponse(200, $response->headers, $response->body . "\n")],
            'signature dropped' => ['unsigned', $drop('Signature')],
            'signature input dropped' => ['unsigned', $drop('Signature-Input')],
            'digest dropped' => ['header_missing', $drop('Content-Digest')],
            'type dropped' => ['header_missing', $drop('Content-Type')],
            'second type' => ['header_twice', $add('content-type', 'application/json')],
            'second digest' => ['header_twice', $add('Content-Digest', 'sha-256=:AAAA:')],
            'second signature' => ['header_twice', $add('Signature', 'x=:AAAA:')],
            'second signature input' => ['header_twice', $add('Signature-Input', 'x=();created=1')],
            'type changed' => ['mac', $replace('Content-Type', static fn (): string => 'text/html')],
            'compressed' => ['content_encoding', $add('Content-Encoding', 'gzip')],
            'other nonce' => ['nonce', $replace('Signature-Input', static fn (string $value): string
                => (string) preg_replace('/nonce="."?/', 'nonce="_', $value))],
            'other key' => ['keyid', $input('site-response', 'site-request')],
            'request tag' => ['tag', $input('zijspan-response-v1', 'zijspan-request-v1')],
            'component dropped' => ['components', $input(' "@query";req', '')],
            'component without req' => ['components', $input('"@query";req', '"@query"')],
            'no components' => ['components', $replace('Signature-Input', static fn (string $value): string
                => (string) preg_replace('/\(.*\)/', '()', $value))],
            'parameter added' => ['parameters', $input(';nonce=', ';extra=1;nonce=')],
            'parameter twice' => ['field_syntax', $input(';nonce=', ';keyid="a";nonce=')],
            'other algorithm' => ['alg', $input(';nonce=', ';alg="none";nonce=')],
            'created as text' => ['created', $replace('Signature-Input', static fn (string $value): string
                => (string) preg_replace('/created=([0-9]+)/', 'created="$1"', $value))],
            'created with a fraction' => ['field_syntax', $replace('Signature-Input', static fn (string $value): string
                => (string) preg_replace('/created=([0-9]+)/', 'created=$1.5', $value))],
            'signature cut' => ['signature_length', $replace('Signature', static fn (string $value): string
                => 'zijspan=:' . base64_encode(substr(base64_decode(substr($value, 9, -1)), 0, 16)) . ':')],
            'signature longer' => ['signature_length', $replace('Signature', static fn (string $value): string
                => 'zijspan=:' . base64_encode(base64_decode(substr($value, 9, -1)) . "\0") . ':')],
            'signature empty' => ['signature_length', $replace('Signature', static fn (): string => 'zijspan=::')],
            'signature of zeros' => ['mac', $replace('Signature', static fn (): string
                => 'zijspan=:' . base64_encode(str_repeat("\0", 32)) . ':')],
            'another label' => ['signature_length', $replace('Signature', static fn (string $value): string
                => 'other' . substr($value, 7))],
            'garbage' => ['field_syntax', $replace('Signature-Input', static fn (): string => '((((')],
        ];
    }

    public function testAnAnswerToAnotherRequestIsRefused(): void
    {
        $kept = null;
        $this->sidecar->meddler = static function (WireResponse $response) use (&$kept): WireResponse {
            return $kept ??= $response;
        };
        self::assertInstanceOf(Answer::class, $this->client->post('/v1/page', ['parts' => []], 'token'));
        $this->assertRefused('nonce');
    }

    public function testAnAnswerUnderTheRequestKeyIsRefused(): void
    {
        $request = Key::fromBytes('site-request', str_repeat('q', 32));
        $sidecar = new FakeSidecar(
            $request,
            Key::fromBytes('site-response', str_repeat('q', 32)),
            static fn (): array => [200, []]
        );
        $response = Key::fromBytes('site-response', str_repeat('r', 32));
        $client = new Client(Endpoint::fromUrl('http://localhost:8480'), $request, $response, $sidecar);
        self::assertEquals(new Refused('mac', 200), $this->withoutTime($client->get('/v1/status')));
    }

    public function testASignedRedirectIsRefused(): void
    {
        $this->sidecar->answer = static fn (): array => [302, ['a' => 1]];
        $this->assertRefused('redirect');
    }

    public function testAnAnswerThatIsNoObjectIsRefused(): void
    {
        $this->sidecar->answer = static fn (): array => [200, [1, 2]];
        $this->assertRefused('json');
    }

    public function testNoAnswerIsUnreachable(): void
    {
        $this->sidecar->fails = 'timeout';
        self::assertEquals(new Unreachable('timeout'), $this->client->get('/v1/status'));
    }

    public function testADownloadIsPassedOn(): void
    {
        $this->sidecar->answer = static fn (): array => [200, '%PDF-1.7'];
        $download = $this->collector();
        $outcome = $this->client->download('/v1/tickets/redeem', ['handle' => 'h'], 'token', $download);
        self::assertEquals(new Streamed(true), $outcome);
        self::assertSame('%PDF-1.7', $download->bytes);
        self::assertSame('application/pdf', $download->type);
    }

    public function testADownloadThatIsRefusedIsASignedProblem(): void
    {
        $this->sidecar->answer = static fn (): array => [404, ['type' => 'urn:zijspan:problem:not-found']];
        $download = $this->collector();
        $outcome = $this->client->download('/v1/tickets/redeem', ['handle' => 'h'], 'token', $download);
        self::assertInstanceOf(Problem::class, $outcome);
        self::assertSame('', $download->bytes);
    }

    public function testAKeyShowsItsSecretNowhere(): void
    {
        $key = Key::fromBytes('site', str_repeat('S', 32));
        self::assertStringNotContainsString('SSSS', json_encode($key) . json_encode($key->__debugInfo()));
        $this->expectException(\LogicException::class);
        serialize($key);
    }

    private function assertRefused(string $reason): void
    {
        $outcome = $this->client->post('/v1/page', ['parts' => []], 'token');
        self::assertInstanceOf(Refused::class, $outcome, $outcome->summary());
        self::assertSame($reason, $outcome->reason);
        self::assertNull($outcome->data());
    }

    private function withoutTime(object $outcome): object
    {
        return $outcome instanceof Refused ? new Refused($outcome->reason, $outcome->status) : $outcome;
    }

    private function collector(): Download
    {
        return new class implements Download {
            public string $bytes = '';
            public string $type = '';

            public function start(string $contentType, ?string $disposition, ?int $length): void
            {
                $this->type = $contentType;
            }

            public function write(string $bytes): bool
            {
                $this->bytes .= $bytes;

                return true;
            }
        };
    }
}
