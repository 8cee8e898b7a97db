<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/**
 * The shared truth of tests/vectors, unfolded: every case with its own format, options, rows and what is expected.
 *
 *     {"name": "...", "cells": {"code": 5}, "written": {"code": "5"}}   one row over the file's base row
 *     {"name": "...", "rows": [...], "json": "..."}                     as it stands
 *
 * A cell that JSON cannot say is an object, such as {"hex": "ff"}; see cell().
 */
final class Vectors
{
    private const FOLDER = __DIR__ . '/../../../tests/vectors';

    /** @return iterable<string, array{Vector}> */
    public static function all(): iterable
    {
        foreach (glob(self::FOLDER . '/*.json') as $file) {
            $text = file_get_contents($file);
            $folded = json_decode($text, true, 512, JSON_THROW_ON_ERROR);
            $asObjects = json_decode($text, false, 512, JSON_THROW_ON_ERROR); // tells {} from [], for options
            foreach ($folded['cases'] as $number => $case) {
                if (array_key_exists('options_text', $case)) {
                    continue; // this binding takes no raw text
                }
                $options = $asObjects->cases[$number]->options ?? $asObjects->options ?? [];
                yield basename($file) . ' #' . $number . ' ' . $case['name'] => [new Vector(
                    $case['format'] ?? $folded['format'],
                    (array) $options,
                    self::rows($case, $folded['base'] ?? null),
                    isset($case['error']) ? null : self::document($case, $folded['base'] ?? null),
                    $case['error'] ?? null,
                    $case['problems'] ?? null,
                )];
            }
        }
    }

    private static function rows(array $case, ?array $base): array
    {
        $rows = $case['rows'] ?? (isset($case['cells']) ? [array_replace($base['row'], $case['cells'])] : []);
        foreach ($rows as &$row) {
            $row = array_map(self::cell(...), array_filter($row, static fn ($cell) => $cell !== ['absent' => true]));
        }
        return $rows;
    }

    private static function cell(mixed $cell): mixed
    {
        return match (true) {
            !is_array($cell) => $cell,
            isset($cell['hex']) => hex2bin($cell['hex']),
            $cell === ['hex' => ''] => '',
            isset($cell['repeat']) => self::literal($cell),
            isset($cell['foreign']) => new \stdClass(),
            default => match ($cell['number']) {
                'nan' => NAN,
                'inf' => INF,
                '-inf' => -INF,
                '-0' => -0.0,
            },
        };
    }

    private static function document(array $case, ?array $base): string
    {
        if (isset($case['json'])) {
            return self::literal($case['json']);
        }
        $members = [];
        foreach (array_replace($base['written'], $case['written'] ?? []) as $key => $literal) {
            if ($literal !== null) {
                $members[] = '"' . $key . '":' . self::literal($literal);
            }
        }
        return $base['head'] . '{' . implode(',', $members) . '}' . $base['tail'];
    }

    private static function literal(string|array $literal): string
    {
        return is_string($literal)
            ? $literal
            : ($literal['before'] ?? '') . str_repeat($literal['repeat'], $literal['times']) . ($literal['after'] ?? '');
    }
}
