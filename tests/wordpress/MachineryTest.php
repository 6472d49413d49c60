<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

/**
 * The other tests mean something only when this holds: a real WordPress, a real database, the plugin active.
 */
final class MachineryTest extends WordPressTestCase
{
    public function testWordPressIsRealAndRecentEnough(): void
    {
        self::assertTrue(version_compare($GLOBALS['wp_version'], '6.8', '>='), $GLOBALS['wp_version']);
        self::assertSame('twentytwentyfive', get_stylesheet());
        self::assertSame('nl_NL', get_locale());
    }

    public function testTheDatabaseIsSqlite(): void
    {
        self::assertSame('sqlite', DB_ENGINE);
        self::assertStringNotContainsString(ABSPATH, FQDB, 'the database lies inside the web root');
    }

    public function testThePluginIsActive(): void
    {
        self::assertTrue(is_plugin_active('owc-zijspan/owc-zijspan.php'));
    }

    public function testSecretsLieOutsideTheWebRootAndAreForTheOwnerOnly(): void
    {
        $file = dirname(ABSPATH) . '/secrets.php';
        self::assertSame(0600, fileperms($file) & 0777);
        self::assertSame(32, strlen((string) base64_decode(ZIJSPAN_REQUEST_SECRET, true)));
    }

    public function testNothingLeavesTheMachine(): void
    {
        $answer = wp_remote_get('http://www.example.org/');
        self::assertInstanceOf(\WP_Error::class, $answer);
        self::assertSame('http_request_not_executed', $answer->get_error_code());
    }

    public function testTheFirstOfTwoTestsLeavesAPage(): void
    {
        self::assertGreaterThan(0, $this->makePage('<p>tijdelijk</p>'));
        self::assertCount(1, get_posts(['post_type' => 'page', 'title' => 'Testpagina']));
    }

    // PHPUnit runs the tests of a class in the order of its file.
    public function testTheSecondDoesNotSeeIt(): void
    {
        self::assertCount(0, get_posts(['post_type' => 'page', 'title' => 'Testpagina']));
    }
}
