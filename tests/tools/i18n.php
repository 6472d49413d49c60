<?php

/**
 * Translations of the plugin: php tests/tools/i18n.php [--check]
 *
 * Reads the texts out of PHP, JavaScript and block.json, merges them into languages/owc-zijspan-nl_NL.po, and makes
 * the .pot, .mo, .l10n.php and one JSON per script from it. Fails when a text has no translation. With --check nothing
 * is written, and what would have been is compared with what is there. Needs gettext (Debian: apt install gettext).
 */

declare(strict_types=1);

const DOMAIN = 'owc-zijspan';
const LOCALE = 'nl_NL';

$check = in_array('--check', $argv, true);
$root = dirname(__DIR__, 2);
$plugin = $root . '/wp-plugin';
$languages = $plugin . '/languages';
$work = sys_get_temp_dir() . '/zijspan-i18n-' . getmypid();
mkdir($work);
register_shutdown_function(static function () use ($work): void {
    array_map('unlink', glob($work . '/*') ?: []);
    rmdir($work);
});

/** @param list<string> $command */
function run(array $command, string $in): string
{
    $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['pipe', 'w']], $pipes, $in, ['LC_ALL' => 'C.UTF-8'] + getenv());
    if ($process === false) {
        fail('cannot run ' . $command[0] . '; it is part of gettext');
    }
    $out = stream_get_contents($pipes[1]);
    $error = stream_get_contents($pipes[2]);
    if (proc_close($process) !== 0) {
        fail(implode(' ', $command) . "\n" . $error);
    }

    return $out . ($command[0] === 'msgmerge' ? '' : $error);
}

function fail(string $message): never
{
    fwrite(STDERR, 'i18n: ' . $message . "\n");
    exit(1);
}

/** @return list<string> paths below $folder, relative to $base */
function files(string $base, string $folder, string $extension): array
{
    $found = [];
    foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator("$base/$folder", FilesystemIterator::SKIP_DOTS)) as $file) {
        $path = substr($file->getPathname(), strlen($base) + 1);
        if (str_ends_with($path, '.' . $extension) && !str_ends_with($path, '.asset.php')) {
            $found[] = $path;
        }
    }
    sort($found);

    return $found;
}

/**
 * The messages of a compiled catalogue: "context\4singular\0plural" to "translation\0plural".
 *
 * @return array<string, string>
 */
function messages(string $mo): array
{
    $bytes = (string) file_get_contents($mo);
    $header = unpack('Vmagic/Vrevision/Vcount/Voriginals/Vtranslations', $bytes);
    $read = static function (int $table, int $index) use ($bytes): string {
        ['length' => $length, 'offset' => $offset] = unpack('Vlength/Voffset', $bytes, $table + 8 * $index);
        return substr($bytes, $offset, $length);
    };
    $messages = [];
    for ($index = 0; $index < $header['count']; $index++) {
        $messages[$read($header['originals'], $index)] = $read($header['translations'], $index);
    }

    return $messages;
}

// What block.json says, as WordPress looks it up.
$contexts = ['title' => 'block title', 'description' => 'block description', 'keywords' => 'block keyword'];
$json = "<?php\n";
foreach (glob($plugin . '/blocks/*/block.json') ?: [] as $file) {
    $block = json_decode((string) file_get_contents($file), true, 32, JSON_THROW_ON_ERROR);
    foreach ($contexts as $field => $context) {
        foreach ((array) ($block[$field] ?? []) as $text) {
            $json .= '_x(' . var_export($text, true) . ', ' . var_export($context, true) . ");\n";
        }
    }
}
file_put_contents($work . '/block-json.php', $json);

$php = ['owc-zijspan.php', ...files($plugin, 'includes', 'php'), ...files($plugin, 'templates', 'php')];
$scripts = [...files($plugin, 'assets', 'js'), ...files($plugin, 'blocks', 'js')];
$keywords = ['__:1', '_e:1', 'esc_html__:1', 'esc_html_e:1', 'esc_attr__:1', 'esc_attr_e:1', '_x:1,2c', '_ex:1,2c', 'esc_html_x:1,2c',
    'esc_attr_x:1,2c', '_n:1,2', '_nx:1,2,4c', '_n_noop:1,2'];
$flags = ['--from-code=UTF-8', '--sort-output', '--no-wrap', '--add-comments=translators', '--package-name=owc-zijspan',
    '--msgid-bugs-address=', ...array_map(static fn (string $keyword): string => '--keyword=' . $keyword, $keywords)];
run(['xgettext', '--language=PHP', ...$flags, '-o', $work . '/php.pot', ...$php], $plugin);
run(['xgettext', '--language=JavaScript', ...$flags, '-o', $work . '/js.pot', ...$scripts], $plugin);
run(['xgettext', '--language=PHP', ...$flags, '-o', $work . '/json.pot', 'block-json.php'], $work);
run(['msgcat', '--use-first', '--sort-output', '--no-wrap', '-o', $work . '/all.pot', 'php.pot', 'js.pot', 'json.pot'], $work);
// The moment of making and the line of a text would change with every commit.
$pot = (string) file_get_contents($work . '/all.pot');
$pot = (string) preg_replace('/^"POT-Creation-Date:.*\n/m', '', $pot);
$pot = (string) preg_replace_callback(
    '/^#: (.*)$/m',
    static fn (array $found): string => '#: ' . implode(' ', array_unique(preg_split('/ /', (string) preg_replace('/:\d+/', '', $found[1])))),
    $pot
);
$pot = str_replace("block-json.php", 'blocks/*/block.json', $pot);
file_put_contents($work . '/all.pot', $pot);

