<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

use OWC\Zijspan\Http\Address;
use OWC\Zijspan\Login\Detection;
use OWC\Zijspan\Login\Fragment;
use OWC\Zijspan\Login\Logins;
use OWC\Zijspan\Login\LoginSettings;
use OWC\Zijspan\Login\Risks;
use OWC\Zijspan\Sidecar\Connection;
use OWC\Zijspan\Sidecar\Diagnosis;
use OWC\Zijspan\Sidecar\Settings;
use Zijspan\Shim\Answer;

/**
 * Who logs residents in, with advice after what this site has; whether forms may read who is logged in; and logging
 * everybody out.
 */
final class LoginTab implements Tab
{
    private const MAX_URL = 500;

    /** @var list<array{type: string, text: string, lines: list<string>}> */
    private array $notices = [];

    public function __construct(
        private readonly Settings $settings,
        private readonly Connection $sidecar,
        private readonly Logins $logins
    ) {
    }

    public function label(): string
    {
        return __('Logging in', 'owc-zijspan');
    }

    public function receive(array $post, array $query): void
    {
        if (isset($post['iedereen'])) {
            $this->everybodyOut();

            return;
        }
        $bad = [];
        $option = ['feed' => isset($post['feed'])];
        foreach (LoginSettings::IDPS as $idp) {
            $way = is_array($post[$idp] ?? null) ? $post[$idp] : [];
            $by = is_string($way['by'] ?? null) ? $way['by'] : LoginSettings::SIDECAR;
            $option[$idp] = ['by' => $this->logins->find($by) === null ? LoginSettings::SIDECAR : $by];
            foreach (['login', 'logout'] as $name) {
                $url = is_string($way[$name] ?? null) ? trim($way[$name]) : '';
                $plain = str_replace(LoginSettings::PLACE, 'x', $url);
                if ($url !== '' && (strlen($url) > self::MAX_URL || Address::anywhere($plain) === null)) {
                    $bad[] = Risks::label($idp) . ': ' . mb_substr($url, 0, 80);
                    $url = '';
                }
                $option[$idp][$name] = $url;
            }
        }
        if ($bad !== []) {
            $this->notices[] = [
                'type' => 'error',
                'text' => __('Nothing was saved: this is no usable address. Use a path on this site, such as /inloggen/?terug={terug}, or https://.', 'owc-zijspan'),
                'lines' => $bad,
            ];

            return;
        }
        update_option(LoginSettings::OPTION, $option, true);
        Admin::redirect(Admin::url('inloggen', ['saved' => '1']));
    }

    public function show(array $query): void
    {
        if (($query['iedereen'] ?? null) === 'uit' && ($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'GET') {
            AdminView::show('logins-confirm', ['nonce' => Admin::nonce('inloggen'), 'back' => Admin::url('inloggen')]);

            return;
        }
        $ended = $query['uitgelogd'] ?? null;
        if (is_string($ended) && ctype_digit($ended)) {
            $this->notices[] = [
                'type' => 'success',
                'text' => sprintf(
                    /* translators: %d: number of sessions */
                    _n('Everybody is logged out: %d session has ended.', 'Everybody is logged out: %d sessions have ended.', (int) $ended, 'owc-zijspan'),
                    (int) $ended
                ),
                'lines' => [],
            ];
        }
        $detection = new Detection($this->logins);
        $advice = $detection->advice();
        $best = $detection->found()[0]['by'] ?? LoginSettings::SIDECAR;
        AdminView::show('logins', [
            'notices' => $this->notices,
            'found' => $detection->found(),
            'advice' => $advice,
            'spoofs' => Detection::spoofs(),
            'ways' => $this->ways(),
            'choices' => $this->choices(),
            'feeds' => $this->logins->settings()->feeds(),
            'toml' => Fragment::toml('digid', $advice, $best),
            'wpConfig' => Fragment::wpConfig($advice),
            'canEnd' => $this->settings->hasAdminKey(),
            'endUrl' => Admin::url('inloggen', ['iedereen' => 'uit']),
            'nonce' => Admin::nonce('inloggen'),
            'place' => LoginSettings::PLACE,
        ]);
    }

    /** @return list<array{idp: string, label: string, by: string, login: string, logout: string}> */
    private function ways(): array
    {
        $settings = $this->logins->settings();

        return array_map(static fn (string $idp): array => [
            'idp' => $idp,
            'label' => Risks::label($idp),
            'by' => $settings->by($idp),
            'login' => $settings->text($idp, 'login'),
            'logout' => $settings->text($idp, 'logout'),
        ], LoginSettings::IDPS);
    }

    /** @return array<string, string> */
    private function choices(): array
    {
        $choices = [LoginSettings::SIDECAR => __('Zijspan itself (mode rp)', 'owc-zijspan')];
        foreach ($this->logins->all() as $plugin) {
            /* translators: 1: name of a plugin, 2: "exchange" or "asserted" */
            $text = sprintf(__('%1$s (mode %2$s)', 'owc-zijspan'), $plugin->title(), $plugin->mode());
            $choices[$plugin->id()] = $plugin->isPresent()
                ? $text
                /* translators: %s: name of a plugin */
                : sprintf(__('%s, not active', 'owc-zijspan'), $text);
        }

        return $choices;
    }

    private function everybodyOut(): void
    {
        $outcome = $this->sidecar->admin('DELETE', '/v1/admin/sessions');
        $ended = $outcome->data()['ended'] ?? null;
        if ($outcome instanceof Answer && is_int($ended)) {
            Admin::redirect(Admin::url('inloggen', ['uitgelogd' => (string) $ended]));
        }
        $this->notices[] = [
            'type' => 'error',
            'text' => __('Nobody was logged out.', 'owc-zijspan') . ' ' . Diagnosis::text($outcome),
            'lines' => [],
        ];
    }
}
