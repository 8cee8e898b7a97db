<?php

declare(strict_types=1);

namespace Trainstat;

use BackedEnum;
use DateInterval;
use DateTimeImmutable;
use DateTimeInterface;
use SensitiveParameter;

/**
 * PHP's values as the plain cells of the library: null, bool, int, float, string; anything else becomes an empty array, which
 * is foreign to it.
 *
 * The library stays the judge. What is decided here is only how a value of PHP's is spelled, and which types of column such a
 * spelling means the same for: a date is no integer, although it is spelled as one.
 *
 * @internal
 */
final class Plain
{
    private const FOREIGN = [];
    private const MOMENTS = ['moment', 'local moment', 'date'];
    private const DURATION = 'duration';

    /** Two neighbouring days: an interval such as "3 weekdays" does not last as long from both. */
    private const REFERENCES = ['@0', '@86400'];

    /**
     * The cell for a value in a column of that type.
     *
     *     Plain::cell(new DateTimeImmutable('1970-01-01T00:01:00Z'), 'moment')   // 60
     *     Plain::cell(new DateInterval('PT1H'), 'duration')                      // 'P0DT1H0M0S'
     */
    public static function cell(#[SensitiveParameter] mixed $value, string $type): null|bool|int|float|string|array
    {
        return match (true) {
            $value === null, is_scalar($value) => $value,
            $value instanceof BackedEnum => $value->value,
            // The fraction is cut downwards, before 1970 too.
            $value instanceof DateTimeInterface => in_array($type, self::MOMENTS, true) ? $value->getTimestamp() : self::FOREIGN,
            $value instanceof DateInterval => $type === self::DURATION ? self::duration($value) : self::FOREIGN,
            default => self::FOREIGN,
        };
    }

    /** ISO 8601 text, for an interval that always lasts as long. */
    private static function duration(DateInterval $span): string|array
    {
        $parts = [$span->d, $span->h, $span->i, $span->s, $span->f];
        if ($span->y !== 0 || $span->m !== 0 || $span->invert !== 0 || min($parts) < 0) {
            return self::FOREIGN;
        }
        $seconds = $span->d * 86400 + $span->h * 3600 + $span->i * 60 + $span->s;
        foreach (self::REFERENCES as $reference) {
            $start = new DateTimeImmutable($reference);
            if ($start->add($span)->getTimestamp() - $start->getTimestamp() !== $seconds) {
                return self::FOREIGN;
            }
        }
        $fraction = $span->f > 0 ? substr(sprintf('%.6F', $span->f), 1) : '';
        return "P{$span->d}DT{$span->h}H{$span->i}M{$span->s}{$fraction}S";
    }
}
