<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/** A PHP of its own: for what a process decides once, such as its environment, its ini and how it ends. */
final class Php
{
    /**
     * @param list<string> $arguments
     * @param array<string, ?string> $environment null takes a name away
     */
    public static function run(array $arguments, array $environment = []): Program
    {
        return Program::run([PHP_BINARY, ...$arguments], $environment);
    }

    /** Code that finds the package loaded, after the switches of $ini. */
    public static function code(string $code, array $environment = [], array $ini = [], array $arguments = []): Program
    {
        return Program::run(self::command($code, $ini, $arguments), $environment);
    }

    /** @return list<string> */
    public static function command(string $code, array $ini, array $arguments): array
    {
        $loading = 'require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . '; error_reporting(-1);';
        return [PHP_BINARY, ...$ini, '-r', $loading . $code, '--', ...$arguments];
    }
}
