<?php

declare(strict_types=1);

namespace Zijspan\Tests\WordPress;

use OWC\Zijspan\Blocks\Words;
use OWC\Zijspan\Plugin;

/**
 * Residents read Dutch, and dates, sizes and numbers as Dutch people write them.
 */
final class TranslationsTest extends WordPressTestCase
{
    public function testEveryTextIsTranslatedAndTheFilesAreUpToDate(): void
    {
        exec('command -v msgfmt', $found, $missing);
        if ($missing !== 0) {
            self::fail('gettext is not installed: apt-get install gettext');
        }
        exec(escapeshellarg(PHP_BINARY) . ' ' . escapeshellarg(dirname(__DIR__) . '/tools/i18n.php') . ' --check 2>&1', $output, $status);
        self::assertSame(0, $status, implode("\n", $output));
    }

    public function testDatesSizesAndAmounts(): void
    {
        self::assertSame('1 maart 2026', Words::day('2026-03-01'));
        self::assertSame('31 december 2025', Words::day('2025-12-31'));
        self::assertNull(Words::day('2026-02-30'));
        self::assertNull(Words::day('gisteren'));
        self::assertNull(Words::day(20260301));
        self::assertSame("240\u{00A0}kB", Words::size(240312));
        self::assertSame("999\u{00A0}bytes", Words::size(999));
        self::assertSame("1,8\u{00A0}MB", Words::size(1834022));
        self::assertSame("1,0\u{00A0}MB", Words::size(999600));
        self::assertNull(Words::size('240'));
        self::assertSame('minstens 3', Words::amount(['value' => 3, 'at_least' => true]));
        self::assertSame('1 zaak', Words::zaken(['value' => 1, 'at_least' => false]));
        self::assertSame('1.872 zaken', Words::zaken(['value' => 1872, 'at_least' => false]));
        self::assertSame('a, b en c', Words::enumeration(['a', 'b', 'c']));
        self::assertSame(['de documenten'], Words::missing(['documenten', 'onbekend']));
    }

    public function testBlocksAreNamedInDutchForEditors(): void
    {
        $registry = \WP_Block_Type_Registry::get_instance();
        $titles = array_map(
            static fn (string $name): string => (string) $registry->get_registered('owc-zijspan/' . $name)?->title,
            array_keys(Plugin::instance()->blocks()->all())
        );
        sort($titles);
        self::assertSame(['Inloggen', 'Mijn zaken', 'Zaak'], $titles);
    }

    public function testTheEditorsScriptsAreDutch(): void
    {
        self::assertStringContainsString('Voorbeeldgegevens', (string) load_script_textdomain(
            'owc-zijspan-editor',
            'owc-zijspan',
            Plugin::instance()->folder() . '/languages'
        ));
        self::assertStringContainsString('Zaken per pagina', (string) load_script_textdomain(
            'owc-zijspan-mijn-zaken-editor-script',
            'owc-zijspan',
            Plugin::instance()->folder() . '/languages'
        ));
    }
}
