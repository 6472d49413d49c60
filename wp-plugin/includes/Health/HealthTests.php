<?php

declare(strict_types=1);

namespace OWC\Zijspan\Health;

defined('ABSPATH') || exit;

use OWC\Zijspan\Login\Detection;
use OWC\Zijspan\Login\LoginSettings;
use OWC\Zijspan\Login\Risks;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Rest\LatePartsRoute;
use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Diagnosis;
use OWC\Zijspan\Sidecar\Settings;
use OWC\Zijspan\Sidecar\SourceReport;
use OWC\Zijspan\Sidecar\StatusReport;
use OWC\Zijspan\Sidecar\StatusWords;
use Zijspan\Shim\Answer;

/**
 * What Site Health says about the plugin. The quick checks run at once; what asks the sidecar or fetches a page runs
 * by itself.
 */
final class HealthTests
{
    private const PREFIX = 'zijspan_';
    /** A source that fails for a moment is no matter for Site Health. */
    private const PATIENCE_SECONDS = 900;

    public function __construct(
        private readonly Settings $settings,
        private readonly Connection $sidecar,
        private readonly Risks $risks
    ) {
    }

    public function register(): void
    {
        add_filter('site_status_tests', [$this, 'tests']);
        add_filter('debug_information', [$this, 'information']);
    }

    /**
     * @param array<string, array<string, mixed>> $tests
     * @return array<string, array<string, mixed>>
     */
    public function tests(array $tests): array
    {
        foreach ($this->direct() as $name => $test) {
            $tests['direct'][self::PREFIX . $name] = ['label' => 'MijnOmgeving', 'test' => $test];
        }
        foreach ($this->slow() as $name => $test) {
            $tests['async'][self::PREFIX . $name] = [
                'label' => 'MijnOmgeving',
                'test' => rest_url(LatePartsRoute::NAMESPACE . '/health/' . $name),
                'has_rest' => true,
                'async_direct_test' => $test,
            ];
        }

        return $tests;
    }

    /** @return array<string, callable(): array<string, mixed>> */
    public function direct(): array
    {
        return [
            'configuration' => [$this, 'configuration'],
            'permalinks' => [$this, 'permalinks'],
            'placement' => [$this, 'placement'],
            'spoof' => [$this, 'spoof'],
            'logins' => [$this, 'logins'],
            'errors' => [$this, 'errors'],
        ];
    }

    /** @return array<string, callable(): array<string, mixed>> */
    public function slow(): array
    {
        return ['sidecar' => [$this, 'sidecar'], 'sources' => [$this, 'sources'], 'cache' => [$this, 'cache']];
    }

    /** @return array<string, mixed> */
    public function configuration(): array
    {
        $problems = $this->settings->problems();
        if ($problems === []) {
            return $this->result('configuration', 'good', __('The connection to the sidecar is set up', 'owc-zijspan'), '');
        }

        return $this->result(
            'configuration',
            'critical',
            __('The connection to the sidecar is not set up', 'owc-zijspan'),
            implode(' ', array_map(static fn (\Throwable $problem): string => $problem->getMessage(), $problems))
        );
    }

    /** @return array<string, mixed> */
    public function permalinks(): array
    {
        return get_option('permalink_structure') !== ''
            ? $this->result('permalinks', 'good', __('The addresses of pages fit MijnOmgeving', 'owc-zijspan'), '')
            : $this->result(
                'permalinks',
                'critical',
                __('MijnOmgeving needs readable addresses', 'owc-zijspan'),
                __('Choose another structure than "Plain" under Settings, Permalinks: filters and links need it.', 'owc-zijspan')
            );
    }

    /** @return array<string, mixed> */
    public function placement(): array
    {
        $unsafe = UnsafeRenders::last();

        return $unsafe === null
            ? $this->result('placement', 'good', __('Blocks stand where they are safe', 'owc-zijspan'), '')
            : $this->result(
                'placement',
                'critical',
                __('A block stands where the page could be cached', 'owc-zijspan'),
                sprintf(
                    /* translators: %s: the path of a page */
                    __('At %s a MijnOmgeving block was put in by something that the plugin cannot see ahead. It showed nothing personal. Put the block in the page itself, a pattern, a template part or a block widget.', 'owc-zijspan'),
                    $unsafe['path']
                )
            );
    }

