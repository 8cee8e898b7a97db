<?php

declare(strict_types=1);

namespace Trainstat;

use FFI;

/**
 * Where libtrainstat is found, and its loading at first use.
 *
 *     TRAINSTAT_LIBRARY             an absolute path; where it is set, nothing else is tried
 *     the FFI scope TRAINSTAT       where php-fpm preloaded it (README.md)
 *     lib/libtrainstat.so           inside this package
 *     build/release/...             of the checkout that this package stands in
 *     libtrainstat.so.1             wherever the system's loader finds it
 *
 * @internal
 */
final class Library
{
    private const SONAME = 'libtrainstat.so.1';
    private const SCOPE = 'TRAINSTAT';

    /** The version of declarations.h; later ones only add. */
    private const INTERFACE = 3;

    /** For the process, or under php-fpm for the request: statics live no longer there. */
    private static ?FFI $loaded = null;

    public static function loaded(): FFI
    {
        if (self::$loaded === null) {
            $loaded = self::load();
            $version = $loaded->ts_abi_version();
            if ($version < self::INTERFACE) {
                throw new TrainstatException("libtrainstat has version {$version} of its interface, " . self::INTERFACE . ' is needed');
            }
            self::$loaded = $loaded;
        }
        return self::$loaded;
    }

    private static function load(): FFI
    {
        if (PHP_INT_SIZE < 8) {
            throw new TrainstatException('trainstat needs a 64-bit PHP: the integers of this one are too short');
        }
        if (!class_exists(FFI::class)) {
            throw new TrainstatException('trainstat needs the PHP extension ffi, which is not loaded');
        }
        $named = getenv('TRAINSTAT_LIBRARY');
        if (is_string($named) && $named !== '') {
            if ($named[0] !== '/') {
                throw new TrainstatException('TRAINSTAT_LIBRARY must be an absolute path');
            }
            return self::first([$named]);
        }
        return self::preloaded() ?? self::first(self::places());
    }

    private static function preloaded(): ?FFI
    {
        try {
            return FFI::scope(self::SCOPE);
        } catch (FFI\Exception) {
            return null;
        }
    }

    /** @return list<string> */
    private static function places(): array
    {
        $places = [dirname(__DIR__) . '/lib/libtrainstat.so'];
        $checkout = dirname(__DIR__, 3);
        if (is_file("$checkout/include/trainstat.h")) {
            $places[] = "$checkout/build/release/libtrainstat.so";
        }
        $places[] = self::SONAME;
        return $places;
    }

    /** @param list<string> $places */
    private static function first(array $places): FFI
    {
        $declarations = (string) file_get_contents(__DIR__ . '/declarations.h');
        $tried = [];
        foreach ($places as $place) {
            if ($place[0] === '/' && !file_exists($place)) {
                $tried[] = "$place: no such file";
                continue;
            }
            try {
                return FFI::cdef($declarations, $place);
            } catch (FFI\Exception $failure) {
                self::refuseForbidden($failure);
                $tried[] = self::reason($failure->getMessage(), $place);
            }
        }
        throw new TrainstatException('libtrainstat was not found; tried ' . implode('; ', $tried));
    }

    /** PHP says that loading failed, but not why: the loader itself is asked, by failing once more. */
    private static function reason(string $said, string $place): string
    {
        if (str_starts_with($said, 'Failed loading')) {
            $loader = FFI::cdef('char *dlerror(void);');
            try {
                FFI::cdef('', $place);
            } catch (FFI\Exception) {
                $why = $loader->dlerror();
                $said = $why === null ? $said : FFI::string($why);
            }
        }
        return str_contains($said, $place) ? $said : "$place: $said";
    }

    private static function refuseForbidden(FFI\Exception $failure): void
    {
        if (str_contains($failure->getMessage(), 'ffi.enable')) {
            $setting = (string) ini_get('ffi.enable');
            throw new TrainstatException(
                "libtrainstat was not loaded: ffi.enable=$setting forbids FFI here; it is allowed on the command line, "
                . 'and under php-fpm where bindings/php/preload.php is preloaded',
            );
        }
    }
}
