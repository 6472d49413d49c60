<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Health\UnsafeRenders;
use OWC\Zijspan\Plugin;
use OWC\Zijspan\Session\Cookies;

final class PageEngineTest extends PluginTestCase
{
    public function testWithoutABlockNothingIsAskedAndNothingIsForbidden(): void
    {
        $this->logIn();
        $this->visitPage('<!-- wp:paragraph --><p>Openingstijden</p><!-- /wp:paragraph -->');
        self::assertSame([], $this->sidecar->calls);
        self::assertSame([], $this->output->headers);
    }

    public function testABlockInTheContent(): void
    {
        $this->logIn();
        $html = $this->visitPage(self::ZAKEN);
        self::assertStringContainsString('KANARIE', $html);
        self::assertSame(['POST /v1/page'], $this->sidecar->paths());
        self::assertSame(self::TOKEN, $this->sidecar->calls[0]['token']);
        self::assertTrue($this->sidecar->calls[0]['data']['touch']);
    }

    public function testAnAcceptanceSiteSaysThatItIsOne(): void
    {
        $this->logIn();
        foreach (['acceptatie' => 'Testomgeving', 'productie' => '', 'demo' => ''] as $environment => $text) {
            $this->environment = $environment;
            $this->visitPage(self::ZAKEN);
            ob_start();
            do_action('wp_body_open');
            self::assertStringContainsString($text, (string) ob_get_contents());
            self::assertSame($text === '', ob_get_clean() === '');
        }
    }

    public function testABlockInsideOtherBlocks(): void
    {
        $this->logIn();
        $html = $this->visitPage('<!-- wp:group --><div class="wp-block-group"><!-- wp:columns -->'
            . '<div class="wp-block-columns"><!-- wp:column --><div class="wp-block-column">' . self::ZAKEN
            . '</div><!-- /wp:column --></div><!-- /wp:columns --></div><!-- /wp:group -->');
        self::assertStringContainsString('KANARIE', $html);
        self::assertCount(1, $this->sidecar->calls);
    }

    public function testOneCallForContentPatternTemplatePartAndWidget(): void
    {
        $this->logIn();
        $inner = $this->makeBlock('wp_block', self::ZAAK);
        $outer = $this->makeBlock('wp_block', '<!-- wp:block {"ref":' . $inner . '} /-->');
        $this->makeHeader('<!-- wp:site-title /-->' . self::LOGIN);
        $this->makeWidget(self::ZAKEN);

        $html = $this->visitPage(self::ZAKEN . '<!-- wp:block {"ref":' . $outer . '} /-->', '?zs_zaak=handle-1');
        ob_start();
        dynamic_sidebar('zijspan-test');
        $widget = (string) ob_get_clean();

        self::assertSame(['POST /v1/page'], $this->sidecar->paths());
        self::assertStringContainsString('zijspan-inloggen', $html);
        self::assertStringContainsString('Situatie KANARIE', self::plain($html));
        self::assertStringContainsString('KANARIE', $widget);
        // The block in the content and the one in the widget ask the same: one part.
        $keys = array_map(
            static fn (array $part): string => $part['kind'] . json_encode($part['params']),
            $this->sidecar->calls[0]['data']['parts']
        );
        self::assertSame($keys, array_values(array_unique($keys)));
    }

    public function testABlockInAWidgetAlone(): void
    {
        $this->logIn();
        $this->makeWidget(self::ZAKEN);
        $this->visitPage('<!-- wp:paragraph --><p>Tekst</p><!-- /wp:paragraph -->');
        ob_start();
        dynamic_sidebar('zijspan-test');
        self::assertStringContainsString('KANARIE', (string) ob_get_clean());
        self::assertCount(1, $this->sidecar->calls);
        $this->assertNothingMayBeStored();
    }

    public function testABlockInATemplatePartOnAPageThatIsNotThere(): void
    {
        $this->logIn();
        $this->makeHeader(self::LOGIN);
        $this->visit('/deze-pagina-is-er-niet/');
        self::assertTrue(is_404());
        self::assertCount(1, $this->sidecar->calls);
        $this->assertNothingMayBeStored();
    }

