<?php

declare(strict_types=1);

namespace Zijspan\Shim\Http;

/**
 * Takes a body as it arrives, so that a large one never lies in memory.
 */
interface BodySink
{
    /**
     * Called once, when the headers are there. False: this body is to be kept in the WireResponse like any other.
     *
     * @param WireResponse $head the answer, its body still empty
     */
    public function begin(WireResponse $head): bool;

    /** False ends the transfer: the reader has gone. */
    public function write(string $bytes): bool;
}
