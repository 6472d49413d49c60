<?php

declare(strict_types=1);

namespace Zijspan\Shim\Http;

/**
 * Brings one request to the sidecar. It follows no redirect and repeats nothing.
 */
interface Transport
{
    /** @throws TransportFailure when there is no complete answer */
    public function send(WireRequest $request, Limits $limits, ?BodySink $sink = null): WireResponse;
}