    /**
     * @dataProvider states
     */
    public function testInEveryStateNothingMayBeStored(string $state): void
    {
        if ($state !== 'logged_out') {
            $this->logIn();
        }
        match ($state) {
            'unreachable' => $this->sidecar->fails = 'connect',
            'forged' => $this->sidecar->signs = false,
            'expired' => $this->sidecar->answer = static fn (): array
                => [401, ['type' => 'urn:zijspan:problem:session', 'title' => 'Verlopen.']],
            'broken' => $this->sidecar->answer = static fn (): array
                => [503, ['type' => 'urn:zijspan:problem:busy', 'title' => 'Druk.', 'code' => 'ABCD1234']],
            'ok', 'logged_out' => null,
            default => $this->allParts(['state' => $state]),
        };
        $html = $this->visitPage(self::ZAKEN . self::LOGIN);
        $this->assertNothingMayBeStored();
        self::assertStringContainsString('zijspan-mijn-zaken', $html);
        self::assertSame($state === 'ok', str_contains($html, 'Dakkapel'));
        self::assertCount($state === 'logged_out' ? 0 : 1, $this->sidecar->calls);
        self::assertSame(
            $state === 'expired' ? [Cookies::clear()] : [],
            $this->output->values('Set-Cookie')
        );
    }

    /** @return list<array{0: string}> */
    public function states(): array
    {
        return [['ok'], ['logged_out'], ['expired'], ['unreachable'], ['forged'], ['broken'], ['late'], ['denied'],
            ['unavailable'], ['not_found']];
    }

    public function testADamagedCookieIsThrownAway(): void
    {
        $this->logIn('../../etc');
        $this->visitPage(self::ZAKEN);
        self::assertSame([], $this->sidecar->calls);
        self::assertSame([Cookies::clear()], $this->output->values('Set-Cookie'));
    }

    public function testAHandleThatOpensNothingIsA404(): void
    {
        $this->logIn();
        $this->allParts(['state' => 'not_found']);
        $this->visitPage(self::ZAAK, '?zs_zaak=handle-1');
        self::assertSame(404, $this->output->status);
    }

    public function testAPageThatIsFetchedAheadDoesNotExtendTheSession(): void
    {
        $this->logIn();
        $_SERVER['HTTP_SEC_PURPOSE'] = 'prefetch;prerender';
        $this->visitPage(self::ZAKEN);
        self::assertFalse($this->sidecar->calls[0]['data']['touch']);
    }

    public function testWhereHeadersCannotBeSentNothingPersonalIsShown(): void
    {
        $this->logIn();
        $id = $this->makePage(self::ZAKEN);
        add_action('wp', $close = fn () => $this->output->open = false);
        $html = $this->visit($this->path($id));
        remove_action('wp', $close);
        self::assertStringNotContainsString('KANARIE', $html);
        self::assertStringContainsString('zijspan-mijn-zaken', $html);
        self::assertSame([], $this->sidecar->calls);
        self::assertNotNull(UnsafeRenders::last());
    }

    public function testABlockThatNobodyCouldForeseeShowsNothingPersonal(): void
    {
        $this->logIn();
        $filter = static fn (string $content): string => $content . do_blocks(self::ZAKEN);
        add_filter('the_content', $filter, 20);
        try {
            $html = $this->visitPage('<!-- wp:paragraph --><p>Tekst</p><!-- /wp:paragraph -->');
        } finally {
            remove_filter('the_content', $filter, 20);
        }
        self::assertStringContainsString('zijspan-mijn-zaken', $html);
        self::assertStringNotContainsString('KANARIE', $html);
        self::assertSame([], $this->sidecar->calls);
        self::assertSame('critical', Plugin::instance()->healthTests()->placement()['status']);
    }

    public function testThePageTellsOtherPluginsAndRobots(): void
    {
        $this->visitPage(self::ZAKEN);
        self::assertTrue(defined('DONOTCACHEPAGE') && DONOTCACHEPAGE);
        $robots = apply_filters('wp_robots', []);
        self::assertTrue($robots['noindex'] && $robots['noarchive']);
        self::assertNull(apply_filters('wp_speculation_rules_configuration', ['mode' => 'auto']));
    }

