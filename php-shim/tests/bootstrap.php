<?php

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    foreach (['Zijspan\\Shim\\Tests\\' => __DIR__, 'Zijspan\\Shim\\' => dirname(__DIR__) . '/src'] as $prefix => $dir) {
        if (str_starts_with($class, $prefix)) {
            require $dir . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';

            return;
        }
    }
});
