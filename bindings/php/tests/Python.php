<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/** The Python of this checkout, with the binding for it. */
final class Python
{
    public static function code(string $code, array $arguments): Program
    {
        return Program::run(self::command($code, $arguments), self::environment());
    }

    /** @return list<string> */
    public static function command(string $code, array $arguments): array
    {
        $own = dirname(__DIR__, 3) . '/build/venv/bin/python';
        return [is_executable($own) ? $own : 'python3', '-c', $code, ...$arguments];
    }

    /** @return array<string, string> */
    public static function environment(): array
    {
        return ['PYTHONPATH' => dirname(__DIR__, 2) . '/python', 'PYTHONDONTWRITEBYTECODE' => '1'];
    }
}