    public function testPersonalPagesAreNotFetchedAhead(): void
    {
        $pattern = $this->makeBlock('wp_block', self::ZAKEN);
        $first = $this->path($this->makePage(self::ZAKEN));
        $second = $this->path($this->makePage('<!-- wp:block {"ref":' . $pattern . '} /-->'));
        $other = $this->path($this->makePage('<p>Openingstijden</p>'));
        $paths = apply_filters('wp_speculation_rules_href_exclude_paths', [], 'prefetch');
        self::assertContains($first, $paths);
        self::assertContains($second, $paths);
        self::assertNotContains($other, $paths);
    }

    public function testTextFromARegisterArrivesAsItWasWritten(): void
    {
        $this->logIn();
        add_shortcode('zijspan_probe', static fn (): string => 'SHORTCODE-RAN');
        $text = 'Schuur 4x4 -- "nr. 9" ... [zijspan_probe] :) Wordpress 8O <b>vet</b> & it\'s';
        $this->sidecar->answer = function (string $method, string $path, array $data) use ($text): array {
            $answer = $this->answer($method, $path, $data);
            $answer[1]['parts'][0]['data']['zaken'][0]['omschrijving'] = $text;

            return $answer;
        };
        $html = $this->visitPage(self::ZAKEN);
        remove_shortcode('zijspan_probe');
        self::assertStringNotContainsString('SHORTCODE-RAN', $html);
        self::assertStringNotContainsString('<b>vet</b>', $html);
        self::assertStringContainsString($text, self::plain($html));
    }

    public function testAThemeReplacesATemplate(): void
    {
        $theme = sys_get_temp_dir() . '/zijspan-theme-' . bin2hex(random_bytes(4));
        mkdir($theme . '/owc-zijspan/mijn-zaken', 0700, true);
        $file = $theme . '/owc-zijspan/mijn-zaken/logged-out.php';
        file_put_contents($file, '<p><?php echo esc_html($context->id("x")); ?> uit het thema</p>');
        $filter = static fn (): string => $theme;
        $this->ask($this->path($this->makePage(self::ZAKEN)));
        add_filter('stylesheet_directory', $filter);
        try {
            self::assertStringContainsString('uit het thema', get_the_block_template_html());
        } finally {
            remove_filter('stylesheet_directory', $filter);
            unlink($file);
            array_map('rmdir', [dirname($file), dirname($file, 2), $theme]);
        }
    }

    /**
     * @dataProvider answersThatDoNotFit
     */
    public function testAnAnswerThatDoesNotFitTheQuestionIsUnavailable(\Closure $change): void
    {
        $this->logIn();
        $this->sidecar->answer = function (string $method, string $path, array $data) use ($change): array {
            $answer = $this->answer($method, $path, $data);
            $answer[1]['parts'] = $change($answer[1]['parts']);

            return $answer;
        };
        $html = $this->visitPage(self::ZAKEN);
        self::assertStringNotContainsString('Dakkapel', $html);
        self::assertStringContainsString('zijspan-mijn-zaken', $html);
    }

    /** @return array<string, array{0: \Closure}> */
    public function answersThatDoNotFit(): array
    {
        return [
            'other kind' => [static fn (array $parts): array => [['kind' => 'zaak'] + $parts[0]]],
            'other id' => [static fn (array $parts): array => [['id' => 'p9'] + $parts[0]]],
            'twice' => [static fn (array $parts): array => [$parts[0], $parts[0]]],
            'unknown state' => [static fn (array $parts): array => [['state' => 'fine'] + $parts[0]]],
            'data in a state without' => [static fn (array $parts): array => [['state' => 'denied'] + $parts[0]]],
            'no list' => [static fn (array $parts): string => 'x'],
            'nothing' => [static fn (array $parts): array => []],
        ];
    }

