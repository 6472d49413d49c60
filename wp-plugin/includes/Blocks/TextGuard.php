<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * WordPress edits a page's text after its blocks were rendered: shortcodes run, dots and dashes become typographic,
 * ":)" becomes a picture. A zaaknummer, a file name or a text from a register must arrive as it was written, so every
 * character that those functions look for is written as a character reference.
 */
final class TextGuard
{
    private const REFERENCES = [
        '[' => '&#091;',
        ']' => '&#093;',
        '-' => '&#045;',
        '.' => '&#046;',
        "'" => '&#039;',
        '"' => '&#034;',
        '`' => '&#096;',
        '(' => '&#040;',
        ')' => '&#041;',
        ':' => '&#058;',
        '|' => '&#124;',
        '?' => '&#063;',
        '!' => '&#033;',
        '{' => '&#123;',
        '}' => '&#125;',
        'Wordpress' => 'Word&#112;ress',
    ];

    public static function protect(string $html): string
    {
        $pieces = preg_split('/(<(?:"[^"]*"|\'[^\']*\'|[^>"\'])*>)/', $html, -1, PREG_SPLIT_DELIM_CAPTURE);
        if ($pieces === false) {
            return '';
        }
        foreach ($pieces as $index => $piece) {
            $pieces[$index] = $index % 2 === 1 ? strtr($piece, ['[' => '&#091;', ']' => '&#093;']) : self::text($piece);
        }

        return implode('', $pieces);
    }

    private static function text(string $text): string
    {
        // "9x9" becomes a multiplication sign, "8O" a face.
        $text = (string) preg_replace('/(?<=[0-9])x(?=[0-9])/', '&#120;', strtr($text, self::REFERENCES));

        return (string) preg_replace('/(?<![0-9A-Za-z#&])8O(?![0-9A-Za-z])/', '8&#079;', $text);
    }
}
