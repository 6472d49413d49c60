<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Plugin;
use OWC\Zijspan\Session\Cookies;
use Zijspan\Shim\Key;
use Zijspan\Shim\Tests\FakeSidecar;

require_once dirname(__DIR__, 2) . '/php-shim/tests/FakeSidecar.php';

/**
 * The plugin in a real WordPress with a sidecar in the same process, and a browser that asks for one page.
 */
abstract class PluginTestCase extends WordPressTestCase
{
    /** Stands in everything personal that the sidecar answers; must be seen nowhere else than on the page. */
    protected const CANARY = 'KANARIE-7731';
    protected const TOKEN = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    protected const ZAKEN = '<!-- wp:owc-zijspan/mijn-zaken /-->';
    protected const ZAAK = '<!-- wp:owc-zijspan/zaak /-->';
    protected const LOGIN = '<!-- wp:owc-zijspan/inloggen /-->';

    protected FakeSidecar $sidecar;
    protected RecordedOutput $output;

    protected string $environment = 'productie';

    protected function setUp(): void
    {
        parent::setUp();
        $_COOKIE = [];
        $_POST = [];
        $this->sidecar = new FakeSidecar(
            Key::fromBase64(ZIJSPAN_REQUEST_KEYID, ZIJSPAN_REQUEST_SECRET),
            Key::fromBase64(ZIJSPAN_RESPONSE_KEYID, ZIJSPAN_RESPONSE_SECRET),
            fn (string $method, string $path, array $data): array => $this->answer($method, $path, $data)
        );
        Plugin::instance()->sidecar()->useTransport($this->sidecar);
        $this->begin();
    }

    protected function tearDown(): void
    {
        unset($GLOBALS['_wp_current_template_content']);
        parent::tearDown();
    }

    protected function logIn(string $token = self::TOKEN): void
    {
        $_COOKIE[Cookies::SESSION] = $token;
    }

    /** A new request: nothing was sent yet. */
    protected function begin(): void
    {
        $this->output = new RecordedOutput();
        Plugin::instance()->engine()->begin($this->output);
        $this->sidecar->calls = [];
    }

    /** What WordPress does up to the theme: the main query, and the plugin's work before output. */
    protected function ask(string $uri): void
    {
        $this->begin();
        $_SERVER['REQUEST_URI'] = $uri;
        $_SERVER['REQUEST_METHOD'] = 'GET';
        $_GET = [];
        parse_str((string) parse_url($uri, PHP_URL_QUERY), $_GET);
        $_REQUEST = $_GET;
        $GLOBALS['wp_the_query'] = new \WP_Query();
        $GLOBALS['wp_query'] = $GLOBALS['wp_the_query'];
        unset($GLOBALS['_wp_current_template_content'], $GLOBALS['post']);
        $GLOBALS['wp']->query_vars = [];
        $GLOBALS['wp']->matched_rule = null;
        $GLOBALS['wp']->request = null;
        $GLOBALS['wp']->main();
        Plugin::instance()->engine()->prepare();
        // As wp-includes/template-loader.php: this makes a block theme's template known.
        match (true) {
            is_404() => get_404_template(),
            is_search() => get_search_template(),
            is_page() => get_page_template(),
            is_singular() => get_single_template(),
            is_front_page() => get_front_page_template() ?: get_home_template(),
            default => get_index_template(),
        };
        Plugin::instance()->engine()->load('template.php');
    }

    /** The page as the browser gets it, without the head. */
    protected function visit(string $uri): string
    {
        $this->ask($uri);

        return get_the_block_template_html();
    }

    protected function visitPage(string $content, string $query = ''): string
    {
        return $this->visit($this->path($this->makePage($content)) . $query);
    }

    protected function path(int $id): string
    {
        return wp_make_link_relative((string) get_permalink($id));
    }

    /** @return array{0: int, 1: array<mixed>} */
    protected function answer(string $method, string $path, array $data): array
    {
        if ($path !== '/v1/page') {
            return [404, ['type' => 'urn:zijspan:problem:not-found', 'title' => 'Niet gevonden.']];
        }

        return [200, [
            'parts' => array_map(fn (array $part): array => $this->part($part), $data['parts']),
            'session' => $this->session(),
            'environment' => $this->environment,
        ]];
    }

    /** @return array<string, mixed> */
    protected function session(): array
    {
        return [
            'idle_expires_in' => 899,
            'absolute_expires_in' => 7190,
            'loa' => 'substantial',
            'on_behalf_of' => ['type' => 'burger', 'label' => self::CANARY . ' Inwoner'],
            'acts_for_another' => false,
            'idp' => 'digid',
        ];
    }

    /**
     * @param array<string, mixed> $part
     * @return array<string, mixed>
     */
    protected function part(array $part): array
    {
        $zaak = [
            'handle' => 'handle-1', 'zaaknummer' => 'ZAAK-2026-0000000018', 'zaaktype' => 'Omgevingsvergunning',
            'omschrijving' => 'Dakkapel ' . self::CANARY, 'registratiedatum' => '2026-03-16',
            'startdatum' => '2026-03-16', 'einddatum_gepland' => null, 'uiterlijke_einddatum' => null,
            'einddatum' => null, 'open' => true,
            'status' => ['label' => 'In behandeling', 'toelichting' => null, 'datum' => '2026-03-20', 'beurt' => null],
            'resultaat' => null,
        ];
        $data = match ($part['kind']) {
            'zaken' => [
                'zaken' => [$zaak + ['deelzaken' => 0]],
                'total' => ['value' => 1, 'at_least' => false],
                'counts' => [
                    'open' => ['value' => 1, 'at_least' => false],
                    'closed' => ['value' => 0, 'at_least' => false],
                ],
                'filters' => ['zaaktypen' => [], 'years' => [2026]],
                'next' => null,
                'previous' => null,
            ],
            'zaak' => $zaak + [
                'toelichting' => null, 'stappen' => [], 'besluiten' => [], 'aanvraag' => null, 'hoofdzaak' => null,
                'deelzaken' => [],
                'documenten' => [[
                    'handle' => 'document-1', 'naam' => 'Situatie ' . self::CANARY, 'type' => 'Tekening',
                    'bestandsnaam' => 'situatie.pdf', 'extensie' => 'pdf', 'omvang' => 20060,
                    'datum' => '2026-03-16', 'taal' => null,
                ]],
            ],
            default => null,
        };

        return [
            'id' => $part['id'], 'kind' => $part['kind'], 'state' => $data === null ? 'unavailable' : 'ok',
            'data' => $data, 'sources' => [], 'problem' => null,
        ];
    }

    /** @param array<string, mixed> $fields */
    protected function allParts(array $fields): void
    {
        $this->sidecar->answer = fn (string $method, string $path, array $data): array => [200, [
            'parts' => array_map(
                static fn (array $part): array => $fields + ['id' => $part['id'], 'kind' => $part['kind'],
                    'state' => 'unavailable', 'data' => null, 'sources' => [], 'problem' => null],
                $data['parts']
            ),
            'session' => $this->session(),
        ]];
    }
}
