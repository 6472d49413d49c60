<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\PageContext;
use OWC\Zijspan\Page\PageRequest;

/**
 * The overview of somebody's zaken: cards for up to ten, a table with search and filters for more. Without a detail
 * page it shows a chosen zaak (zs_zaak) itself.
 */
final class MijnZaken implements Block
{
    private const STATUSES = ['open', 'closed', 'all'];
    private const FEW = 10;
    private const MAX_QUERY = 100;

    public function name(): string
    {
        return 'mijn-zaken';
    }

    public function parts(array $attributes, PageRequest $request): array
    {
        $handle = $this->ownDetail($attributes, $request);
        if ($handle !== null) {
            return ['zaak' => new PartRequest('zaak', ['handle' => $handle])];
        }

        return ['zaken' => new PartRequest('zaken', [
            'status' => $this->status($attributes, $request),
            'q' => $request->query('zs_zoek', self::MAX_QUERY),
            'zaaktype' => $request->query('zs_soort'),
            'year' => $request->number('zs_jaar', 1900, 2200),
            'page_size' => max(1, min(100, (int) ($attributes['pageSize'] ?? 20))),
            'cursor' => $request->query($this->cursorName($attributes), 1024),
        ])];
    }

    public function view(array $attributes, PartResults $results, PageContext $context): View
    {
        $subject = __('your cases', 'owc-zijspan');
        if ($context->session->isAnonymous()) {
            return Message::loggedOut($context, $attributes, $subject);
        }
        $handle = $this->ownDetail($attributes, $context->request);
        if ($handle !== null && !$context->isSample()) {
            $back = ['label' => __('Back to all cases', 'owc-zijspan'), 'url' => $context->pageUrl()];
            $result = $results->get('zaak');

            return Message::instead($result, $context, $attributes, __('this case', 'owc-zijspan'), $back) ?? new View(
                'detail',
                ZaakDetail::view(
                    $result,
                    $context,
                    Message::level($attributes),
                    $back,
                    static fn (string $other): string => $context->urlWith([Zaak::HANDLE => $other])
                )
            );
        }
        $result = $results->get('zaken');

        return Message::instead($result, $context, $attributes, $subject)
            ?? new View('list', $this->overview($attributes, $result, $context));
    }

    public function sample(string $state): PartResults
    {
        return new PartResults(['zaken' => Sample::zaken($state)]);
    }

    /**
     * @param array<string, mixed> $attributes
     * @return array<string, mixed>
     */
    private function overview(array $attributes, PartResult $result, PageContext $context): array
    {
        $data = $this->counted($result);
        $request = $context->request;
        $fixed = $this->fixedStatus($attributes);
        $status = $this->status($attributes, $request);
        $filter = [
            'zs_zoek' => $request->query('zs_zoek', self::MAX_QUERY),
            'zs_soort' => $request->query('zs_soort'),
            'zs_jaar' => $request->number('zs_jaar', 1900, 2200),
        ];
        $filtered = array_filter($filter, static fn ($value): bool => $value !== null) !== [];
        $statusQuery = $fixed === null && $status !== 'open' ? ['zs_status' => $status] : [];
        $many = $this->isMany($data, $fixed) || $filtered;
        $none = $this->isNone($data);
        $items = array_map(
            fn (array $zaak): array => $this->item($zaak, $attributes, $context),
            array_values(array_filter((array) ($data['zaken'] ?? []), 'is_array'))
        );

        return [
            'level' => Message::level($attributes),
            'id' => $context->id(...),
            'heading' => Message::heading($attributes),
            'choices' => $fixed === null && !$none ? $this->choices($data, $status, $context) : [],
            'status' => $status,
            'items' => $items,
            'table' => $many && count($items) > 0,
            'count' => Words::zaken($data['total'] ?? null),
            'empty' => $this->emptyText($none && $fixed === null ? 'all' : $status, $filtered),
            'filter' => $many ? $this->filter($data, $filter, $fixed, $status, $context) : null,
            'filtered' => $filtered,
            'clearUrl' => $context->urlWith($statusQuery),
            'previousUrl' => $this->cursorUrl($data['previous'] ?? null, $attributes, $filter + $statusQuery, $context),
            'nextUrl' => $this->cursorUrl($data['next'] ?? null, $attributes, $filter + $statusQuery, $context),
            'gaps' => Gaps::notices($result),
            'higher' => $this->higher($data['needs_loa'] ?? null, $context),
            'retryUrl' => $context->retryUrl(),
            'contact' => Display::contact(),
        ];
    }

