<?php

declare(strict_types=1);

namespace Zijspan\Shim\Tests;

use PHPUnit\Framework\TestCase;
use Zijspan\Shim\Http\WireResponse;
use Zijspan\Shim\Key;
use Zijspan\Shim\Signature\ContentDigest;
use Zijspan\Shim\Signature\Rejected;
use Zijspan\Shim\Signature\RequestSigner;
use Zijspan\Shim\Signature\ResponseVerifier;
use Zijspan\Shim\Signature\SignedRequest;
use Zijspan\Shim\Signature\StructuredFields;

/**
 * tests/vectors is read by the sidecar's tests too: what one language writes, the other must read.
 */
final class VectorsTest extends TestCase
{
    private const FOLDER = __DIR__ . '/../../tests/vectors/';

    /**
     * @dataProvider requests
     * @param array<string, mixed> $vector
     */
    public function testARequestIsSignedToTheByte(array $vector): void
    {
        $signed = $this->sign($vector);
        self::assertSame($vector['base'], $signed->base);
        self::assertSame($vector['mac'], base64_encode($signed->mac));
        foreach ($vector['request']['headers'] as [$name, $value]) {
            if (!in_array(strtolower($name), ['host', 'content-length', 'accept'], true)) {
                self::assertSame($value, $signed->headers[$name] ?? null, $name);
            }
        }
    }

    /** @return iterable<string, array{0: array<string, mixed>}> */
    public function requests(): iterable
    {
        foreach (self::read('requests.json')['vectors'] as $vector) {
            // The others show what else a verifier must accept: orders and labels that this signer does not write.
            if (($vector['client'] ?? null) !== null) {
                yield $vector['name'] => [$vector];
            }
        }
    }

    /**
     * @dataProvider responses
     * @param array<string, mixed> $vector
     */
    public function testAnAnswerHolds(array $vector): void
    {
        $request = $this->sign($this->request($vector['request']));
        $verifier = new ResponseVerifier($this->key('response', $this->responseKeyOf($vector['request'])));
        $verifier->verify($request, $this->response($vector['response']));
        $this->addToAssertionCount(1);
    }

    /** @return iterable<string, array{0: array<string, mixed>}> */
    public function responses(): iterable
    {
        foreach (self::read('responses.json')['vectors'] as $vector) {
            yield $vector['name'] => [$vector];
        }
    }

    /**
     * @dataProvider negativeResponses
     * @param array<string, mixed> $vector
     */
    public function testAnAnswerThatDoesNotHold(array $vector): void
    {
        $request = $this->sign($this->request($vector['request']));
        $verifier = new ResponseVerifier($this->key('response', $this->responseKeyOf($vector['request'])));
        $this->expectException(Rejected::class);
        $verifier->verify($request, $this->response($vector['response']));
    }

    /** @return iterable<string, array{0: array<string, mixed>}> */
    public function negativeResponses(): iterable
    {
        foreach (self::read('negative-responses.json')['vectors'] as $vector) {
            yield $vector['name'] => [$vector];
        }
    }

    public function testTheExampleOfRfc9421(): void
    {
        $vector = self::read('rfc9421-b25.json');
        $headers = array_column($vector['request']['headers'], 1, 0);
        $input = StructuredFields::signatureInputs($headers['Signature-Input'])['sig-b25'];
        self::assertSame($vector['params'], $input->serialized());
        $base = $input->base(array_column($vector['lines'], 1, 0));
        self::assertSame($vector['base'], $base);
        $key = Key::fromBase64($vector['key']['keyid'], $vector['key']['secret']);
        self::assertSame($vector['mac'], base64_encode($key->mac($base)));
        $signatures = StructuredFields::signatures($headers['Signature']);
        self::assertSame($vector['mac'], base64_encode($signatures['sig-b25']));
    }

    public function testTheDigestsOfRfc9530(): void
    {
        foreach (self::read('rfc9530-digests.json')['vectors'] as $vector) {
            self::assertSame($vector['field'], ContentDigest::of((string) base64_decode($vector['body'], true)));
        }
    }

    /** @param array<string, mixed> $vector */
    private function sign(array $vector): SignedRequest
    {
        $client = $vector['client'];
        $signer = new RequestSigner(
            $this->key('request', $client['keyid']),
            static fn (): int => $client['created'],
            static fn (): string => $client['nonce']
        );
        $body = (string) base64_decode($client['body'], true);

        return $signer->sign(
            $client['method'],
            $client['authority'],
            $client['path'],
            $client['query'] ?? '',
            $client['content_type'] === null ? null : $body,
            $client['content_type'],
            $client['authorization'] === null ? null : substr($client['authorization'], strlen('Bearer '))
        );
    }

    /** @return array<string, mixed> */
    private function request(string $name): array
    {
        foreach (self::read('requests.json')['vectors'] as $vector) {
            if ($vector['name'] === $name) {
                return $vector;
            }
        }
        self::fail('There is no request ' . $name);
    }

    private function responseKeyOf(string $request): string
    {
        $keyId = $this->request($request)['client']['keyid'];
        foreach (self::read('keys.json')['keys'] as $pair) {
            if ($pair['request']['keyid'] === $keyId) {
                return $pair['response']['keyid'];
            }
        }
        self::fail('There is no key ' . $keyId);
    }

    private function key(string $side, string $id): Key
    {
        foreach (self::read('keys.json')['keys'] as $pair) {
            if ($pair[$side]['keyid'] === $id) {
                return Key::fromBase64($id, $pair[$side]['secret']);
            }
        }
        self::fail('There is no key ' . $id);
    }

    /** @param array<string, mixed> $response */
    private function response(array $response): WireResponse
    {
        return new WireResponse(
            $response['status'],
            $response['headers'],
            (string) base64_decode($response['body'], true)
        );
    }

    /** @return array<string, mixed> */
    private static function read(string $file): array
    {
        return json_decode((string) file_get_contents(self::FOLDER . $file), true, 64, JSON_THROW_ON_ERROR);
    }
}
