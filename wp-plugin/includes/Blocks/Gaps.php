<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * What an answer lacks, in words on top of what is there: a source that is still being asked, one that failed or is
 * switched off, a list that was cut off. Nothing is left out without a word.
 */
final class Gaps
{
    /**
     * One notice per cause, as partials/partial.php shows them. "retry" is the text of a link to the page itself;
     * "loaded" and "failed" are for script that asks again.
     *
     * @return list<array{type: string, text: string, code: ?string, retry: ?string, loaded?: string, failed?: string}>
     */
    public static function notices(PartResult $result): array
    {
        $cut = self::cut($result);
        $notices = [];
        if ($result->isFetching()) {
            $notices[] = self::fetching($result);
        }
        if (self::failed($result, $cut !== null)) {
            $notices[] = self::failure($result, $cut !== null);
        }
        if ($cut !== null) {
            $notices[] = ['type' => 'info', 'text' => $cut, 'code' => null, 'retry' => null];
        }

        return $notices;
    }

    /** @return array{type: string, text: string, code: ?string, retry: ?string, loaded: string, failed: string} */
    private static function fetching(PartResult $result): array
    {
        $missing = Words::missing($result->missing());

        return [
            'type' => 'info',
            'text' => match (true) {
                // Of a list a source is late with zaken, and with nothing else.
                in_array('zaken', $result->missing(), true) => __('Some of your cases are not in yet. We are still fetching them.', 'owc-zijspan'),
                $missing === [] => __('Not everything is in yet. We are still fetching the rest.', 'owc-zijspan'),
                default => sprintf(
                    /* translators: %s: what is missing, such as "the documents and the decisions" */
                    __('Not everything is in yet. We are still fetching: %s.', 'owc-zijspan'),
                    Words::enumeration($missing)
                ),
            },
            'code' => null,
            'retry' => __('Load again', 'owc-zijspan'),
            'loaded' => __('The information has been loaded.', 'owc-zijspan'),
            'failed' => __('A part is still not in. Please load the page again later.', 'owc-zijspan'),
        ];
    }

    /** @return array{type: string, text: string, code: ?string, retry: ?string} */
    private static function failure(PartResult $result, bool $isCut): array
    {
        // A source that was not asked is one that is switched off; what is late or cut off has a notice of its own.
        $explained = !$result->hasSource('unavailable') && in_array($result->reason(), [null, 'late', 'bound'], true);
        $reason = $explained && $result->hasSource('skipped') ? 'source_off' : $result->reason();
        $isOff = $reason === 'source_off';
        $text = match ($reason) {
            'source_off' => __('Please note: the municipality has switched off a part for a while.', 'owc-zijspan'),
            'open' => __('Please note: one of our systems is out of order for a moment.', 'owc-zijspan'),
            default => __('Please note: we cannot show everything right now.', 'owc-zijspan'),
        };
        // What is still being fetched, or was cut off, is named with that.
        $named = $result->isFetching() || $isCut ? ['zaken'] : [];
        $missing = Words::missing(array_values(array_diff($result->missing(), $named)));
        if ($missing !== []) {
            /* translators: %s: what is missing, such as "the documents and the decisions" */
            $text .= ' ' . sprintf(__('Missing: %s.', 'owc-zijspan'), Words::enumeration($missing));
        } elseif ($isOff) {
            $text .= ' ' . __('Because of that you may not see everything.', 'owc-zijspan');
        }

        return [
            'type' => 'warning',
            'text' => $text,
            'code' => $isOff ? null : $result->code(),
            'retry' => $isOff ? null : __('Try again', 'owc-zijspan'),
        ];
    }

    /** Is there a cause besides waiting and cutting off? */
    private static function failed(PartResult $result, bool $isCut): bool
    {
        if (!$result->isPartial()) {
            return $result->hasSource('skipped');
        }
        $explained = [...($result->isFetching() ? [null, 'late'] : []), ...($isCut ? ['bound'] : [])];

        return $result->hasSource('unavailable') || $result->hasSource('skipped')
            || !in_array($result->reason(), $explained, true)
            || ($isCut && array_diff($result->missing(), ['zaken']) !== []);
    }

    /** A list that is longer than what is shown of it, with numbers; null when it is not. */
    private static function cut(PartResult $result): ?string
    {
        $shown = 0;
        $all = 0;
        $isCut = false;
        foreach ($result->sources as $source) {
            $count = is_int($source['count'] ?? null) ? $source['count'] : 0;
            $of = is_int($source['of'] ?? null) ? max($source['of'], $count) : $count;
            $shown += $count;
            $all += $of;
            $isCut = $isCut || $of > $count;
        }
        if ($isCut && $shown > 0) {
            return sprintf(
                /* translators: 1: number of cases that are shown, 2: number of all cases */
                __('We are showing the newest %1$s of %2$s cases. Older cases are not in this list.', 'owc-zijspan'),
                Words::count($shown),
                Words::count($all)
            );
        }
        if ($result->reason() !== 'bound' || !in_array('zaken', $result->missing(), true)) {
            return null;
        }

        return $shown === 0
            ? __('We are showing your newest cases. Older cases are not in this list.', 'owc-zijspan')
            : sprintf(
                /* translators: %s: number of cases that are shown */
                __('We are showing the newest %s cases. Older cases are not in this list.', 'owc-zijspan'),
                Words::count($shown)
            );
    }
}
