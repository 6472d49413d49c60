<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\ConfigurationError;
use Zijspan\Shim\Key;

/**
 * Where the sidecar is and under which keys it is called; never a secret.
 */
final class ConnectionTab implements Tab
{
    /** @var list<array{label: string, state: string, text: string, ms: ?int}>|null */
    private ?array $steps = null;

    public function __construct(private readonly Settings $settings, private readonly Connection $sidecar)
    {
    }

    public function label(): string
    {
        return __('Connection', 'owc-zijspan');
    }

    public function receive(array $post, array $query): void
    {
        $this->steps = (new ConnectionTest($this->settings, $this->sidecar))->run();
    }

    public function show(array $query): void
    {
        AdminView::show('connection', [
            'rows' => [
                $this->address(),
                $this->key(__('Key for requests', 'owc-zijspan'), 'ZIJSPAN_REQUEST', $this->settings->requestKey(...)),
                $this->key(__('Key for answers', 'owc-zijspan'), 'ZIJSPAN_RESPONSE', $this->settings->responseKey(...)),
                $this->key(__('Key for administration', 'owc-zijspan'), 'ZIJSPAN_ADMIN', $this->settings->adminKey(...)),
            ],
            'steps' => $this->steps,
            'failed' => $this->steps !== null && in_array('fail', array_column($this->steps, 'state'), true),
            'nonce' => Admin::nonce('verbinding'),
        ]);
    }

    /** @return array{label: string, value: ?string, fingerprint: ?string, source: string, problem: ?string} */
    private function address(): array
    {
        try {
            $value = $this->settings->endpoint()->origin;
            $problem = null;
        } catch (ConfigurationError) {
            $value = null;
            $problem = $this->settings->source(Settings::URL) === null
                /* translators: %s: name of a constant or environment variable */
                ? sprintf(__('%s is not set.', 'owc-zijspan'), Settings::URL)
                : __('This is no usable address. Use https://, or http:// on this machine, without a path.', 'owc-zijspan');
        }

        return [
            'label' => __('Address', 'owc-zijspan'),
            'value' => $value,
            'fingerprint' => null,
            'source' => $this->source(Settings::URL),
            'problem' => $problem,
        ];
    }

    /**
     * @param \Closure(): Key $read
     * @return array{label: string, value: ?string, fingerprint: ?string, source: string, problem: ?string}
     */
    private function key(string $label, string $prefix, \Closure $read): array
    {
        $row = ['label' => $label, 'value' => null, 'fingerprint' => null, 'problem' => null];
        try {
            $key = $read();
            $row['value'] = $key->id;
            $row['fingerprint'] = $key->fingerprint();
        } catch (ConfigurationError) {
            $missing = array_values(array_filter(
                [$prefix . '_KEYID', $prefix . '_SECRET'],
                fn (string $name): bool => $this->settings->source($name) === null
            ));
            $row['problem'] = $missing !== []
                /* translators: %s: name of a constant or environment variable */
                ? sprintf(__('%s is not set.', 'owc-zijspan'), $missing[0])
                : __('This key is not right: a secret is 32 bytes in base64, and its file must be readable.', 'owc-zijspan');
        }

        return $row + ['source' => $this->source($prefix . '_SECRET')];
    }

    private function source(string $name): string
    {
        return match ($this->settings->source($name)) {
            'constant' => __('constant in wp-config.php', 'owc-zijspan'),
            'environment' => __('environment variable', 'owc-zijspan'),
            'file' => __('file on the server', 'owc-zijspan'),
            default => '–',
        };
    }
}
