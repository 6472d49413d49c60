<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\SessionInfo;

/**
 * For whom a resident acts, in one sentence. It stands on every block, in every state: what is shown, what is done and
 * what is missing is about that party.
 */
final class Acting
{
    /** Null when somebody acts for nobody but themselves. */
    public static function text(SessionInfo $session): ?string
    {
        if (!$session->actsForAnother || $session->isAnonymous()) {
            return null;
        }
        $text = $session->onBehalfOfLabel === null
            ? __('You are viewing the data of somebody else.', 'owc-zijspan')
            /* translators: %s: name of a person or an organisation */
            : sprintf(__('You are viewing the data of %s.', 'owc-zijspan'), self::inSentence($session->onBehalfOfLabel));

        return $session->mandateIsLimited
            ? $text . ' ' . __('Your authorisation covers a part of it; you see nothing else.', 'owc-zijspan')
            : $text;
    }

    /** A name at the end of a sentence: “… B.V.” brings the full stop along. */
    public static function inSentence(string $label): string
    {
        return rtrim($label, '.');
    }
}
