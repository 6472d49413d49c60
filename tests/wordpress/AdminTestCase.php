<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Admin\Tab;
use OWC\Zijspan\Plugin;
use Zijspan\Shim\Http\BodySink;
use Zijspan\Shim\Http\Limits;
use Zijspan\Shim\Http\Transport;
use Zijspan\Shim\Http\WireRequest;
use Zijspan\Shim\Http\WireResponse;
use Zijspan\Shim\Key;
use Zijspan\Shim\Tests\FakeSidecar;

require_once dirname(__DIR__, 2) . '/php-shim/tests/FakeSidecar.php';

/**
 * A webbeheerder in wp-admin, with a sidecar in the same process that answers under the site's key and under the admin's.
 */
abstract class AdminTestCase extends WordPressTestCase
{
    protected const HOSTILE = '"><script>alert(1)</script>';

    protected FakeSidecar $site;
    protected FakeSidecar $admin;
    /** @var array<string, mixed> */
    protected array $policy;
    /** @var array<string, mixed> */
    protected array $bounds;
    protected int $version = 3;

    protected function setUp(): void
    {
        parent::setUp();
        $this->version = 3;
        $this->bounds = ['modules' => ['zaken' => true], 'bronnen' => ['zgw', 'archief'], 'bronnen_uit' => []];
        $this->policy = [
            'modules' => ['zaken' => true], 'zaak_vertrouwelijkheid' => 'zaakvertrouwelijk',
            'document_vertrouwelijkheid' => 'zaakvertrouwelijk', 'rollen' => ['initiator'], 'nieuwe_zaaktypen' => 'tonen',
            'deelzaken' => 'gevouwen', 'zichtbaar_vanaf' => null, 'status_betekenis' => 'bereikt', 'substatussen' => false,
            'aanvraag_documenttypen' => ['Aanvraagformulier'], 'interne_documenttypen' => [], 'verborgen_documenttypen' => [],
            'zaaktypen' => [['catalogus' => 'PORTL', 'identificatie' => 'ZT-OUD', 'tonen' => false, 'label' => null,
                'status_betekenis' => null, 'substatussen' => null, 'statustypen' => [], 'resultaattypen' => []]],
        ];
        $response = Key::fromBase64(ZIJSPAN_RESPONSE_KEYID, ZIJSPAN_RESPONSE_SECRET);
        $answer = fn (string $method, string $path, array $data): array => $this->answer($method, $path, $data);
        $this->site = new FakeSidecar(Key::fromBase64(ZIJSPAN_REQUEST_KEYID, ZIJSPAN_REQUEST_SECRET), $response, $answer);
        $this->admin = new FakeSidecar(Key::fromBase64(ZIJSPAN_ADMIN_KEYID, ZIJSPAN_ADMIN_SECRET), $response, $answer);
        Plugin::instance()->sidecar()->useTransport(new class ($this->site, $this->admin) implements Transport {
            public function __construct(private readonly Transport $site, private readonly Transport $admin)
            {
            }

            public function send(WireRequest $request, Limits $limits, ?BodySink $sink = null): WireResponse
            {
                return (str_contains($request->url, '/v1/admin/') ? $this->admin : $this->site)->send($request, $limits, $sink);
            }
        });
        wp_set_current_user((int) get_users(['role' => 'administrator', 'fields' => 'ids'])[0]);
    }

    /** @param array<string, string> $query */
    protected function show(Tab $tab, array $query = []): string
    {
        ob_start();
        $tab->show($query);

        return (string) ob_get_clean();
    }

    protected function redirected(callable $body): string
    {
        $stop = static fn (string $location) => throw new \RuntimeException($location);
        add_filter('wp_redirect', $stop);
        try {
            $body();
        } catch (\RuntimeException $stopped) {
            return $stopped->getMessage();
        } finally {
            remove_filter('wp_redirect', $stop);
        }
        self::fail('no redirect');
    }

    /**
     * @param array<mixed> $data
     * @return array{0: int, 1: array<mixed>}
     */
    protected function answer(string $method, string $path, array $data): array
    {
        $zaaktype = static fn (string $id, string $state, bool $extern, string $name): array => [
            'catalogus' => 'PORTL', 'identificatie' => $id, 'omschrijving' => $name, 'extern' => $extern, 'state' => $state,
            'statustypen' => [['volgnummer' => 1, 'omschrijving' => 'Ontvangen'], ['volgnummer' => 2, 'omschrijving' => 'In behandeling']],
            'resultaattypen' => [['omschrijving' => 'Verleend']],
        ];
        if ($method === 'PUT') {
            return $this->put($data);
        }

        return match ($path) {
            '/v1/status' => [200, ['version' => '0.1.0', 'contract' => 1, 'environment' => 'demo']],
            '/v1/admin/check' => [200, ['steps' => [['step' => 'zgw.zaken', 'ok' => true, 'ms' => 41, 'message' => '']]]],
            '/v1/admin/policy' => [200, ['version' => $this->version, 'policy' => $this->policy, 'bounds' => $this->bounds]],
            '/v1/admin/catalogus' => [200, ['zaaktypen' => [
                $zaaktype('ZT-OMGEVING', 'gewijzigd', true, 'Omgevingsvergunning ' . self::HOSTILE),
                $zaaktype('ZT-NIEUW', 'nieuw', true, 'Parkeervergunning'),
                $zaaktype('ZT-INTERN', 'bekend', false, 'Controle'),
            ], 'informatieobjecttypen' => ['Aanvraagformulier', self::HOSTILE]]],
            default => [404, ['type' => 'urn:zijspan:problem:not-found', 'title' => 'Niet gevonden.']],
        };
    }

    /**
     * @param array<mixed> $data
     * @return array{0: int, 1: array<mixed>}
     */
    protected function put(array $data): array
    {
        if ($data['version'] !== $this->version) {
            return [409, ['type' => 'urn:zijspan:problem:conflict', 'title' => 'Intussen gewijzigd.']];
        }
        foreach ($data['policy']['zaaktypen'] as $index => $zaaktype) {
            foreach ($zaaktype['statustypen'] as $step => $statustype) {
                if ($statustype['toelichting'] === 'ongeldig') {
                    return [422, ['type' => 'urn:zijspan:problem:invalid', 'title' => 'Klopt niet.', 'fields' => [
                        ['path' => "zaaktypen.$index.statustypen.$step.toelichting", 'message' => 'Te lang.'],
                    ]]];
                }
            }
        }

        return [200, ['version' => $this->version + 1, 'policy' => $data['policy'], 'changes' => ['label van stap 2'], 'saved' => !$data['dry_run']]];
    }
}
