<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/** A program that has run: its exit code, its output and what it wrote on standard error. */
final class Program
{
    private function __construct(
        public readonly int $code,
        public readonly string $output,
        public readonly string $errors,
    ) {
    }

    /**
     * @param list<string> $command
     * @param array<string, ?string> $environment null takes a name away
     */
    public static function run(array $command, array $environment): self
    {
        $all = array_filter(array_replace(getenv(), $environment), is_string(...));
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['file', $log = tempnam('', 'php'), 'w']], $pipes, null, $all);
        $output = stream_get_contents($pipes[1]);
        fclose($pipes[1]);
        $code = proc_close($process);
        $errors = file_get_contents($log);
        unlink($log);
        return new self($code, $output, $errors);
    }
}
