<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Login\LoginSettings;
use OWC\Zijspan\Page\PageContext;

/**
 * What a block shows instead of its content. The same words mean the same thing in every block; "not yours" and "not
 * there" are one message.
 */
final class Message
{
    /**
     * The view of a block that has nothing to show for this result, or null when it has.
     *
     * @param array<string, mixed> $attributes
     * @param array{label: string, url: string}|null $back
     */
    public static function instead(
        PartResult $result,
        PageContext $context,
        array $attributes,
        string $subject,
        ?array $back = null
    ): ?View {
        return match ($result->state) {
            PartResult::OK, PartResult::PARTIAL => null,
            PartResult::LATE => self::view('late', $context, $attributes, [
                'heading' => __('This takes a little longer', 'owc-zijspan'),
                'text' => sprintf(
                    /* translators: %s: what is shown, such as "your cases" */
                    __('We are still collecting %s. Please load the page again in a moment.', 'owc-zijspan'),
                    $subject
                ),
                'loaded' => __('The information has been loaded.', 'owc-zijspan'),
                'failed' => __('It still does not work. Please load the page again later.', 'owc-zijspan'),
            ]),
            PartResult::DENIED => self::denied($result, $context, $attributes, $subject),
            PartResult::NOT_FOUND => self::view('not-found', $context, $attributes, [
                'heading' => __('We cannot find this case', 'owc-zijspan'),
                'text' => __('The case does not exist, or it is not shown to you. Check the address, or go back to the overview.', 'owc-zijspan'),
                'back' => $back,
            ]),
            default => self::view('unavailable', $context, $attributes, [
                'heading' => sprintf(
                    /* translators: %s: what is shown, such as "your cases" */
                    __('We cannot show %s right now', 'owc-zijspan'),
                    $subject
                ),
                'text' => self::whyNot($result->reason()),
                'code' => $result->code(),
            ]),
        };
    }

    /** @param array<string, mixed> $attributes */
    public static function loggedOut(PageContext $context, array $attributes, string $subject): View
    {
        if ($context->session->isExpired()) {
            return self::view('expired', $context, $attributes, [
                'heading' => __('You have been logged out', 'owc-zijspan'),
                'text' => __('You did nothing for a while, or you were logged in for a long time. To protect your data we logged you out. Log in again to continue where you were.', 'owc-zijspan'),
                'ways' => self::ways($context),
            ]);
        }

        return self::view('logged-out', $context, $attributes, [
            'heading' => self::heading($attributes) ?? __('Log in first', 'owc-zijspan'),
            'text' => sprintf(
                /* translators: %s: what is shown, such as "your cases" */
                __('Log in to see %s.', 'owc-zijspan'),
                $subject
            ),
            'ways' => self::ways($context),
            'failure' => $context->loginFailure(),
        ]);
    }

    /**
     * The ways to log in that a block offers.
     *
     * @param array<string, bool>|null $chosen by name of the identity provider; null: as the block Inloggen on the
     *     same page says
     * @return list<array{idp: string, label: string, url: string}>
     */
    public static function ways(PageContext $context, ?array $chosen = null, ?string $returnTo = null): array
    {
        $chosen ??= Inloggen::chosen($context->attributesOf(Inloggen::NAME) ?? []);
        $ways = [];
        foreach (Display::IDPS as $idp) {
            if (($chosen[$idp] ?? false) === true) {
                $ways[] = [
                    'idp' => $idp,
                    'label' => Display::loginLabel($idp),
                    'url' => $context->loginUrl($idp, $returnTo),
                ];
            }
        }

        return $ways;
    }

    /** @param array<string, mixed> $attributes */
    public static function heading(array $attributes): ?string
    {
        return Words::text($attributes['heading'] ?? null);
    }

    /** @param array<string, mixed> $attributes */
    public static function level(array $attributes): int
    {
        $level = (int) ($attributes['headingLevel'] ?? 2);

        return $level >= 1 && $level <= 4 ? $level : 2;
    }

