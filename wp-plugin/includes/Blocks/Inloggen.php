<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\PageContext;
use OWC\Zijspan\Page\PageRequest;

/**
 * Logging in and out, who is logged in for whom, and a warning before the session ends. It needs no part: every answer
 * of the sidecar tells about the session.
 */
final class Inloggen implements Block
{
    public const NAME = 'inloggen';
    /** Seconds before the end at which the page warns. */
    private const WARN = 120;

    public function name(): string
    {
        return self::NAME;
    }

    public function parts(array $attributes, PageRequest $request): array
    {
        return [];
    }

    public function view(array $attributes, PartResults $results, PageContext $context): View
    {
        $session = $context->session;
        $values = [
            'level' => Message::level($attributes),
            'id' => $context->id(...),
            'contact' => Display::contact(),
            'retryUrl' => $context->retryUrl(),
        ];
        if ($session->isAnonymous()) {
            if ($context->hasOtherThan(self::NAME)) {
                // That block asks to log in already, in the same ways.
                return new View('elsewhere');
            }
            $ways = Message::ways($context, self::chosen($attributes), $session->isExpired() ? null : $this->returnTo($attributes));

            return new View($session->isExpired() ? 'expired' : 'logged-out', $values + [
                'heading' => Message::heading($attributes),
                'ways' => $ways,
                'failure' => $context->loginFailure(),
            ]);
        }
        if (!$session->isActive()) {
            return new View('unavailable', $values);
        }

        return new View('logged-in', $values + [
            'who' => $this->who($context),
            'acting' => Acting::text($session),
            'ends' => self::ends($context),
            'zone' => wp_timezone_string(),
            'action' => $context->formAction(),
            'logout' => $context->formFields('session', '', 'logout'),
            'extend' => $context->formFields('session', '', 'extend'),
            'warn' => self::WARN,
            'idle' => $session->idleExpiresIn,
            'absolute' => $session->absoluteExpiresIn,
        ]);
    }

    /**
     * The ways to log in that an editor chose.
     *
     * @param array<string, mixed> $attributes
     * @return array<string, bool>
     */
    public static function chosen(array $attributes): array
    {
        return [
            'digid' => ($attributes['digid'] ?? true) !== false,
            'eherkenning' => ($attributes['eherkenning'] ?? false) === true,
            'eidas' => ($attributes['eidas'] ?? false) === true,
        ];
    }

    public function sample(string $state): PartResults
    {
        return new PartResults();
    }

    private function who(PageContext $context): string
    {
        $session = $context->session;
        if ($session->actsForAnother || $session->onBehalfOfLabel === null) {
            return $session->onBehalfOfType === 'onderneming'
                ? __('You are logged in for an organisation.', 'owc-zijspan')
                : __('You are logged in.', 'owc-zijspan');
        }

        /* translators: %s: name of a person or an organisation */
        return sprintf(__('You are logged in as %s.', 'owc-zijspan'), Acting::inSentence($session->onBehalfOfLabel));
    }

    /**
     * When the session ends if nothing happens, and whether something can be done about it; null when that is not known.
     *
     * @return array{datetime: string, text: string, last: bool}|null
     */
    private static function ends(PageContext $context): ?array
    {
        $session = $context->session;
        if ($session->idleExpiresIn === null || $session->absoluteExpiresIn === null) {
            return null;
        }
        $end = $context->now()->modify('+' . min($session->idleExpiresIn, $session->absoluteExpiresIn) . ' seconds');

        return [
            'datetime' => $end->format('Y-m-d\TH:i:sP'),
            'text' => $end->format('H:i'),
            'last' => $session->absoluteExpiresIn <= $session->idleExpiresIn,
        ];
    }

    /**
     * The site-relative path of the page that follows a login, or null for the page itself.
     *
     * @param array<string, mixed> $attributes
     */
    private function returnTo(array $attributes): ?string
    {
        $page = (int) ($attributes['nextPage'] ?? 0);
        $link = Display::isPublished($page) ? get_permalink($page) : false;

        return is_string($link) ? wp_make_link_relative($link) : null;
    }
}
