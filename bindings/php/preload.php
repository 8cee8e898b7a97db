<?php

declare(strict_types=1);

// For opcache.preload: under php-fpm with the stock ffi.enable=preload, only preloaded code may use FFI. See README.md.

require_once __DIR__ . '/autoload.php';

foreach (glob(__DIR__ . '/src/*.php') as $file) {
    require_once $file;
}