    private static function whyNot(?string $reason): string
    {
        return match ($reason) {
            'open' => __('One of our systems is out of order for a moment. This is not your fault. Please try again in a few minutes.', 'owc-zijspan'),
            'source_off' => __('The municipality has switched this off for a while. Please try again later.', 'owc-zijspan'),
            default => __('This is not your fault. Please try again in a few minutes.', 'owc-zijspan'),
        };
    }

    private static function higherLevel(PartResult $result, PageContext $context): string
    {
        $idp = self::idpOf($context);
        $name = Levels::name($idp, $result->requiredLoa());
        if ($name === null) {
            return __('For this you have to log in in a way that gives more certainty about who you are.', 'owc-zijspan');
        }
        /* translators: %s: a level, such as "DigiD Substantieel" */
        $text = sprintf(__('For this you have to log in with %s.', 'owc-zijspan'), $name);
        $explanation = Levels::explanation($idp, $result->requiredLoa());

        return $explanation === null ? $text : $text . ' ' . $explanation;
    }

    /**
     * The way to log in again at a higher level, and to come back here. A login plugin cannot be asked for one.
     *
     * @return list<array{idp: string, label: string, url: string}>
     */
    private static function stepUp(PartResult $result, PageContext $context): array
    {
        return self::waysUp($result->requiredLoa(), $context);
    }

    /** @return list<array{idp: string, label: string, url: string}> */
    public static function waysUp(?string $level, PageContext $context): array
    {
        $idp = self::idpOf($context);
        if (($context->session->idp === null && !$context->isSample()) || (new LoginSettings())->by($idp) !== LoginSettings::SIDECAR) {
            return [];
        }
        $name = Levels::name($idp, $level);

        return [[
            'idp' => $idp,
            'label' => $name === null
                ? Display::loginLabel($idp)
                /* translators: %s: a level, such as "DigiD Substantieel" */
                : sprintf(__('Log in with %s', 'owc-zijspan'), $name),
            'url' => $context->loginUrl($idp, null, $level),
        ]];
    }

    /** With what somebody like this logs in. */
    public static function idpOf(PageContext $context): string
    {
        return $context->session->idp ?? ($context->session->onBehalfOfType === 'onderneming' ? 'eherkenning' : 'digid');
    }

    /** @param array<string, mixed> $attributes */
    private static function denied(PartResult $result, PageContext $context, array $attributes, string $subject): View
    {
        $text = match ($result->reason()) {
            'loa' => self::higherLevel($result, $context),
            'mandate' => __('Your authorisation does not cover this.', 'owc-zijspan'),
            'party' => __('The way in which you logged in does not tell us the number under which we know you. So we cannot look anything up. Please contact us.', 'owc-zijspan'),
            'module_off' => __('The municipality does not offer this online at the moment.', 'owc-zijspan'),
            'source_off' => __('The municipality has switched this off for a while. Please try again later.', 'owc-zijspan'),
            default => __('You have no access to this.', 'owc-zijspan'),
        };

        return self::view('denied', $context, $attributes, [
            'heading' => sprintf(
                /* translators: %s: what is shown, such as "your cases" */
                __('You cannot see %s here', 'owc-zijspan'),
                $subject
            ),
            'text' => $text,
            'code' => $result->code(),
            'ways' => $result->reason() === 'loa' ? self::stepUp($result, $context) : [],
        ]);
    }

    /**
     * @param array<string, mixed> $attributes
     * @param array<string, mixed> $values
     */
    private static function view(string $template, PageContext $context, array $attributes, array $values): View
    {
        return new View($template, $values + [
            'level' => self::level($attributes),
            'id' => $context->id(...),
            'retryUrl' => $context->retryUrl(),
            'contact' => Display::contact(),
            'code' => null,
            'back' => null,
            'ways' => [],
            'failure' => null,
        ]);
    }
}
