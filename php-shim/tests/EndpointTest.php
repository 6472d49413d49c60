<?php

declare(strict_types=1);

namespace Zijspan\Shim\Tests;

use PHPUnit\Framework\TestCase;
use Zijspan\Shim\ConfigurationError;
use Zijspan\Shim\Endpoint;
use Zijspan\Shim\Key;

final class EndpointTest extends TestCase
{
    /**
     * @dataProvider good
     */
    public function testAnAddressThatIsAllowed(string $url, string $origin, string $authority): void
    {
        $endpoint = Endpoint::fromUrl($url);
        self::assertSame([$origin, $authority], [$endpoint->origin, $endpoint->authority]);
    }

    /** @return list<array{0: string, 1: string, 2: string}> */
    public function good(): array
    {
        return [
            ['http://localhost:8480', 'http://localhost:8480', 'localhost:8480'],
            ['http://LOCALHOST:8480/', 'http://localhost:8480', 'localhost:8480'],
            ['http://127.0.0.1', 'http://127.0.0.1', '127.0.0.1'],
            ['http://127.9.9.9:80', 'http://127.9.9.9', '127.9.9.9'],
            ['http://[::1]:8480', 'http://[::1]:8480', '[::1]:8480'],
            ['https://zijspan.example.nl', 'https://zijspan.example.nl', 'zijspan.example.nl'],
            ['https://zijspan.example.nl:443', 'https://zijspan.example.nl', 'zijspan.example.nl'],
            ['https://zijspan.example.nl:8443', 'https://zijspan.example.nl:8443', 'zijspan.example.nl:8443'],
        ];
    }

    /**
     * @dataProvider bad
     */
    public function testAnAddressThatIsNot(string $url): void
    {
        $this->expectException(ConfigurationError::class);
        Endpoint::fromUrl($url);
    }

    /** @return list<array{0: string}> */
    public function bad(): array
    {
        return [
            [''], ['localhost'], ['localhost:8480'], ['ftp://localhost'], ['http://zijspan.example.nl'],
            ['http://localhost.example.nl'], ['http://127.example.nl'], ['http://10.0.0.1'], ['http://[::2]'],
            ['https://zijspan.example.nl/api'], ['https://zijspan.example.nl?x'], ['https://a:b@zijspan.example.nl'],
            ['https://zijspan.example.nl#x'], ["https://zijspan.example.nl\r\nX: y"], ['https://zijspan example'],
            ['http://0x7f.1'], ['http://127.0.0.1.example.nl'], ['http://localhost:99999'],
        ];
    }

    public function testASecretThatIsTooShortOrNotBase64IsRefused(): void
    {
        foreach ([base64_encode('short'), str_repeat('*', 44), '', base64_encode(str_repeat('x', 31))] as $secret) {
            try {
                Key::fromBase64('site', $secret);
                self::fail('accepted: ' . $secret);
            } catch (ConfigurationError $error) {
                self::assertStringNotContainsString($secret === '' ? "\0" : $secret, $error->getMessage());
            }
        }
    }
}
