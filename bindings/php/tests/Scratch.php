<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/** Files of one test, in a folder of their own. */
final class Scratch
{
    private static ?string $folder = null;

    public static function file(string $name): string
    {
        return self::folder() . '/' . $name;
    }

    public static function folder(): string
    {
        if (self::$folder === null) {
            self::$folder = sys_get_temp_dir() . '/trainstat-' . bin2hex(random_bytes(6));
            mkdir(self::$folder, 0700);
        }
        return self::$folder;
    }

    public static function clear(): void
    {
        if (self::$folder !== null) {
            exec('rm -r ' . escapeshellarg(self::$folder));
            self::$folder = null;
        }
    }
}
