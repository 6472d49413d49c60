<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Assets;

/**
 * Shows a notice as if it were a page of the site, in the theme that the site has: with its header, its navigation and
 * its footer, and with a status that says what it is.
 */
final class NoticePage
{
    private const ID = -1;

    public function __construct(private readonly Notice $notice, private readonly int $status)
    {
    }

    /** From template_redirect: the main query becomes this page. */
    public function takeOver(): void
    {
        global $wp_query, $post;

        $page = new \WP_Post((object) [
            'ID' => self::ID,
            'post_author' => 0,
            'post_date' => current_time('mysql'),
            'post_date_gmt' => current_time('mysql', true),
            'post_title' => esc_html($this->notice->title),
            'post_content' => $this->content(),
            'post_excerpt' => '',
            'post_status' => 'publish',
            'post_name' => 'mijn-omgeving-melding',
            'post_type' => 'page',
            'comment_status' => 'closed',
            'ping_status' => 'closed',
            'filter' => 'raw',
        ]);
        wp_cache_set(self::ID, $page, 'posts', 5);
        $wp_query->init_query_flags();
        $wp_query->is_page = true;
        $wp_query->is_singular = true;
        $wp_query->posts = [$page];
        $wp_query->post = $page;
        $wp_query->post_count = 1;
        $wp_query->found_posts = 1;
        $wp_query->current_post = -1;
        $wp_query->queried_object = $page;
        $wp_query->queried_object_id = self::ID;
        $post = $page;

        remove_action('template_redirect', 'redirect_canonical');
        remove_action('template_redirect', 'wp_shortlink_header', 11);
        remove_action('template_redirect', 'rest_output_link_header', 11);
        remove_action('wp_head', 'rel_canonical');
        remove_action('wp_head', 'wp_shortlink_wp_head', 10);
        remove_action('wp_head', 'rest_output_link_wp_head', 10);
        remove_action('wp_head', 'wp_oembed_add_discovery_links');
        add_filter('wp_robots', 'wp_robots_no_robots');
        add_filter('wp_speculation_rules_configuration', '__return_null');
        add_filter('get_edit_post_link', '__return_null');
        status_header($this->status);
    }

    private function content(): string
    {
        $html = '<p>' . esc_html($this->notice->text) . '</p>';
        if ($this->notice->code !== null) {
            $html .= '<p>' . esc_html(sprintf(
                /* translators: %s: a short code */
                __('Code to mention when you contact us: %s', 'owc-zijspan'),
                $this->notice->code
            )) . '</p>';
        }
        if ($this->notice->linkUrl !== null) {
            $html .= sprintf(
                '<p class="owc-zijspan"><a class="%s no-prefetch no-prerender" href="%s"%s>%s</a></p>',
                $this->notice->linkBeside ? 'nl-button nl-button--primary' : 'nl-link',
                esc_url($this->notice->linkUrl),
                $this->notice->linkBeside ? ' target="_blank" rel="noopener"' : '',
                esc_html((string) $this->notice->linkLabel)
            );
        }
        if ($this->notice->form !== null) {
            wp_enqueue_style(Assets::STYLE);
            $html .= RefillView::html(
                $this->notice->form,
                $this->notice->submit ?? __('Send again', 'owc-zijspan'),
                !$this->notice->linkBeside
            );
        }

        return "<!-- wp:html -->\n<div class=\"zijspan zijspan-notice\">" . $html
            . "</div>\n<!-- /wp:html -->";
    }
}
