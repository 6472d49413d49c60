<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * How dates, sizes and amounts are written for residents: "1 maart 2026", "240 kB", "minstens 3". The names of months
 * are our own, because a site may run without WordPress's language packs.
 */
final class Words
{
    /** "1 maart 2026", or null for what is no day. */
    public static function day(mixed $day): ?string
    {
        if (!is_string($day) || preg_match('/^(\d{4})-(\d{2})-(\d{2})$/D', $day, $found) !== 1) {
            return null;
        }
        [$year, $month, $date] = [(int) $found[1], (int) $found[2], (int) $found[3]];
        if (!checkdate($month, $date, $year)) {
            return null;
        }

        /* translators: 1: day of the month, 2: name of the month, 3: year */
        return sprintf(__('%2$s %1$d, %3$d', 'owc-zijspan'), $date, self::month($month), $year);
    }

    /**
     * A day as templates want it, or null.
     *
     * @return array{datetime: string, text: string}|null
     */
    public static function date(mixed $day): ?array
    {
        $text = self::day($day);

        return $text === null ? null : ['datetime' => $day, 'text' => $text];
    }

    /** Is this a day before today? An expectation that did not come true is told as one. */
    public static function isPast(mixed $day, \DateTimeImmutable $now): bool
    {
        return self::day($day) !== null && $day < $now->format('Y-m-d');
    }

    /** "240 kB", as file managers count: a thousand bytes. A line never ends between the number and its unit. */
    public static function size(mixed $bytes): ?string
    {
        return is_int($bytes) && $bytes >= 0 ? str_replace(' ', "\u{00A0}", self::sizeText($bytes)) : null;
    }

    /**
     * An amount that may be a lower bound: "25", or "minstens 25".
     *
     * @param mixed $amount {"value", "at_least"}
     */
    public static function amount(mixed $amount): ?string
    {
        if (!is_array($amount) || !is_int($amount['value'] ?? null)) {
            return null;
        }
        if ($amount['value'] === 0 && ($amount['at_least'] ?? false) === true) {
            // Nothing came in yet: that is no amount.
            return null;
        }
        $value = self::count($amount['value']);
        if (($amount['at_least'] ?? false) === true) {
            /* translators: %s: a number that may in truth be higher */
            return sprintf(__('at least %s', 'owc-zijspan'), $value);
        }

        return $value;
    }

    /** "1.872" */
    public static function count(int $value): string
    {
        return self::number($value, 0);
    }

    /** "25 zaken", "minstens 25 zaken", "1 zaak". */
    public static function zaken(mixed $amount): ?string
    {
        $number = self::amount($amount);
        if ($number === null) {
            return null;
        }

        /* translators: %s: number of cases, such as "25" or "at least 25" */
        return sprintf(_n('%s case', '%s cases', (int) $amount['value'], 'owc-zijspan'), $number);
    }

    /**
     * What a part lacks, in words for residents and without what we have no word for.
     *
     * @param list<string> $missing
     * @return list<string>
     */
    public static function missing(array $missing): array
    {
        $words = [
            'zaken' => __('some of your cases', 'owc-zijspan'),
            'status' => __('the current status', 'owc-zijspan'),
            'stappen' => __('the steps', 'owc-zijspan'),
            'documenten' => __('the documents', 'owc-zijspan'),
            'besluiten' => __('the decisions', 'owc-zijspan'),
            'resultaat' => __('the outcome', 'owc-zijspan'),
            'aanvraag' => __('the application you sent in', 'owc-zijspan'),
            'deelzaken' => __('the cases that belong to this one', 'owc-zijspan'),
        ];

        return array_values(array_intersect_key($words, array_flip($missing)));
    }

    /** "a, b en c" */
    public static function enumeration(array $words): string
    {
        $last = array_pop($words);
        if ($words === []) {
            return (string) $last;
        }

        /* translators: 1: words separated by commas, 2: the last word */
        return sprintf(__('%1$s and %2$s', 'owc-zijspan'), implode(', ', $words), $last);
    }

    /** "U bent aan zet", or null where nothing is claimed. */
    public static function turn(mixed $beurt): ?string
    {
        return match ($beurt) {
            'inwoner' => __('It is your turn', 'owc-zijspan'),
            'gemeente' => __('It is the municipality’s turn', 'owc-zijspan'),
            'ander' => __('We are waiting for someone else', 'owc-zijspan'),
            default => null,
        };
    }

    /** Text, or null for what is empty or no text. */
    public static function text(mixed $value): ?string
    {
        return is_string($value) && trim($value) !== '' ? trim($value) : null;
    }

    private static function sizeText(int $bytes): string
    {
        if ($bytes < 1000) {
            /* translators: %d: number of bytes */
            return sprintf(_n('%d byte', '%d bytes', $bytes, 'owc-zijspan'), $bytes);
        }
        if ($bytes < 999500) {
            /* translators: %s: number of kilobytes */
            return sprintf(__('%s kB', 'owc-zijspan'), self::number(round($bytes / 1000), 0));
        }
        if ($bytes < 999500000) {
            /* translators: %s: number of megabytes */
            return sprintf(__('%s MB', 'owc-zijspan'), self::number($bytes / 1000000, 1));
        }

        /* translators: %s: number of gigabytes */
        return sprintf(__('%s GB', 'owc-zijspan'), self::number($bytes / 1000000000, 1));
    }

    private static function number(int|float $value, int $decimals): string
    {
        $text = number_format(
            (float) $value,
            $decimals,
            _x('.', 'decimal separator', 'owc-zijspan'),
            _x(',', 'thousands separator', 'owc-zijspan')
        );

        return $text;
    }

    private static function month(int $month): string
    {
        return match ($month) {
            1 => _x('January', 'month in a date', 'owc-zijspan'),
            2 => _x('February', 'month in a date', 'owc-zijspan'),
            3 => _x('March', 'month in a date', 'owc-zijspan'),
            4 => _x('April', 'month in a date', 'owc-zijspan'),
            5 => _x('May', 'month in a date', 'owc-zijspan'),
            6 => _x('June', 'month in a date', 'owc-zijspan'),
            7 => _x('July', 'month in a date', 'owc-zijspan'),
            8 => _x('August', 'month in a date', 'owc-zijspan'),
            9 => _x('September', 'month in a date', 'owc-zijspan'),
            10 => _x('October', 'month in a date', 'owc-zijspan'),
            11 => _x('November', 'month in a date', 'owc-zijspan'),
            default => _x('December', 'month in a date', 'owc-zijspan'),
        };
    }
}