$po = "$languages/" . DOMAIN . '-' . LOCALE . '.po';
if (!is_file($po)) {
    run(['msginit', '--no-translator', '--locale=' . LOCALE, '--no-wrap', '-i', $work . '/all.pot', '-o', $po], $work);
}
run(['msgmerge', '--quiet', '--sort-output', '--no-wrap', '--no-fuzzy-matching', '-o', $work . '/new.po', $po, $work . '/all.pot'], $work);
run(['msgattrib', '--no-obsolete', '--no-wrap', '--sort-output', '-o', $work . '/clean.po', 'new.po'], $work);
$clean = (string) preg_replace('/^"(POT-Creation-Date|PO-Revision-Date|X-Generator):.*\n/m', '', (string) file_get_contents($work . '/clean.po'));
file_put_contents($work . '/clean.po', $clean);
if (!$check) {
    file_put_contents($po, $clean);
    file_put_contents("$languages/" . DOMAIN . '.pot', $pot);
}
$without = trim(run(['msgattrib', '--untranslated', '--no-wrap', '--no-obsolete', 'clean.po'], $work));
$fuzzy = trim(run(['msgattrib', '--only-fuzzy', '--no-wrap', '--no-obsolete', 'clean.po'], $work));
if ($without . $fuzzy !== '') {
    fail("these texts have no translation in $po:\n\n" . $without . $fuzzy);
}
run(['msgfmt', '--check-format', '--check-domain', '-o', $work . '/all.mo', 'clean.po'], $work);
$messages = messages($work . '/all.mo');
$headers = [];
foreach (explode("\n", $messages[''] ?? '') as $line) {
    if (str_contains($line, ': ')) {
        [$name, $value] = explode(': ', $line, 2);
        $headers[strtolower($name)] = $value;
    }
}
unset($messages['']);
ksort($messages);
foreach ($messages as $original => $translation) {
    preg_match_all('/%(?:\d+\$)?[sd]/', explode("\0", $original)[0], $wanted);
    preg_match_all('/%(?:\d+\$)?[sd]/', explode("\0", $translation)[0], $given);
    sort($wanted[0]);
    sort($given[0]);
    if ($wanted[0] !== $given[0]) {
        fail("the placeholders of “{$original}” and “{$translation}” differ");
    }
}

$made = [DOMAIN . '-' . LOCALE . '.mo' => (string) file_get_contents($work . '/all.mo'), DOMAIN . '-' . LOCALE . '.po' => $clean, DOMAIN . '.pot' => $pot];
$plain = [];
foreach ($messages as $original => $translation) {
    $plain[explode("\0", $original)[0]] = $translation;
}
$made[DOMAIN . '-' . LOCALE . '.l10n.php'] = "<?php\nreturn " . var_export([
    'domain' => DOMAIN,
    'plural-forms' => $headers['plural-forms'] ?? 'nplurals=2; plural=(n != 1);',
    'language' => LOCALE,
    'messages' => $plain,
], true) . ";\n";

foreach ($scripts as $script) {
    $handle = match (true) {
        $script === 'assets/editor.js' => 'owc-zijspan-editor',
        preg_match('#^blocks/([a-z-]+)/edit\.js$#', $script, $found) === 1 => "owc-zijspan-{$found[1]}-editor-script",
        default => null,
    };
    if ($handle === null) {
        continue;
    }
    run(['xgettext', '--language=JavaScript', ...$flags, '-o', $work . '/one.pot', $script], $plugin);
    run(['msgmerge', '--quiet', '--no-wrap', '--no-fuzzy-matching', '-o', $work . '/one.po', 'clean.po', 'one.pot'], $work);
    run(['msgattrib', '--no-obsolete', '-o', $work . '/one-clean.po', 'one.po'], $work);
    run(['msgfmt', '-o', $work . '/one.mo', 'one-clean.po'], $work);
    $own = ['' => ['domain' => 'messages', 'lang' => LOCALE, 'plural-forms' => $headers['plural-forms'] ?? '']];
    foreach (messages($work . '/one.mo') as $original => $translation) {
        if ($original !== '') {
            $own[explode("\0", $original)[0]] = explode("\0", $translation);
        }
    }
    ksort($own);
    $made[DOMAIN . '-' . LOCALE . '-' . $handle . '.json'] = json_encode(
        ['domain' => 'messages', 'locale_data' => ['messages' => $own]],
        JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRETTY_PRINT | JSON_THROW_ON_ERROR
    ) . "\n";
}

foreach ($made as $name => $content) {
    $file = $languages . '/' . $name;
    if (!$check) {
        file_put_contents($file, $content);
    } elseif (!is_file($file) || (!str_ends_with($name, '.mo') && file_get_contents($file) !== $content)) {
        fail("languages/$name is out of date: run php tests/tools/i18n.php");
    }
}
printf("%d texts, all translated\n", count($messages));
