<?php

declare(strict_types=1);

namespace OWC\Zijspan;

defined('ABSPATH') || exit;

/*
 * PSR-4 without Composer. The shim lies inside a released plugin, and beside it in the repository.
 */
spl_autoload_register(static function (string $class): void {
    static $roots = null;
    $roots ??= [
        'OWC\\Zijspan\\' => __DIR__,
        'Zijspan\\Shim\\' => is_dir(dirname(__DIR__) . '/php-shim/src')
            ? dirname(__DIR__) . '/php-shim/src'
            : dirname(__DIR__, 2) . '/php-shim/src',
    ];
    foreach ($roots as $prefix => $folder) {
        if (str_starts_with($class, $prefix)) {
            $file = $folder . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
            if (is_file($file)) {
                require $file;
            }

            return;
        }
    }
});