    /**
     * What a login of a higher level shows more, and the way there.
     *
     * @return array{text: string, ways: list<array{idp: string, label: string, url: string}>}|null
     */
    private function higher(mixed $needs, PageContext $context): ?array
    {
        $level = is_array($needs) ? Words::text($needs['required_loa'] ?? null) : null;
        $count = is_array($needs) && is_int($needs['count'] ?? null) ? $needs['count'] : 0;
        $name = Levels::name(Message::idpOf($context), $level);
        if ($count < 1 || $name === null) {
            return null;
        }

        return [
            'text' => sprintf(
                /* translators: 1: number of cases, 2: a level, such as "DigiD Hoog" */
                _n('You see %1$d more case when you log in with %2$s.', 'You see %1$d more cases when you log in with %2$s.', $count, 'owc-zijspan'),
                $count,
                $name
            ),
            'ways' => Message::waysUp($level, $context),
        ];
    }

    /**
     * @param array<string, mixed> $zaak
     * @param array<string, mixed> $attributes
     * @return array<string, mixed>
     */
    private function item(array $zaak, array $attributes, PageContext $context): array
    {
        $title = Words::text($zaak['zaaktype'] ?? null);
        $subtitle = Words::text($zaak['omschrijving'] ?? null);
        if ($title === null) {
            [$title, $subtitle] = [$subtitle ?? __('Your case', 'owc-zijspan'), null];
        }
        $open = ($zaak['open'] ?? true) === true;
        $status = is_array($zaak['status'] ?? null) ? $zaak['status'] : [];
        $result = is_array($zaak['resultaat'] ?? null) ? Words::text($zaak['resultaat']['label'] ?? null) : null;
        $handle = Words::text($zaak['handle'] ?? null);
        $parts = is_int($zaak['deelzaken'] ?? null) ? $zaak['deelzaken'] : 0;

        return [
            'title' => $title,
            'subtitle' => $subtitle === $title ? null : $subtitle,
            'url' => $handle === null
                ? null
                : $context->urlOn((int) ($attributes['detailPage'] ?? 0), [Zaak::HANDLE => $handle]),
            'number' => Words::text($zaak['zaaknummer'] ?? null),
            'applied' => Words::date($zaak['registratiedatum'] ?? null) ?? Words::date($zaak['startdatum'] ?? null),
            'expected' => $open ? Words::date($zaak['einddatum_gepland'] ?? null) : null,
            'overdue' => Words::isPast($zaak['einddatum_gepland'] ?? null, $context->now()),
            'ended' => $open ? null : Words::date($zaak['einddatum'] ?? null),
            'open' => $open,
            'status' => Words::text($status['label'] ?? null),
            'statusText' => Words::text($status['toelichting'] ?? null),
            'resident' => $open && ($status['beurt'] ?? null) === 'inwoner',
            'turn' => $open ? Words::turn($status['beurt'] ?? null) : null,
            'result' => $result,
            'parts' => $parts === 0 ? null : sprintf(
                /* translators: %d: number of cases that belong to this one */
                _n('%d related case', '%d related cases', $parts, 'owc-zijspan'),
                $parts
            ),
        ];
    }

    /**
     * @param array<string, mixed> $data
     * @return list<array{label: string, url: string, current: bool}>
     */
    private function choices(array $data, string $status, PageContext $context): array
    {
        $labels = ['open' => __('Current cases', 'owc-zijspan'), 'closed' => __('Finished cases', 'owc-zijspan')];
        $choices = [];
        foreach ($labels as $name => $label) {
            $amount = Words::amount($data['counts'][$name] ?? null);
            $choices[] = [
                'label' => $amount === null ? $label : "$label ($amount)",
                'url' => $context->urlWith(['zs_status' => $name === 'open' ? null : $name]),
                'current' => $status === $name,
            ];
        }

        return $choices;
    }

