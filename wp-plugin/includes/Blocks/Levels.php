<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * Levels of assurance as residents know them.
 */
final class Levels
{
    /** "DigiD Substantieel", or null for a level that has no name there. */
    public static function name(string $idp, ?string $level): ?string
    {
        return match ($idp . ' ' . ($level ?? '')) {
            'digid low' => 'DigiD Basis',
            'digid middle' => 'DigiD Midden',
            'digid substantial' => 'DigiD Substantieel',
            'digid high' => 'DigiD Hoog',
            'eherkenning low' => __('eHerkenning level 2', 'owc-zijspan'),
            'eherkenning middle' => __('eHerkenning level 2+', 'owc-zijspan'),
            'eherkenning substantial' => __('eHerkenning level 3', 'owc-zijspan'),
            'eherkenning high' => __('eHerkenning level 4', 'owc-zijspan'),
            default => null,
        };
    }

    /** What that is, in a sentence; null where the name says it. */
    public static function explanation(string $idp, ?string $level): ?string
    {
        return match ($idp . ' ' . ($level ?? '')) {
            'digid middle' => __('That is logging in with the DigiD app or with a text message.', 'owc-zijspan'),
            'digid substantial' => __('That is the DigiD app, in which you have checked your identity document once.', 'owc-zijspan'),
            'digid high' => __('That is the DigiD app together with your identity card or driving licence.', 'owc-zijspan'),
            default => null,
        };
    }
}
