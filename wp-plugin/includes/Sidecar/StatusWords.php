<?php

declare(strict_types=1);

namespace OWC\Zijspan\Sidecar;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Words;

/**
 * How sources do, in words for who manages the site.
 */
final class StatusWords
{
    public static function state(string $state): string
    {
        return match ($state) {
            StatusReport::OK => __('Works', 'owc-zijspan'),
            StatusReport::FAILING => __('Does not work', 'owc-zijspan'),
            StatusReport::SKIPPED => __('Skipped for a while', 'owc-zijspan'),
            StatusReport::OFF => __('Switched off', 'owc-zijspan'),
            default => __('Not asked yet', 'owc-zijspan'),
        };
    }

    /** The parts of a ZGW source by their names; another name is shown as it is. */
    public static function component(string $component): string
    {
        return match ($component) {
            'zaken' => 'Zaken',
            'catalogi' => __('Catalogue (zaaktypen)', 'owc-zijspan'),
            'documenten' => 'Documenten',
            'besluiten' => 'Besluiten',
            'betrokkenen' => __('Persons by address (betrokkenen)', 'owc-zijspan'),
            default => $component,
        };
    }

    /** What went wrong, and what to look at. */
    public static function reason(?string $reason): ?string
    {
        return match ($reason) {
            null => null,
            'connect' => __('The source cannot be reached. Check its address, the firewall and the certificate.', 'owc-zijspan'),
            'timeout', 'late' => __('The source does not answer in time. Is it busy, or is the network slow?', 'owc-zijspan'),
            'busy' => __('The source says that it is too busy. Usually that passes by itself.', 'owc-zijspan'),
            'server' => __('The source has a fault of its own. Report it to the vendor.', 'owc-zijspan'),
            'credentials' => __('The source refuses our key. Check client_id, secret and the clocks of both servers.', 'owc-zijspan'),
            'forbidden' => __('The source knows us, but gives no rights. Give this client the right to read.', 'owc-zijspan'),
            'not_found' => __('The source has no such address. Check base_url.', 'owc-zijspan'),
            'rejected' => __('The source does not understand the question. Check base_url and the version of the API.', 'owc-zijspan'),
            'redirect' => __('The source sends us on to another address. Put the right address in base_url.', 'owc-zijspan'),
            'garbled' => __('The answer is not that of this API. Check base_url.', 'owc-zijspan'),
            'filter_ignored' => __('The source ignores a filter and gives the data of others. Nothing of it is shown. Report it to the vendor.', 'owc-zijspan'),
            'open' => __('The source failed so often that it is not asked for a while. It is tried again by itself.', 'owc-zijspan'),
            default => sprintf(
                /* translators: %s: a short technical reason */
                __('The reason is “%s”; docs/problems.md explains it.', 'owc-zijspan'),
                $reason
            ),
        };
    }

    /** "meestal 47 ms, soms 120 ms", or null when nothing was measured. */
    public static function speed(?int $median, ?int $p95): ?string
    {
        if ($median === null) {
            return null;
        }
        $text = $p95 === null || $p95 <= $median
            /* translators: %s: milliseconds */
            ? sprintf(__('usually %s ms', 'owc-zijspan'), Words::count($median))
            /* translators: 1: milliseconds, 2: milliseconds */
            : sprintf(__('usually %1$s ms, sometimes %2$s ms', 'owc-zijspan'), Words::count($median), Words::count($p95));

        return str_replace(' ms', "\u{00A0}ms", $text);
    }

    /** "2 minuten geleden" */
    public static function ago(int $seconds): string
    {
        return match (true) {
            $seconds < 60 => __('less than a minute ago', 'owc-zijspan'),
            /* translators: %d: number of minutes */
            $seconds < 3600 => sprintf(_n('%d minute ago', '%d minutes ago', intdiv($seconds, 60), 'owc-zijspan'), intdiv($seconds, 60)),
            /* translators: %d: number of hours */
            $seconds < 86400 => sprintf(_n('%d hour ago', '%d hours ago', intdiv($seconds, 3600), 'owc-zijspan'), intdiv($seconds, 3600)),
            /* translators: %d: number of days */
            default => sprintf(_n('%d day ago', '%d days ago', intdiv($seconds, 86400), 'owc-zijspan'), intdiv($seconds, 86400)),
        };
    }

    /**
     * A moment in the time zone of the site, as templates want it, or null.
     *
     * @return array{datetime: string, text: string, ago: string}|null
     */
    public static function moment(?\DateTimeImmutable $moment, StatusReport $report): ?array
    {
        if ($moment === null) {
            return null;
        }
        $local = $moment->setTimezone(wp_timezone());

        return [
            'datetime' => $moment->setTimezone(new \DateTimeZone('UTC'))->format('Y-m-d\TH:i:s\Z'),
            'text' => sprintf(
                /* translators: 1: a day, such as "24 november 2026", 2: a time, such as "14:05" */
                _x('%1$s, %2$s', 'day and time', 'owc-zijspan'),
                (string) Words::day($local->format('Y-m-d')),
                $local->format('H:i')
            ),
            'ago' => self::ago($report->secondsAgo($moment)),
        ];
    }
}
