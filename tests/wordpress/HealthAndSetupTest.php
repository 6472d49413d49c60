<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Setup\Pages;
use OWC\Zijspan\Sidecar\Diagnosis;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\Refused;
use Zijspan\Shim\Unreachable;

final class HealthAndSetupTest extends PluginTestCase
{
    public function testSiteHealthKnowsTheChecks(): void
    {
        $tests = apply_filters('site_status_tests', ['direct' => [], 'async' => []]);
        foreach ($tests['direct'] as $name => $test) {
            if (str_starts_with($name, 'zijspan_')) {
                $result = ($test['test'])();
                self::assertSame($name, $result['test']);
                self::assertContains($result['status'], ['good', 'recommended', 'critical']);
            }
        }
        self::assertArrayHasKey('zijspan_sidecar', $tests['async']);
        self::assertArrayHasKey('zijspan_cache', $tests['async']);
    }

    public function testTheSlowChecksAreForThoseWhoMayLook(): void
    {
        $request = new \WP_REST_Request('GET', '/owc-zijspan/v1/health/sidecar');
        self::assertSame(401, rest_do_request($request)->get_status());
        wp_set_current_user(1);
        $this->sidecar->answer = static fn (): array => [200, ['version' => '0.1.0']];
        self::assertSame('good', rest_do_request($request)->get_data()['status']);
        $this->sidecar->fails = 'connect';
        self::assertSame('critical', rest_do_request($request)->get_data()['status']);
    }

    public function testTheReportHoldsNoSecret(): void
    {
        $report = (string) wp_json_encode(apply_filters('debug_information', []));
        self::assertStringContainsString('ZIJSPAN_REQUEST_SECRET', $report);
        self::assertStringNotContainsString(ZIJSPAN_REQUEST_SECRET, $report);
    }

    public function testWhatIsWrongIsSaidInWords(): void
    {
        $texts = [];
        foreach (
            [
                new Refused('request_rejected', 401, time()), new Refused('request_rejected', 401, time() - 300),
                new Refused('unsigned', 200), new Refused('keyid', 200), new Refused('content_digest', 200),
                new Unreachable('configuration'), new Unreachable('connect'), new Unreachable('timeout'),
                new Unreachable('tls'), new Unreachable('broken'),
            ] as $outcome
        ) {
            $texts[] = Diagnosis::text($outcome);
            self::assertNotNull(Diagnosis::step($outcome));
        }
        self::assertSame($texts, array_unique($texts));
    }

    public function testASettingFromAFile(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'zijspan');
        file_put_contents($file, "geheim\n");
        putenv('ZIJSPAN_CA_FILE=' . $file);
        try {
            self::assertSame('geheim', (new Settings())->caFile());
            self::assertSame('file', (new Settings())->source('ZIJSPAN_CA'));
            unlink($file);
            $this->expectExceptionMessage('ZIJSPAN_CA_FILE');
            (new Settings())->caFile();
        } finally {
            putenv('ZIJSPAN_CA_FILE');
        }
    }

    public function testTheFirstPagesAreDraftsAndAreMadeOnce(): void
    {
        $pages = new Pages();
        // The demo's site has them already.
        foreach (['zaak', 'zaken', 'inloggen'] as $key) {
            wp_delete_post((int) $pages->find($key), true);
        }
        self::assertNull($pages->find('zaken'));
        $first = $pages->create();
        self::assertSame(['zaak', 'zaken', 'inloggen'], array_keys($first));
        foreach ($first as $id) {
            self::assertSame('draft', get_post_status($id));
        }
        self::assertStringContainsString('wp:owc-zijspan/mijn-zaken', get_post($first['zaken'])->post_content);
        wp_update_post(['ID' => $first['zaken'], 'post_content' => 'Veranderd', 'post_status' => 'publish']);
        wp_trash_post($first['inloggen']);
        self::assertSame($first, $pages->create());
        self::assertSame('Veranderd', get_post($first['zaken'])->post_content);
    }

    public function testUninstallingRemovesOwnOptionsOnly(): void
    {
        $pages = (new Pages())->create();
        update_option('zijspan_iets', 'x');
        update_option('owc_zijspan_iets', 'x');
        update_option('andere_zijspan', 'x');
        define('WP_UNINSTALL_PLUGIN', 'owc-zijspan/owc-zijspan.php');
        require WP_PLUGIN_DIR . '/owc-zijspan/uninstall.php';
        wp_cache_flush();
        self::assertFalse(get_option('zijspan_iets'));
        self::assertFalse(get_option('owc_zijspan_iets'));
        self::assertSame('x', get_option('andere_zijspan'));
        self::assertNotNull(get_post($pages['zaken']));
    }
}
