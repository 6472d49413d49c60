<?php

declare(strict_types=1);

namespace OWC\Zijspan\Sidecar;

defined('ABSPATH') || exit;

use Zijspan\Shim\Client;
use Zijspan\Shim\ConfigurationError;
use Zijspan\Shim\Download;
use Zijspan\Shim\Http\CurlTransport;
use Zijspan\Shim\Http\Limits;
use Zijspan\Shim\Http\Transport;
use Zijspan\Shim\Outcome;
use Zijspan\Shim\Unreachable;

/**
 * The sidecar as the plugin calls it. A configuration that is not complete is one more way of being unreachable.
 */
final class Connection
{
    private const CONNECT_MS = 500;
    /** What a page may take longer than the sidecar's own budget: the way there and back. */
    private const MARGIN_MS = 1500;
    private const TIMEOUT_MS = 8000;
    private const ADMIN_TIMEOUT_MS = 30000;

    private ?Transport $transport = null;
    private ?Client $site = null;
    private ?Client $admin = null;
    private ?Client $assert = null;

    public function __construct(private readonly Settings $settings)
    {
    }

    /** For tests: what carries the calls instead of cURL. There is no filter for this. */
    public function useTransport(Transport $transport): void
    {
        $this->transport = $transport;
        $this->site = null;
        $this->admin = null;
        $this->assert = null;
    }

    public function get(string $path, #[\SensitiveParameter] ?string $token = null): Outcome
    {
        return $this->with(fn (): Outcome => $this->site()->get($path, $token));
    }

    /** A question by POST, without a body. */
    public function ask(string $path, #[\SensitiveParameter] string $token): Outcome
    {
        return $this->with(fn (): Outcome => $this->site()->call('POST', $path, null, null, $token));
    }

    /** @param array<string, mixed> $data */
    public function post(string $path, array $data, #[\SensitiveParameter] ?string $token = null): Outcome
    {
        return $this->with(fn (): Outcome => $this->site()->post($path, $data, $token));
    }

    /** @param array<string, mixed> $data */
    public function delete(string $path, array $data, #[\SensitiveParameter] ?string $token): Outcome
    {
        return $this->with(fn (): Outcome => $this->site()->json('DELETE', $path, $data, $token));
    }

    /** @param array<string, string> $fields */
    public function form(
        string $path,
        #[\SensitiveParameter] array $fields,
        #[\SensitiveParameter] ?string $token = null
    ): Outcome {
        return $this->with(fn (): Outcome => $this->site()->form($path, $fields, $token));
    }

    /**
     * States who is logged in, under the key that is for this alone.
     *
     * @param array<string, string> $fields
     */
    public function assert(
        #[\SensitiveParameter] array $fields,
        #[\SensitiveParameter] ?string $token = null
    ): Outcome {
        return $this->with(function () use ($fields, $token): Outcome {
            $this->assert ??= new Client(
                $this->settings->endpoint(),
                $this->settings->assertKey(),
                $this->settings->assertResponseKey(),
                $this->transport(),
                new Limits(self::TIMEOUT_MS, self::CONNECT_MS)
            );

            return $this->assert->form('/v1/token', $fields, $token);
        });
    }

    /** @param list<array{id: string, kind: string, params: object}> $parts */
    public function page(array $parts, bool $touch, #[\SensitiveParameter] string $token): Outcome
    {
        return $this->with(function () use ($parts, $touch, $token): Outcome {
            $budget = $this->settings->budgetMs();
            $data = ['budget_ms' => $budget, 'touch' => $touch, 'parts' => $parts];
            $limits = new Limits($budget + self::MARGIN_MS, self::CONNECT_MS);

            return $this->site()->json('POST', '/v1/page', $data, $token, $limits);
        });
    }

    /** @param array<string, mixed> $data */
    public function download(
        string $path,
        array $data,
        #[\SensitiveParameter] string $token,
        Download $download
    ): Outcome {
        return $this->with(fn (): Outcome => $this->site()->download($path, $data, $token, $download));
    }

    /**
     * A call under the admin key, which opens no personal route.
     *
     * @param array<string, mixed>|null $data null is no body
     */
    public function admin(string $method, string $path, ?array $data = null): Outcome
    {
        return $this->with(fn (): Outcome => $data === null
            ? $this->adminClient()->call($method, $path, null, null)
            : $this->adminClient()->json($method, $path, $data));
    }

    /** @param \Closure(): Outcome $call */
    private function with(\Closure $call): Outcome
    {
        try {
            return $call();
        } catch (ConfigurationError) {
            return new Unreachable('configuration');
        }
    }

    private function site(): Client
    {
        return $this->site ??= new Client(
            $this->settings->endpoint(),
            $this->settings->requestKey(),
            $this->settings->responseKey(),
            $this->transport(),
            new Limits(self::TIMEOUT_MS, self::CONNECT_MS)
        );
    }

    private function adminClient(): Client
    {
        return $this->admin ??= new Client(
            $this->settings->endpoint(),
            $this->settings->adminKey(),
            $this->settings->adminResponseKey(),
            $this->transport(),
            new Limits(self::ADMIN_TIMEOUT_MS, self::CONNECT_MS)
        );
    }

    private function transport(): Transport
    {
        return $this->transport ??= new CurlTransport($this->settings->caFile());
    }
}