    public function testAFilterOnIdentityHasNoEffect(): void
    {
        $spoof = static fn (): array => ['bsn' => '999990019'];
        foreach (['owc_idp_userdata', 'owc_digid_userdata', 'owc_digid_is_logged_in', 'owc_idp_is_logged_in'] as $name) {
            add_filter($name, $spoof, 999);
        }
        $html = $this->visitPage(self::ZAKEN);
        self::assertSame([], $this->sidecar->calls);
        self::assertStringNotContainsString('KANARIE', $html);
        $this->logIn();
        $this->visitPage(self::ZAKEN);
        self::assertStringNotContainsString('999990019', (string) $this->sidecar->calls[0]['request']->body);
        foreach (['owc_idp_userdata', 'owc_digid_userdata', 'owc_digid_is_logged_in', 'owc_idp_is_logged_in'] as $name) {
            remove_filter($name, $spoof, 999);
        }
    }

    public function testWordPressItsHttpFunctionsAreNotUsed(): void
    {
        $seen = [];
        $spy = static function (mixed $given, array $arguments, string $url) use (&$seen): mixed {
            $seen[] = $url;

            return $given;
        };
        add_filter('pre_http_request', $spy, 10, 3);
        $this->logIn();
        $this->visitPage(self::ZAKEN);
        remove_filter('pre_http_request', $spy, 10);
        self::assertSame([], $seen);
    }

    public function testNothingPersonalIsInTheDatabase(): void
    {
        $this->logIn();
        $this->visitPage(self::ZAKEN . self::ZAAK . self::LOGIN, '?zs_zaak=handle-1');
        global $wpdb;
        foreach (['options' => 'option_value', 'posts' => 'post_content', 'postmeta' => 'meta_value'] as $table => $column) {
            $sql = "SELECT COUNT(*) FROM {$wpdb->$table} WHERE {$column} LIKE %s";
            foreach ([self::CANARY, self::TOKEN, 'handle-1'] as $needle) {
                self::assertSame('0', $wpdb->get_var($wpdb->prepare($sql, '%' . $needle . '%')), $table . $needle);
            }
        }
    }

    public static function plain(string $html): string
    {
        return html_entity_decode($html, ENT_QUOTES | ENT_HTML5);
    }

    private function assertNothingMayBeStored(): void
    {
        foreach (
            [
                'Cache-Control' => '/(?=.*private)(?=.*no-store)/', 'Vary' => '/^Cookie$/',
                'Surrogate-Control' => '/^no-store$/', 'CDN-Cache-Control' => '/^no-store$/',
                'X-LiteSpeed-Cache-Control' => '/^no-cache$/', 'X-Accel-Expires' => '/^0$/',
                'Referrer-Policy' => '/^same-origin$/', 'X-Robots-Tag' => '/(?=.*noindex)(?=.*noarchive)/',
            ] as $name => $pattern
        ) {
            $values = $this->output->values($name);
            self::assertMatchesRegularExpression($pattern, $values[0] ?? '', $name);
        }
    }

    private function makeBlock(string $type, string $content): int
    {
        return (int) wp_insert_post([
            'post_type' => $type,
            'post_status' => 'publish',
            'post_title' => 'Patroon',
            'post_content' => wp_slash($content),
        ]);
    }

    private function makeHeader(string $content): void
    {
        $id = (int) wp_insert_post([
            'post_type' => 'wp_template_part',
            'post_status' => 'publish',
            'post_name' => 'header',
            'post_title' => 'Header',
            'post_content' => wp_slash($content),
        ]);
        wp_set_object_terms($id, get_stylesheet(), 'wp_theme');
        wp_set_object_terms($id, 'header', 'wp_template_part_area');
    }

    private function makeWidget(string $content): void
    {
        register_sidebar(['id' => 'zijspan-test', 'name' => 'Test']);
        update_option('widget_block', [7 => ['content' => $content], '_multiwidget' => 1]);
        wp_set_sidebars_widgets(['zijspan-test' => ['block-7']]);
        $GLOBALS['wp_widget_factory']->widgets['WP_Widget_Block']->_register();
    }
}
