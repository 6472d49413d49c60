<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Block;
use OWC\Zijspan\Blocks\PartRequest;
use OWC\Zijspan\Blocks\PartResult;
use OWC\Zijspan\Blocks\PartResults;

/**
 * The session and what the sidecar answered, for this request alone.
 */
final class LoadedPage
{
    /**
     * @param array<string, PartResult> $results by key of the request
     * @param array<string, PartRequest> $asked by the same keys
     * @param string|null $failure what the log may say when the sidecar could not be asked
     * @param string|null $environment "demo", "acceptatie" or "productie", as the sidecar says
     */
    public function __construct(
        public readonly SessionInfo $session,
        private readonly array $results = [],
        #[\SensitiveParameter] private readonly ?string $token = null,
        private readonly array $asked = [],
        public readonly ?string $failure = null,
        public readonly ?string $environment = null
    ) {
    }

    /** @param array<string, mixed> $attributes */
    public function resultsFor(Block $block, array $attributes, PageRequest $request): PartResults
    {
        if ($this->session->isAnonymous()) {
            return new PartResults();
        }
        $results = [];
        foreach ($block->parts($attributes, $request) as $name => $part) {
            $results[$name] = $this->results[$part->key()] ?? PartResult::unavailable('not_asked');
        }

        return new PartResults($results);
    }

    /** For CSRF tokens; null when nobody is logged in. */
    public function token(): ?string
    {
        return $this->token;
    }

    /** Was one single thing asked for by its handle, and is it not there? Then the page is not found. */
    public function isNotFound(): bool
    {
        foreach ($this->results as $key => $result) {
            if ($result->state === PartResult::NOT_FOUND && isset($this->asked[$key]->params()['handle'])) {
                return true;
            }
        }

        return false;
    }
}
