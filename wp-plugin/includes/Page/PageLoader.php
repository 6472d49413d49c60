<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Block;
use OWC\Zijspan\Blocks\PartRequest;
use OWC\Zijspan\Blocks\PartResult;
use OWC\Zijspan\Blocks\PartResults;
use OWC\Zijspan\Session\Cookies;
use OWC\Zijspan\Sidecar\Connection;
use Zijspan\Shim\Answer;
use Zijspan\Shim\Problem;

/**
 * Asks the sidecar, once, for everything that the blocks of one page need.
 */
final class PageLoader
{
    public const MAX_PARTS = 16;

    public function __construct(private readonly Connection $sidecar)
    {
    }

    /**
     * @param list<FoundBlock> $blocks
     * @param bool $touch does this page show that somebody is there?
     */
    public function load(array $blocks, PageRequest $request, bool $touch): LoadedPage
    {
        $token = Cookies::token();
        if ($token === null) {
            return new LoadedPage(new SessionInfo(SessionState::None));
        }
        $wanted = [];
        foreach ($blocks as $found) {
            foreach ($found->block->parts($found->attributes, $request) as $part) {
                $wanted[$part->key()] = $part;
            }
        }
        $asked = array_slice($wanted, 0, self::MAX_PARTS, true);
        $outcome = $this->sidecar->page($this->parts($asked), $touch, $token);

        if ($outcome instanceof Answer && is_array($outcome->data()['session'] ?? null)) {
            $session = SessionInfo::fromWire($outcome->data()['session']);
            $results = $this->results($asked, $outcome->data()['parts'] ?? null);
            $environment = $outcome->data()['environment'] ?? null;

            return new LoadedPage(
                $session,
                $results,
                $token,
                $asked,
                environment: is_string($environment) ? $environment : null
            );
        }
        if ($outcome instanceof Problem && $outcome->isSession()) {
            return new LoadedPage(new SessionInfo(SessionState::Expired));
        }
        $failure = $outcome instanceof Problem
            ? PartResult::fromWire([
                'state' => PartResult::UNAVAILABLE,
                'problem' => ['title' => $outcome->title(), 'reason' => 'sidecar', 'code' => $outcome->code()],
            ])
            : PartResult::unavailable('sidecar');

        return new LoadedPage(
            new SessionInfo(SessionState::Unknown),
            array_map(static fn (): PartResult => $failure, $asked),
            $token,
            $asked,
            $outcome->summary()
        );
    }

    /**
     * @param array<string, PartRequest> $asked
     * @return list<array{id: string, kind: string, params: object}>
     */
    private function parts(array $asked): array
    {
        $parts = [];
        foreach (array_values($asked) as $index => $part) {
            $parts[] = ['id' => 'p' . ($index + 1), 'kind' => $part->kind, 'params' => (object) $part->params()];
        }

        return $parts;
    }

    /**
     * By key of the request. What is missing, twice there or of another kind than was asked is unavailable.
     *
     * @param array<string, PartRequest> $asked
     * @return array<string, PartResult>
     */
    private function results(array $asked, mixed $parts): array
    {
        $byId = [];
        foreach (is_array($parts) ? $parts : [] as $part) {
            $id = is_array($part) && is_string($part['id'] ?? null) ? $part['id'] : '';
            $byId[$id][] = $part;
        }
        $results = [];
        foreach (array_keys($asked) as $index => $key) {
            $answers = $byId['p' . ($index + 1)] ?? [];
            $fits = count($answers) === 1 && ($answers[0]['kind'] ?? null) === $asked[$key]->kind;
            $results[$key] = $fits ? PartResult::fromWire($answers[0]) : PartResult::unavailable('answer');
        }

        return $results;
    }
}
