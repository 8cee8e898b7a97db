<?php

declare(strict_types=1);

// What Composer's autoloader would do, for a plain checkout: require this file and use Trainstat\Report.

spl_autoload_register(static function (string $class): void {
    if (preg_match('/^Trainstat\\\\(Tests\\\\)?(\w+)$/D', $class, $part)) {
        $file = __DIR__ . ($part[1] === '' ? '/src/' : '/tests/') . $part[2] . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
