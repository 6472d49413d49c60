<?php

declare(strict_types=1);

namespace Zijspan\Shim;

/**
 * Where a document's bytes go.
 */
interface Download
{
    /**
     * The first word: called once, before any byte.
     *
     * @param string $contentType as the sidecar says, "application/octet-stream" when it does not
     * @param string|null $disposition Content-Disposition as the sidecar says
     */
    public function start(string $contentType, ?string $disposition, ?int $length): void;

    /** False: nobody reads any longer. */
    public function write(string $bytes): bool;
}
