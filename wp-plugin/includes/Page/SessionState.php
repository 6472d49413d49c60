<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

enum SessionState
{
    /** Nobody is logged in. */
    case None;
    /** The sidecar said who this is. */
    case Active;
    /** There was a session; the sidecar said that it ended. */
    case Expired;
    /** There is a token, and the sidecar could not be asked: nothing personal, yet not "log in" either. */
    case Unknown;
}
