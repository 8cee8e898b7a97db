<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/** A PHP of its own: for what a process decides once, such as its environment, its ini and how it ends. */
final class Php
{
    private function __construct(
        public readonly int $code,
        public readonly string $output,
        public readonly string $errors,
    ) {
    }

    /**
     * @param list<string> $arguments
     * @param array<string, ?string> $environment null takes a name away
     */
    public static function run(array $arguments, array $environment = []): self
    {
        $all = array_filter(array_replace(getenv(), $environment), is_string(...));
        $process = proc_open([PHP_BINARY, ...$arguments], [1 => ['pipe', 'w'], 2 => ['file', $log = tempnam('', 'php'), 'w']], $pipes, null, $all);
        $output = stream_get_contents($pipes[1]);
        fclose($pipes[1]);
        $code = proc_close($process);
        $errors = file_get_contents($log);
        unlink($log);
        return new self($code, $output, $errors);
    }

    /** Code that finds the package loaded, after the switches of $ini. */
    public static function code(string $code, array $environment = [], array $ini = []): self
    {
        $loading = 'require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . '; error_reporting(-1);';
        return self::run([...$ini, '-r', $loading . $code], $environment);
    }
}
