<?php

declare(strict_types=1);

namespace OWC\Zijspan\Page;

defined('ABSPATH') || exit;

enum RenderMode
{
    /** The page that a resident asked for, with its headers sent. */
    case Live;
    /** An editor's preview: sample data. */
    case Sample;
    /** A page whose headers could not be set: the state of somebody who is not logged in. */
    case Neutral;
    /** Feeds, REST, search results, excerpts, e-mails and everything else: nothing at all. */
    case Nothing;
}