    /** @return array<string, mixed> */
    public function spoof(): array
    {
        $plugins = Detection::spoofs();
        if ($plugins === [] || wp_get_environment_type() !== 'production') {
            return $this->result('spoof', 'good', __('Nobody can pretend to be somebody else', 'owc-zijspan'), '');
        }

        return $this->result(
            'spoof',
            'critical',
            __('A plugin that lets people pretend to be somebody else is active', 'owc-zijspan'),
            sprintf(
                /* translators: %s: names of plugins */
                __('Switch off on a live site: %s', 'owc-zijspan'),
                implode(', ', $plugins)
            )
        );
    }

    /**
     * What else can make somebody be taken for somebody else, or keeps residents from logging in.
     *
     * @return array<string, mixed>
     */
    public function logins(): array
    {
        $risks = array_values(array_filter($this->risks->all(), static fn (array $risk): bool => $risk['name'] !== 'spoof'));
        if ($risks === []) {
            return $this->result('logins', 'good', __('Who is logged in cannot be forged by a plugin', 'owc-zijspan'), '');
        }
        $isFault = in_array($risks[0]['name'], ['login', 'logout', 'twice'], true);

        return $this->result(
            'logins',
            $risks[0]['level'],
            $isFault
                ? __('Logging in is not set up completely', 'owc-zijspan')
                : __('Plugins of this site can see or claim who somebody is', 'owc-zijspan'),
            implode(' ', array_column($risks, 'text'))
        );
    }

    /** @return array<string, mixed> */
    public function errors(): array
    {
        return defined('WP_DEBUG') && WP_DEBUG && WP_DEBUG_DISPLAY && wp_get_environment_type() === 'production'
            ? $this->result(
                'errors',
                'critical',
                __('Errors are shown to visitors', 'owc-zijspan'),
                __('Error messages can hold personal data. Set WP_DEBUG_DISPLAY to false.', 'owc-zijspan')
            )
            : $this->result('errors', 'good', __('Errors are not shown to visitors', 'owc-zijspan'), '');
    }

    /** @return array<string, mixed> */
    public function sidecar(): array
    {
        $outcome = $this->sidecar->get('/v1/status');

        return $outcome instanceof Answer
            ? $this->result('sidecar', 'good', __('The sidecar answers', 'owc-zijspan'), Diagnosis::text($outcome))
            : $this->result('sidecar', 'critical', __('The sidecar cannot be used', 'owc-zijspan'), Diagnosis::text($outcome));
    }

    /** @return array<string, mixed> */
    public function sources(): array
    {
        $outcome = $this->sidecar->get('/v1/status');
        if (!$outcome instanceof Answer) {
            return $this->result(
                'sources',
                'recommended',
                __('Whether the sources work could not be checked', 'owc-zijspan'),
                Diagnosis::text($outcome)
            );
        }
        $report = StatusReport::fromWire($outcome->data());
        $bad = $report->badForLongerThan(self::PATIENCE_SECONDS);
        if ($bad === []) {
            return $this->result('sources', 'good', __('The sources of MijnOmgeving work', 'owc-zijspan'), '');
        }
        $texts = array_map(static function (SourceReport $source) use ($report): string {
            $ok = $source->lastOk();

            return trim(sprintf(
                '%s: %s%s. %s',
                $source->label,
                StatusWords::state($source->state),
                $ok === null ? '' : ' (' . sprintf(
                    /* translators: %s: a length of time, such as "2 hours ago" */
                    __('last good answer %s', 'owc-zijspan'),
                    StatusWords::ago($report->secondsAgo($ok))
                ) . ')',
                (string) StatusWords::reason($source->culprit()?->reason)
            ));
        }, $bad);

        return $this->result(
            'sources',
            'recommended',
            __('A source of MijnOmgeving has given no good answer for more than 15 minutes', 'owc-zijspan'),
            implode(' ', $texts) . ' ' . __('Residents read that a part is missing. The tab Sources of the settings of MijnOmgeving shows more.', 'owc-zijspan')
        );
    }

