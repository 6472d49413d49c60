<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

use OWC\Zijspan\Page\PageContext;
use OWC\Zijspan\Page\PageRequest;

/**
 * One block: what it asks of the sidecar, what it shows per state, what an editor sees.
 *
 * A new block is a folder blocks/<name>/ with a block.json, a class here with the same name in StudlyCaps
 * (mijn-zaken: MijnZaken, no constructor arguments) and templates in templates/<name>/. The registry finds it.
 * A block speaks no HTTP, prints nothing and reads no superglobals.
 */
interface Block
{
    /** The folder's name: "mijn-zaken" (without the plugin's prefix). */
    public function name(): string;

    /**
     * What the block needs for this request, under names of its own. Called before output, also when nobody is
     * logged in (the answer is then not used).
     *
     * @param array<string, mixed> $attributes with block.json's defaults filled in
     * @return array<string, PartRequest>
     */
    public function parts(array $attributes, PageRequest $request): array;

    /**
     * Called for every state: when $context->session->isAnonymous() there are no results.
     *
     * @param array<string, mixed> $attributes with block.json's defaults filled in
     */
    public function view(array $attributes, PartResults $results, PageContext $context): View;

    /**
     * What an editor sees, under the same names as parts(). States: "vol", "leeg", "veel", "fout", "gedeeltelijk",
     * "onderweg", "begrensd", "traag", "uitgezet", "niveau", "niet_gevonden"; an unknown one is "vol". For "uitgelogd" and "verlopen" the page engine takes
     * the session away, and this is not asked; for "namens" it lets somebody act for another.
     */
    public function sample(string $state): PartResults;
}
