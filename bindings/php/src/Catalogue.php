<?php

declare(strict_types=1);

namespace Trainstat;

/**
 * What the library can write.
 *
 *     Trainstat\Catalogue::formats();                        // ['ekvio.trainings_statistic', 'ekvio.errors', ...]
 *     Trainstat\Catalogue::describe('eloomi.participants');  // columns, types, defaults, choices, meanings, options
 */
final class Catalogue
{
    private function __construct()
    {
    }

    /**
     * The names of all formats.
     *
     * @return list<string>
     * @throws TrainstatException where the library is not found
     */
    public static function formats(): array
    {
        $ffi = Library::loaded();
        $answer = new Answer($ffi);
        $status = $ffi->ts_format_list($answer->json, $answer->length, $answer->error);
        return $answer->decoded($status);
    }

    /**
     * One format: ['format' => ..., 'meaning' => ..., 'rows' => ['minimum' => 0, 'maximum' => null],
     * 'columns' => [['key' => ..., 'type' => ..., 'presence' => ..., 'nullable' => ..., ...], ...],
     * 'options' => [['name' => ..., 'type' => ..., 'default' => ..., 'meaning' => ...], ...]].
     *
     * @return array<string, mixed>
     * @throws TrainstatException for an unknown format
     */
    public static function describe(string $name): array
    {
        $ffi = Library::loaded();
        $answer = new Answer($ffi);
        $status = $ffi->ts_format_describe($name, \strlen($name), $answer->json, $answer->length, $answer->error);
        return $answer->decoded($status);
    }
}
