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
            // In memory where there is such a place: thousands of reports on files wait for a disk otherwise.
            $place = is_writable('/dev/shm') ? '/dev/shm' : sys_get_temp_dir();
            self::$folder = $place . '/trainstat-' . bin2hex(random_bytes(6));
            mkdir(self::$folder, 0700);
        }
        return self::$folder;
    }

    public static function clear(): void
    {
        if (self::$folder !== null) {
            self::remove(self::$folder);
            self::$folder = null;
        }
    }

    private static function remove(string $path): void
    {
        if (is_link($path) || !is_dir($path)) {
            unlink($path);
            return;
        }
        foreach (array_diff(scandir($path), ['.', '..']) as $name) {
            self::remove("$path/$name");
        }
        rmdir($path);
    }
}
