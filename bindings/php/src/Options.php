<?php

declare(strict_types=1);

namespace Trainstat;

use JsonException;

/**
 * Options as the JSON object that the library takes.
 *
 *     Options::json(['forms' => [8]]);     // {"forms":[8]}
 *
 * @internal
 */
final class Options
{
    private const JSON = JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION;

    /** An array in them that lost some of its elements is a list still. */
    public static function json(array $options): string
    {
        foreach ($options as $name => $value) {
            if (is_array($value) && array_filter(array_keys($value), is_string(...)) === []) {
                $options[$name] = array_values($value);
            }
        }
        try {
            return $options === [] ? '{}' : json_encode($options, self::JSON);
        } catch (JsonException $failure) {
            throw new TrainstatException('the options cannot be written as JSON: ' . $failure->getMessage());
        }
    }
}
