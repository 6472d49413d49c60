<?php

declare(strict_types=1);

namespace OWC\Zijspan;

defined('ABSPATH') || exit;

require __DIR__ . '/autoload.php';

Plugin::instance()->register();