    /** Fetches a personal page as two strangers would, and looks at what caches made of it. */
    public function cache(): array
    {
        $paths = Plugin::instance()->personalPages()->all();
        if ($paths === []) {
            return $this->result('cache', 'good', __('There are no pages of MijnOmgeving yet', 'owc-zijspan'), '');
        }
        $parts = wp_parse_url(home_url('/'));
        $origin = $parts['scheme'] . '://' . $parts['host'] . (isset($parts['port']) ? ':' . $parts['port'] : '');
        foreach ([1, 2] as $visitor) {
            $answer = wp_remote_get($origin . $paths[0], ['timeout' => 5, 'redirection' => 2]);
            if (is_wp_error($answer)) {
                return $this->result(
                    'cache',
                    'recommended',
                    __('Whether pages are kept in caches could not be checked', 'owc-zijspan'),
                    __('This site cannot fetch its own pages.', 'owc-zijspan')
                );
            }
            $control = implode(',', (array) wp_remote_retrieve_header($answer, 'cache-control'));
            $hits = '';
            foreach (['x-cache', 'cf-cache-status', 'x-litespeed-cache', 'x-proxy-cache', 'x-cache-status'] as $name) {
                $hits .= ' ' . implode(',', (array) wp_remote_retrieve_header($answer, $name));
            }
            $age = (array) wp_remote_retrieve_header($answer, 'age');
            if (!str_contains($control, 'no-store') || preg_match('/\bhit\b/i', $hits) === 1 || max([0, ...array_map('intval', $age)]) > 0) {
                return $this->result(
                    'cache',
                    'critical',
                    __('A cache keeps pages of MijnOmgeving', 'owc-zijspan'),
                    sprintf(
                        /* translators: %s: the path of a page */
                        __('The page %s came out of a cache, or lost its "no-store" header. Exclude it in the cache: otherwise residents can see the page of somebody else.', 'owc-zijspan'),
                        $paths[0]
                    )
                );
            }
        }

        return $this->result('cache', 'good', __('No cache keeps pages of MijnOmgeving', 'owc-zijspan'), '');
    }

    /**
     * @param array<string, mixed> $information
     * @return array<string, mixed>
     */
    public function information(array $information): array
    {
        $fields = ['version' => ['label' => __('Version', 'owc-zijspan'), 'value' => Plugin::VERSION]];
        foreach (['ZIJSPAN_URL', 'ZIJSPAN_REQUEST_KEYID', 'ZIJSPAN_REQUEST_SECRET', 'ZIJSPAN_RESPONSE_KEYID', 'ZIJSPAN_RESPONSE_SECRET', 'ZIJSPAN_ADMIN_KEYID'] as $name) {
            $fields[strtolower($name)] = [
                'label' => $name,
                'value' => $this->settings->source($name) ?? __('not set', 'owc-zijspan'),
                'private' => true,
            ];
        }
        foreach (LoginSettings::IDPS as $idp) {
            $fields['login_' . $idp] = ['label' => Risks::label($idp), 'value' => (new LoginSettings())->by($idp)];
        }
        $fields['feed'] = ['label' => 'owc/idp-userdata', 'value' => (new LoginSettings())->feeds() ? 'aan' : 'uit'];
        $information['owc-zijspan'] = ['label' => 'MijnOmgeving', 'fields' => $fields];

        return $information;
    }

    /** @return array<string, mixed> */
    private function result(string $name, string $status, string $label, string $text): array
    {
        return [
            'label' => $label,
            'status' => $status,
            'badge' => ['label' => 'MijnOmgeving', 'color' => $status === 'critical' ? 'red' : 'blue'],
            'description' => '<p>' . esc_html($text === '' ? $label . '.' : $text) . '</p>',
            'actions' => '',
            'test' => self::PREFIX . $name,
        ];
    }
}
