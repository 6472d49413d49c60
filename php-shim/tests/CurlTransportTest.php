<?php

declare(strict_types=1);

namespace Zijspan\Shim\Tests;

use PHPUnit\Framework\TestCase;
use Zijspan\Shim\Http\BodySink;
use Zijspan\Shim\Http\CurlTransport;
use Zijspan\Shim\Http\Limits;
use Zijspan\Shim\Http\TransportFailure;
use Zijspan\Shim\Http\WireRequest;
use Zijspan\Shim\Http\WireResponse;

final class CurlTransportTest extends TestCase
{
    /** @var resource|null */
    private static $server;
    private static string $origin = '';

    public static function setUpBeforeClass(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($socket, false);
        fclose($socket);
        self::$origin = 'http://' . $address;
        self::$server = proc_open(
            [PHP_BINARY, '-S', $address, __DIR__ . '/server.php'],
            [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']],
            $pipes
        );
        for ($i = 0; $i < 200 && @stream_socket_client('tcp://' . $address) === false; $i++) {
            usleep(20000);
        }
    }

    public static function tearDownAfterClass(): void
    {
        proc_terminate(self::$server);
        proc_close(self::$server);
    }

    public function testItSendsWhatItWasGivenAndNothingElse(): void
    {
        $request = ['Content-Type' => 'application/json', 'Content-Digest' => 'x'];
        $seen = $this->echoed('DELETE', '/echo?a=1&b=%2F', $request, '{"csrf":"x"}');
        self::assertSame('DELETE', $seen['method']);
        self::assertSame('/echo?a=1&b=%2F', $seen['uri']);
        self::assertSame('{"csrf":"x"}', $seen['body']);
        self::assertSame(substr(self::$origin, 7), $seen['headers']['HTTP_HOST']);
        self::assertArrayNotHasKey('HTTP_EXPECT', $seen['headers']);
        self::assertArrayNotHasKey('HTTP_ACCEPT_ENCODING', $seen['headers']);
    }

    public function testWithoutABodyThereIsNoContentType(): void
    {
        foreach (['GET', 'POST', 'DELETE'] as $method) {
            $seen = $this->echoed($method, '/echo', ['Accept' => 'application/json'], null);
            self::assertSame($method, $seen['method']);
            self::assertSame('', $seen['body']);
            self::assertSame('', $seen['headers']['CONTENT_TYPE'] ?? '');
        }
    }

    public function testALongBodyIsNotAnnouncedFirst(): void
    {
        $body = str_repeat('y', 100000);
        $seen = $this->echoed('POST', '/echo', ['Content-Type' => 'application/json'], $body);
        self::assertSame($body, $seen['body']);
    }

    public function testARedirectIsNotFollowed(): void
    {
        $response = $this->get('/redirect');
        self::assertSame(302, $response->status);
        self::assertSame('', $response->body);
    }

    public function testTheProxyOfTheEnvironmentIsNotUsed(): void
    {
        putenv('http_proxy=http://127.0.0.1:1');
        putenv('ALL_PROXY=http://127.0.0.1:1');
        try {
            self::assertSame(200, $this->get('/echo')->status);
        } finally {
            putenv('http_proxy');
            putenv('ALL_PROXY');
        }
    }

    public function testABodyThatIsTooLargeIsCut(): void
    {
        $this->assertFails(TransportFailure::TOO_LARGE, '/large', new Limits(maxBodyBytes: 1024 * 1024));
    }

    public function testASlowAnswerEnds(): void
    {
        $began = microtime(true);
        $this->assertFails(TransportFailure::TIMEOUT, '/slow', new Limits(timeoutMs: 200));
        self::assertLessThan(1.2, microtime(true) - $began);
        // The server works on one request at a time: let it end.
        usleep(1600000);
    }

    public function testAnAnswerThatBreaksOffIsNone(): void
    {
        $this->assertFails(TransportFailure::BROKEN, '/cut', new Limits());
    }

    public function testAPortWhereNobodyListens(): void
    {
        $this->expectExceptionObject(new TransportFailure(TransportFailure::CONNECT));
        (new CurlTransport())->send(new WireRequest('GET', 'http://127.0.0.1:1/', [], null), new Limits());
    }

    public function testEveryHeaderLineIsSeen(): void
    {
        self::assertSame(['a', 'b'], $this->get('/twice')->values('x-twice'));
        self::assertNull($this->get('/twice')->single('X-Twice'));
    }

    public function testAStreamNeedsNoMemory(): void
    {
        $sink = new class implements BodySink {
            public int $bytes = 0;

            public function begin(WireResponse $head): bool
            {
                return $head->status === 200;
            }

            public function write(string $bytes): bool
            {
                $this->bytes += strlen($bytes);

                return true;
            }
        };
        $before = memory_get_peak_usage();
        $request = new WireRequest('GET', self::$origin . '/large', [], null);
        (new CurlTransport())->send($request, new Limits(maxBodyBytes: 1024), $sink);
        self::assertSame(64 * 1024 * 1024, $sink->bytes);
        self::assertLessThan(4 * 1024 * 1024, memory_get_peak_usage() - $before);
    }

    private function get(string $path): WireResponse
    {
        return (new CurlTransport())->send(new WireRequest('GET', self::$origin . $path, [], null), new Limits());
    }

    /**
     * @param array<string, string> $headers
     * @return array<string, mixed>
     */
    private function echoed(string $method, string $path, array $headers, ?string $body): array
    {
        $request = new WireRequest($method, self::$origin . $path, $headers, $body);

        return json_decode((new CurlTransport())->send($request, new Limits())->body, true);
    }

    private function assertFails(string $reason, string $path, Limits $limits): void
    {
        try {
            (new CurlTransport())->send(new WireRequest('GET', self::$origin . $path, [], null), $limits);
            self::fail('There was an answer.');
        } catch (TransportFailure $failure) {
            self::assertSame($reason, $failure->reason);
        }
    }
}
