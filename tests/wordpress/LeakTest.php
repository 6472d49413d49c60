<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

/**
 * WordPress renders blocks in many places. A resident's data is on the page that the resident asked for, only.
 */
final class LeakTest extends PluginTestCase
{
    private int $page;

    protected function setUp(): void
    {
        parent::setUp();
        $this->logIn();
        $this->page = $this->makePage('<!-- wp:paragraph --><p>Inleiding</p><!-- /wp:paragraph -->' . self::ZAKEN . self::LOGIN);
    }

    public function testTheRestApiRendersNothing(): void
    {
        foreach (['/wp/v2/pages/' . $this->page, '/wp/v2/pages', '/wp/v2/search'] as $route) {
            $response = rest_do_request(new \WP_REST_Request('GET', $route));
            $data = (string) wp_json_encode(rest_get_server()->response_to_data($response, true));
            self::assertSame(200, $response->get_status());
            $this->assertClean($data);
        }
        self::assertStringContainsString('Inleiding', (string) wp_json_encode(
            rest_do_request(new \WP_REST_Request('GET', '/wp/v2/pages/' . $this->page))->get_data()
        ));
    }

    public function testAnEditorInTheRestApiSeesNothingEither(): void
    {
        wp_set_current_user(1);
        $request = new \WP_REST_Request('GET', '/wp/v2/pages/' . $this->page);
        $request->set_param('context', 'edit');
        $this->assertClean((string) wp_json_encode(rest_do_request($request)->get_data()));
    }

    public function testTheRestApiAfterThePageWasShownStillRendersNothing(): void
    {
        self::assertStringContainsString('KANARIE', $this->visit($this->path($this->page)));
        $data = rest_do_request(new \WP_REST_Request('GET', '/wp/v2/pages/' . $this->page))->get_data();
        self::assertStringNotContainsString('KANARIE', (string) wp_json_encode($data));
    }

    public function testAFeedHoldsNothing(): void
    {
        $this->ask('/?feed=rss2&page_id=' . $this->page);
        self::assertTrue(is_feed());
        $GLOBALS['post'] = get_post($this->page);
        setup_postdata($GLOBALS['post']);
        $feed = get_the_content_feed('rss2') . get_the_excerpt($this->page);
        $this->assertClean($feed);
        self::assertStringContainsString('Inleiding', $feed);
        self::assertStringNotContainsString('zijspan', $feed);
    }

    public function testSearchResultsHoldNothing(): void
    {
        $this->assertClean($this->visit('/?s=Inleiding'));
    }

    public function testAListOfPagesHoldsNothing(): void
    {
        wp_update_post(['ID' => $this->page, 'post_type' => 'post']);
        $this->assertClean($this->visit('/?post_type=post'));
    }

    public function testAnotherPagesContentWithinAPageHoldsNothing(): void
    {
        // The list of pages that a Query block makes shows whole texts of other pages.
        $query = '<!-- wp:query {"queryId":1,"query":{"perPage":10,"postType":"page","inherit":false}} -->'
            . '<div class="wp-block-query"><!-- wp:post-template --><!-- wp:post-content /--><!-- /wp:post-template -->'
            . '</div><!-- /wp:query -->';
        $html = $this->visitPage($query);
        self::assertStringContainsString('Inleiding', $html);
        $this->assertClean($html);

        $html = $this->visitPage($query . self::ZAAK);
        self::assertStringContainsString('zijspan-zaak', $html);
        self::assertStringNotContainsString('zijspan-mijn-zaken', $html);
    }

    public function testAnExcerptAndTheHeadHoldNothing(): void
    {
        self::assertStringContainsString('KANARIE', $this->visit($this->path($this->page)));
        $excerpt = get_the_excerpt($this->page);
        $head = '';
        $probe = static function () use (&$head): void {
            $head .= do_blocks(self::ZAKEN);
        };
        add_action('wp_head', $probe);
        ob_start();
        do_action('wp_head');
        $head .= (string) ob_get_clean();
        remove_action('wp_head', $probe);
        self::assertStringNotContainsString('KANARIE', $excerpt . $head);
    }

    public function testAnEmbedHoldsNothing(): void
    {
        $response = rest_do_request($this->request('/oembed/1.0/embed', ['url' => get_permalink($this->page)]));
        $this->assertClean((string) wp_json_encode($response->get_data()));
        $this->ask($this->path($this->page) . 'embed/');
        $this->assertClean((string) apply_filters('the_content', get_post($this->page)->post_content));
    }

    public function testAPageBehindAPasswordIsNotAsked(): void
    {
        wp_update_post(['ID' => $this->page, 'post_password' => 'geheim']);
        $this->assertClean($this->visit($this->path($this->page)));
    }

    public function testTheEditorShowsSampleDataOnly(): void
    {
        wp_set_current_user(1);
        $request = $this->request('/wp/v2/block-renderer/owc-zijspan/mijn-zaken', ['context' => 'edit']);
        $response = rest_do_request($request);
        self::assertSame(200, $response->get_status());
        self::assertStringContainsString('zijspan-mijn-zaken', $response->get_data()['rendered']);
        $this->assertClean($response->get_data()['rendered']);
    }

    /**
     * @dataProvider sampleStates
     */
    public function testTheEditorShowsEveryState(string $state): void
    {
        wp_set_current_user(1);
        $_GET['zijspan_sample'] = $state;
        foreach (['mijn-zaken', 'zaak', 'inloggen'] as $block) {
            $request = $this->request('/wp/v2/block-renderer/owc-zijspan/' . $block, ['context' => 'edit']);
            $html = rest_do_request($request)->get_data()['rendered'];
            $this->assertClean($html);
            self::assertStringContainsString('zijspan-' . $block, $html);
        }
    }

    /** @return list<array{0: string}> */
    public function sampleStates(): array
    {
        return [['vol'], ['leeg'], ['veel'], ['fout'], ['gedeeltelijk'], ['traag'], ['niet_gevonden'], ['uitgelogd'],
            ['verlopen'], ['iets_anders']];
    }

    public function testAVisitorCannotUseTheEditorsRoute(): void
    {
        $request = $this->request('/wp/v2/block-renderer/owc-zijspan/mijn-zaken', ['context' => 'edit']);
        $response = rest_do_request($request);
        self::assertSame(401, $response->get_status());
        $this->assertClean((string) wp_json_encode($response->get_data()));
    }

    public function testAPreviewShowsSampleData(): void
    {
        wp_set_current_user(1);
        $html = $this->visit($this->path($this->page) . '?preview=true');
        self::assertTrue(is_preview());
        $this->assertClean($html);
    }

    public function testOutsideOfAnyPageNothingIsRendered(): void
    {
        $this->assertClean(apply_filters('the_content', get_post($this->page)->post_content));
    }

    /** @param array<string, mixed> $parameters */
    private function request(string $route, array $parameters): \WP_REST_Request
    {
        $request = new \WP_REST_Request('GET', $route);
        foreach ($parameters as $name => $value) {
            $request->set_param($name, $value);
        }

        return $request;
    }

    private function assertClean(string $text): void
    {
        self::assertStringNotContainsString('KANARIE', PageEngineTest::plain($text));
        self::assertSame([], $this->sidecar->calls);
    }
}
