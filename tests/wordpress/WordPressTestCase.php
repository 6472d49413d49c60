<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use PHPUnit\Framework\TestCase;

/**
 * What a test changes in the database is rolled back after it, and what it did to the request is forgotten.
 */
abstract class WordPressTestCase extends TestCase
{
    /** @var array<string, array<mixed>> */
    private array $superglobals = [];

    protected function setUp(): void
    {
        parent::setUp();
        $this->superglobals = ['get' => $_GET, 'post' => $_POST, 'cookie' => $_COOKIE, 'server' => $_SERVER];
        $GLOBALS['wpdb']->query('START TRANSACTION');
    }

    protected function tearDown(): void
    {
        $GLOBALS['wpdb']->query('ROLLBACK');
        wp_cache_flush();
        wp_set_current_user(0);
        ['get' => $_GET, 'post' => $_POST, 'cookie' => $_COOKIE, 'server' => $_SERVER] = $this->superglobals;
        $_REQUEST = array_merge($_GET, $_POST);
        parent::tearDown();
    }

    protected function makePage(string $content, string $status = 'publish'): int
    {
        return (int) wp_insert_post([
            'post_type' => 'page',
            'post_status' => $status,
            'post_title' => 'Testpagina',
            'post_content' => wp_slash($content),
        ]);
    }
}
