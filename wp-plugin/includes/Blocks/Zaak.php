<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\PageContext;
use OWC\Zijspan\Page\PageRequest;

/**
 * One zaak: where it stands, its dates, decisions and documents. Which one is in the address (zs_zaak).
 */
final class Zaak implements Block
{
    public const HANDLE = 'zs_zaak';

    public function name(): string
    {
        return 'zaak';
    }

    public function parts(array $attributes, PageRequest $request): array
    {
        $handle = $request->handle(self::HANDLE);

        return $handle === null ? [] : ['zaak' => new PartRequest('zaak', ['handle' => $handle])];
    }

    public function view(array $attributes, PartResults $results, PageContext $context): View
    {
        $subject = __('this case', 'owc-zijspan');
        if ($context->session->isAnonymous()) {
            return Message::loggedOut($context, $attributes, $subject);
        }
        $overview = (int) ($attributes['overviewPage'] ?? 0);
        $overview = Display::isPublished($overview) ? $overview : Display::page('zaken');
        $back = $overview === 0 && !$context->isSample() ? null : [
            'label' => __('Back to all cases', 'owc-zijspan'),
            'url' => $context->urlOn($overview),
        ];
        if (!$results->has('zaak') && $context->request->query(self::HANDLE) === null) {
            return new View('choose', [
                'level' => Message::level($attributes),
                'id' => $context->id(...),
                'back' => $back,
            ]);
        }
        // An address that names no possible zaak is as unknown as one that names somebody else's.
        $result = !$results->has('zaak') && $context->request->handle(self::HANDLE) === null
            ? PartResult::notFound()
            : $results->get('zaak');

        return Message::instead($result, $context, $attributes, $subject, $back) ?? new View(
            'detail',
            ZaakDetail::view(
                $result,
                $context,
                Message::level($attributes),
                $back,
                static fn (string $handle): string => $context->urlWith([self::HANDLE => $handle])
            )
        );
    }

    public function sample(string $state): PartResults
    {
        return new PartResults(['zaak' => Sample::zaak($state)]);
    }
}
