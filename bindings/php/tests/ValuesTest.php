<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use DateInterval;
use DateTime;
use DateTimeImmutable;
use DateTimeZone;
use PHPUnit\Framework\TestCase;
use Trainstat\Report;
use Trainstat\RowException;

enum Status: string
{
    case Started = 'started';
}

enum Rank: int
{
    case Second = 2;
}

enum Suit
{
    case Hearts;
}

/** PHP's values in the columns of eloomi.participant: what is taken, as what it is written, and what is refused. */
final class ValuesTest extends TestCase
{
    /** @dataProvider taken */
    public function testTakesTheValue(string $column, mixed $value, string $written, array $options = []): void
    {
        $report = new Report('eloomi.participant', $options);
        $report->append([$column => $value] + ['course_id' => 1, 'user_id' => 2]);
        $this->assertStringContainsString("\"$column\":$written", $report->build());
    }

    public function taken(): array
    {
        $moscow = new DateTimeZone('Europe/Moscow');
        $extended = ['extended_mode' => true];
        return [
            'integer' => ['attempts', 3, '3'],
            'text of an integer, as drivers give it' => ['attempts', '3', '3'],
            'boolean as integer' => ['required', true, '1'],
            'number without fraction as integer' => ['attempts', 3.0, '3'],
            'number' => ['progress', 33.333, '33.33'],
            'text of a number' => ['progress', '33.335', '33.34'],
            'minus zero' => ['score', -0.0, '"0.00"'],
            'null' => ['completed_at', null, 'null'],
            'backed enum of text' => ['status', Status::Started, '"started"', $extended + ['status' => null]],
            'backed enum of an integer' => ['attempts', Rank::Second, '2'],
            'DateTime as Unix seconds' => ['started_at', new DateTime('2024-02-29 12:00:00', $moscow), '"2024-02-29 09:00:00"'],
            'DateTimeImmutable in the zone of the report' =>
                ['started_at', new DateTimeImmutable('2024-02-29T09:00:00Z'), '"2024-02-29 12:00:00"', ['timezone' => 'Europe/Moscow']],
            'DateTime as a day' => ['deadline', new DateTime('2024-02-29T23:59:59.999999Z'), '"2024-02-29"'],
            'fraction before 1970, cut downwards' => ['started_at', new DateTime('1969-12-31T23:59:58.5Z'), '"1969-12-31 23:59:58"'],
            'DateInterval' => ['time_spent', new DateInterval('P1DT2H3M4S'), '93784'],
            'DateInterval with a fraction' => ['time_spent', self::withFraction(0.5), '2'],
            'DateInterval of words' => ['time_spent', DateInterval::createFromDateString('90 minutes'), '5400'],
            'DateInterval of a difference' => ['time_spent', (new DateTime('@0'))->diff(new DateTime('@100000')), '100000'],
            'empty DateInterval' => ['time_spent', new DateInterval('PT0S'), '0'],
            'weeks, which PHP makes days' => ['time_spent', new DateInterval('P1W'), '604800'],
        ];
    }

    /** @dataProvider refused */
    public function testRefusesTheValue(string $column, mixed $value): void
    {
        $report = new Report('eloomi.participant', ['on_refused' => 'skip']);
        $row = [$column => $value] + ['course_id' => 1, 'user_id' => 2];
        $report->append($row);
        $report->extend([$row]);
        $problems = $report->problems();
        $this->assertSame([0, 2], [$problems['accepted'], $problems['refused']]);
        $this->assertSame([$column, $column], array_column($problems['problems'], 'column'));
        $this->expectException(RowException::class);
        (new Report('eloomi.participant'))->append($row);
    }

    public function refused(): array
    {
        return [
            'text that begins with a figure' => ['attempts', '3 times'],
            'text of no figure, which FFI would make 0' => ['attempts', 'abc'],
            'empty text' => ['attempts', ''],
            'fraction as integer' => ['attempts', 3.5],
            'not a number' => ['progress', NAN],
            'infinity' => ['progress', INF],
            'boolean as number' => ['progress', true],
            'number as moment' => ['started_at', 1e9],
            'null in a required column' => ['course_id', null],
            'array' => ['attempts', []],
            'array that says a number' => ['attempts', [3]],
            'object' => ['attempts', (object) ['value' => 3]],
            'closure' => ['attempts', fn () => 3],
            'resource' => ['attempts', STDERR],
            'enum without values' => ['status', Suit::Hearts],
            'Stringable' => ['status', new class () implements \Stringable {
                public function __toString(): string
                {
                    return 'started';
                }
            }],
            'DateTime as integer' => ['attempts', new DateTime('@3')],
            'DateTime as duration' => ['time_spent', new DateTime('@3')],
            'DateTime in the year 10000' => ['started_at', new DateTime('@253402300800')],
            'DateInterval as moment' => ['started_at', new DateInterval('PT1H')],
            'DateInterval of a month' => ['time_spent', new DateInterval('P1M')],
            'DateInterval of a year' => ['time_spent', new DateInterval('P1Y')],
            'DateInterval below zero' => ['time_spent', (new DateTime('@10'))->diff(new DateTime('@0'))],
            'DateInterval of words, below zero' => ['time_spent', DateInterval::createFromDateString('-1 day')],
            'DateInterval of no certain length' => ['time_spent', DateInterval::createFromDateString('3 weekdays')],
            'DateInterval until a weekday' => ['time_spent', DateInterval::createFromDateString('thursday')],
        ];
    }

    public function testAnIntegerIsNoText(): void
    {
        $this->expectExceptionMessage('field must be text');
        (new Report('ekvio.errors'))->append(['code' => 1, 'field' => 5, 'message' => 'm']);
    }

    public function testObjectsAndAnUnknownKeyInOneRowNameTheKey(): void
    {
        $this->expectExceptionMessage('no column is named 7');
        (new Report('eloomi.participant'))->append([7 => 1, 'course_id' => Rank::Second, 'user_id' => 2]);
    }

    private static function withFraction(float $fraction): DateInterval
    {
        $span = new DateInterval('PT1S');
        $span->f = $fraction;
        return $span;
    }
}
