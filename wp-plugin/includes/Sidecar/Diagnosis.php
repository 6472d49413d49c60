<?php

declare(strict_types=1);

namespace OWC\Zijspan\Sidecar;

defined('ABSPATH') || exit;

use Zijspan\Shim\Answer;
use Zijspan\Shim\Outcome;
use Zijspan\Shim\Problem;
use Zijspan\Shim\Refused;
use Zijspan\Shim\Unreachable;

/**
 * What became of a call, in words for the administrator of the site: what is wrong and what to do.
 */
final class Diagnosis
{
    private const CLOCK_SECONDS = 30;

    /** Which step failed: "configuration", "connection", "tls", "clock", "signature", "answer", or null. */
    public static function step(Outcome $outcome): ?string
    {
        return match (true) {
            $outcome instanceof Answer => null,
            $outcome instanceof Unreachable => match ($outcome->reason) {
                'configuration' => 'configuration',
                'tls' => 'tls',
                default => 'connection',
            },
            $outcome instanceof Refused => match (true) {
                self::clockIsWrong($outcome) => 'clock',
                $outcome->reason === 'request_rejected' => 'signature',
                default => 'answer',
            },
            default => 'answer',
        };
    }

    public static function text(Outcome $outcome): string
    {
        if ($outcome instanceof Problem) {
            return sprintf(
                /* translators: 1: a sentence from the sidecar, 2: a short code */
                __('The sidecar answers: %1$s (code %2$s)', 'owc-zijspan'),
                $outcome->title() ?? $outcome->slug(),
                $outcome->code() ?? '-'
            );
        }
        if ($outcome instanceof Refused) {
            return self::refused($outcome);
        }
        if ($outcome instanceof Unreachable) {
            return match ($outcome->reason) {
                'configuration' => __('The address or the keys of the sidecar are not complete.', 'owc-zijspan'),
                'timeout' => __('The sidecar did not answer in time. Is it too busy, or are its sources slow?', 'owc-zijspan'),
                'tls' => __('The certificate of the sidecar is not trusted. Check its name and authority (ZIJSPAN_CA).', 'owc-zijspan'),
                'connect' => __('Nothing listens at the address of the sidecar. Is it running, and is ZIJSPAN_URL right?', 'owc-zijspan'),
                default => __('The connection to the sidecar broke off.', 'owc-zijspan'),
            };
        }

        return __('The sidecar answers and its signature holds.', 'owc-zijspan');
    }

    private static function refused(Refused $outcome): string
    {
        if (self::clockIsWrong($outcome)) {
            return sprintf(
                /* translators: %d: seconds */
                __('The clocks of this server and of the sidecar differ by %d seconds. Let both use NTP.', 'owc-zijspan'),
                abs((int) $outcome->serverTime - time())
            );
        }

        return match ($outcome->reason) {
            'request_rejected' => __('The sidecar does not accept our signature. Is ZIJSPAN_REQUEST_SECRET the secret of ZIJSPAN_REQUEST_KEYID there?', 'owc-zijspan'),
            'unsigned' => __('Something answers that is not the sidecar, or a proxy in between answers for it.', 'owc-zijspan'),
            'mac', 'keyid' => __('The answer is signed under another key. Are ZIJSPAN_RESPONSE_KEYID and ZIJSPAN_RESPONSE_SECRET right?', 'owc-zijspan'),
            default => sprintf(
                /* translators: %s: a short technical reason */
                __('The answer of the sidecar was changed on its way here (%s). Look at proxies in between.', 'owc-zijspan'),
                $outcome->reason
            ),
        };
    }

    private static function clockIsWrong(Refused $outcome): bool
    {
        return $outcome->reason === 'request_rejected'
            && $outcome->serverTime !== null
            && abs($outcome->serverTime - time()) > self::CLOCK_SECONDS;
    }
}