    /**
     * @param array<string, mixed> $data
     * @param array<string, string|int|null> $filter
     * @return array<string, mixed>
     */
    private function filter(array $data, array $filter, ?string $fixed, string $status, PageContext $context): array
    {
        $types = [];
        foreach (array_filter((array) ($data['filters']['zaaktypen'] ?? []), 'is_array') as $type) {
            $value = Words::text($type['value'] ?? null);
            if ($value !== null) {
                $types[] = ['value' => $value, 'label' => Words::text($type['label'] ?? null) ?? $value];
            }
        }
        $years = array_values(array_filter((array) ($data['filters']['years'] ?? []), 'is_int'));
        if ($filter['zs_jaar'] !== null && !in_array($filter['zs_jaar'], $years, true)) {
            $years[] = $filter['zs_jaar'];
        }

        return [
            'action' => $context->pageUrl(),
            'query' => $filter['zs_zoek'],
            'types' => $types,
            'type' => $filter['zs_soort'],
            'years' => $years,
            'year' => $filter['zs_jaar'],
            'statuses' => $fixed !== null ? [] : [
                'open' => __('Current cases', 'owc-zijspan'),
                'closed' => __('Finished cases', 'owc-zijspan'),
                'all' => __('All cases', 'owc-zijspan'),
            ],
            'status' => $status,
            // With addresses such as /?page_id=5 a form would lose the page.
            'kept' => array_filter(
                ['page_id' => $context->request->query('page_id')],
                static fn ($value): bool => $value !== null
            ),
            'maxLength' => self::MAX_QUERY,
        ];
    }

    private function emptyText(string $status, bool $filtered): string
    {
        if ($filtered) {
            return __('We found no cases. Try another search term, or clear the filters.', 'owc-zijspan');
        }

        return match ($status) {
            'open' => __('You have no current cases at the moment.', 'owc-zijspan'),
            'closed' => __('You have no finished cases.', 'owc-zijspan'),
            default => __('You have no cases at the moment.', 'owc-zijspan'),
        };
    }

    /**
     * @param array<string, mixed> $attributes
     * @param array<string, string|int|null> $query
     */
    private function cursorUrl(mixed $cursor, array $attributes, array $query, PageContext $context): ?string
    {
        $cursor = Words::text($cursor);

        return $cursor === null ? null : $context->urlWith($query + [$this->cursorName($attributes) => $cursor]);
    }

    /** @param array<string, mixed> $data */
    private function isMany(array $data, ?string $fixed): bool
    {
        $all = 0;
        foreach (['open', 'closed'] as $name) {
            if ($fixed === null || $fixed === $name || $fixed === 'all') {
                $all += (int) ($data['counts'][$name]['value'] ?? 0);
            }
        }

        return $all > self::FEW;
    }

    /**
     * The answer, whose numbers are "at least" where a source is missing: nothing is claimed that nobody knows.
     *
     * @return array<string, mixed>
     */
    private function counted(PartResult $result): array
    {
        $data = $result->data ?? [];
        if (!$result->isUncounted()) {
            return $data;
        }
        $atLeast = static fn (mixed $amount): mixed => is_array($amount) ? ['at_least' => true] + $amount : $amount;

        return [
            'total' => $atLeast($data['total'] ?? null),
            'counts' => array_map($atLeast, is_array($data['counts'] ?? null) ? $data['counts'] : []),
        ] + $data;
    }

    /**
     * Is it certain that there is nothing at all?
     *
     * @param array<string, mixed> $data
     */
    private function isNone(array $data): bool
    {
        foreach (['open', 'closed'] as $name) {
            $count = $data['counts'][$name] ?? [];
            if (($count['value'] ?? null) !== 0 || ($count['at_least'] ?? null) !== false) {
                return false;
            }
        }

        return true;
    }

    /** @param array<string, mixed> $attributes */
    private function fixedStatus(array $attributes): ?string
    {
        $show = $attributes['show'] ?? 'all';

        return $show === 'open' || $show === 'closed' ? $show : null;
    }

    /** @param array<string, mixed> $attributes */
    private function status(array $attributes, PageRequest $request): string
    {
        return $this->fixedStatus($attributes) ?? $request->choice('zs_status', self::STATUSES) ?? 'open';
    }

    /**
     * Two lists on one page turn their pages apart.
     *
     * @param array<string, mixed> $attributes
     */
    private function cursorName(array $attributes): string
    {
        return 'zs_vanaf' . match ($this->fixedStatus($attributes)) {
            'open' => '_open',
            'closed' => '_closed',
            default => '',
        };
    }

    /** @param array<string, mixed> $attributes */
    private function ownDetail(array $attributes, PageRequest $request): ?string
    {
        return Display::isPublished((int) ($attributes['detailPage'] ?? 0)) ? null : $request->handle(Zaak::HANDLE);
    }
}
