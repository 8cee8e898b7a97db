<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use LogicException;
use Trainstat\Library;
use Trainstat\Report;
use Trainstat\RowException;

/** Rows, options and documents. */
final class ReportTest extends ReportCase
{
    public function testWritesTheDocumentOfItsExample(): void
    {
        $report = new Report('ekvio.errors');
        $report->append(['code' => 1007, 'field' => 'company_id', 'message' => 'Module trainings not available for company']);
        $this->assertSame(
            '{"errors":[{"code":1007,"field":"company_id","message":"Module trainings not available for company"}]}',
            $report->build(),
        );
    }

    public function testRefusesNullInRequiredColumn(): void
    {
        $refused = $this->refusal(fn () => (new Report('ekvio.errors'))->append(['code' => 1, 'field' => null, 'message' => 'm']));
        $this->assertInstanceOf(RowException::class, $refused);
        $this->assertSame([0, 'field', 'row 0: field must not be null'], [$refused->row(), $refused->column(), $refused->getMessage()]);
        $this->assertSame(Library::loaded()->TS_ROW_REFUSED, $refused->getCode());
    }

    public function testAppendKeepsTheReportGoodAfterARefusal(): void
    {
        $report = new Report('ekvio.errors');
        $report->append(self::row(1));
        $this->assertSame(1, $this->refusal(fn () => $report->append(['code' => 'x'] + self::row(2)))->row());
        $report->append(self::row(3));
        $this->assertSame(self::document(1, 3), $report->build());
        $this->assertSame(2, $report->problems()['accepted']);
        $this->assertSame(
            [['row' => 1, 'column' => 'code', 'message' => 'code must be an integer']],
            $report->problems()['problems'],
        );
    }

    public function testTakesKeysInAnyOrder(): void
    {
        $report = new Report('ekvio.errors');
        $report->append(['message' => 'm', 'code' => 5, 'field' => 'f']);
        $this->assertSame(self::document(5), $report->build());
    }

    public function testNamesAnUnknownKeyOfFigures(): void
    {
        $refused = $this->refusal(fn () => (new Report('ekvio.errors'))->append(self::row(1) + ['8' => 'x']));
        $this->assertSame('row 0: no column is named 8', $refused->getMessage());
        $this->assertSame('8', $refused->column());
    }

    public function testNamesTheUnknownKeyOfTheRowThatIsRefusedAmongOthersOfItsBatch(): void
    {
        $report = new Report('ekvio.errors');
        $rows = [self::row(1), self::row(2) + ['colour' => 'x'], self::row(3) + ['size' => 'x']];
        $refused = $this->refusal(fn () => $report->extend($rows));
        $this->assertSame([1, 'colour'], [$refused->row(), $refused->column()]);
        $this->assertSame(self::document(1), $report->build());
    }

    public function testRefusesARowWithoutKeys(): void
    {
        $this->assertSame(
            'row 0: no column is named 0',
            $this->refusal(fn () => (new Report('ekvio.errors'))->append([1, 'f', 'm']))->getMessage(),
        );
    }

    public function testSkippingThrowsNothingAndCountsUnknownKeys(): void
    {
        $report = new Report('ekvio.errors', ['on_refused' => 'skip']);
        $report->append(['code' => null] + self::row(0));
        $report->extend([self::row(1), ['codes' => 1] + self::row(2), self::row(3)]);
        $this->assertSame(self::document(1, 3), $report->build());
        $this->assertSame(['accepted' => 2, 'refused' => 2], array_slice($report->problems(), 0, 2));
        $this->assertSame([0, 2], array_column($report->problems()['problems'], 'row'));
    }

    /** @dataProvider sizes */
    public function testExtendKeepsEveryRowBeforeTheRefusedOne(int $good): void
    {
        $report = new Report('ekvio.errors');
        $rows = array_map(self::row(...), range(0, $good - 1));
        $refused = $this->refusal(fn () => $report->extend([...$rows, ['code' => []] + self::row(0), ...$rows]));
        $this->assertSame([$good, 'code'], [$refused->row(), $refused->column()]);
        $this->assertSame($good, $report->problems()['accepted']);
        $this->assertSame(self::document(...range(0, $good - 1)), $report->build());
    }

    /** @dataProvider sizes */
    public function testWhereTheIterableThrowsTheRowsBeforeAreKept(int $good): void
    {
        $report = new Report('ekvio.errors');
        $thrown = new LogicException('the source is gone');
        $rows = (function () use ($good, $thrown) {
            yield from array_map(self::row(...), range(0, $good - 1));
            throw $thrown;
        })();
        try {
            $report->extend($rows);
            $this->fail('nothing was thrown');
        } catch (LogicException $passed) {
            $this->assertSame($thrown, $passed);
        }
        $this->assertSame($good, $report->problems()['accepted']);
        $this->assertSame(self::document(...range(0, $good - 1)), $report->build());
    }

    public function sizes(): array
    {
        return [[1], [2], [255], [256], [257], [600]];
    }

    public function testARefusedRowComesBeforeAnExceptionThatItsIterableThrowsLater(): void
    {
        $rows = (function () {
            yield ['code' => 'x'] + self::row(0);
            throw new LogicException('the source is gone');
        })();
        $this->assertInstanceOf(RowException::class, $this->refusal(fn () => (new Report('ekvio.errors'))->extend($rows)));
    }

    public function testExtendRefusesARowThatIsNoArrayAndKeepsTheOnesBefore(): void
    {
        $report = new Report('ekvio.errors');
        $this->assertSame('a row must be an array', $this->refusal(fn () => $report->extend([self::row(1), (object) self::row(2)]))->getMessage());
        $this->assertSame(self::document(1), $report->build());
    }

    public function testExtendTakesAnyIterableAndReferences(): void
    {
        $report = new Report('ekvio.errors');
        $code = 1;
        $row = ['code' => &$code, 'field' => 'f', 'message' => 'm'];
        $report->extend((function () use (&$row, &$code) {
            yield $row;
            $code = 2;
            yield $row;
        })());
        $report->extend(new \ArrayIterator([self::row(3)]));
        $report->extend(new \ArrayObject([self::row(4)]));
        $report->extend([]);
        $this->assertSame(self::document(1, 2, 3, 4), $report->build());
    }

    public function testBuildAnswersTheSameAgainAndEndsTheRows(): void
    {
        $report = new Report('ekvio.errors');
        $report->append(self::row(1));
        $this->assertSame(self::document(1), $report->build());
        $this->assertSame(self::document(1), $report->build());
        $refused = $this->refusal(fn () => $report->append(self::row(2)));
        $this->assertSame(Library::loaded()->TS_REPORT_FINISHED, $refused->getCode());
        $this->assertSame(1, $report->problems()['accepted']);
    }

    public function testBuildWithoutItsRowLeavesTheReportOpen(): void
    {
        $report = new Report('ekvio.errors');
        $this->assertSame('ekvio.errors needs at least one row', $this->refusal(fn () => $report->build())->getMessage());
        $report->append(self::row(1));
        $this->assertSame(self::document(1), $report->build());
    }

    public function testFormsGiveColumns(): void
    {
        $columns = array_column(json_decode(self::empty(['forms' => [3 => 8, 5 => 9]]), true)['data'], 'x');
        $this->assertSame([], $columns);
        $report = new Report('ekvio.trainings_statistic', ['forms' => array_filter([0, 8, 9])]);
        $refused = $this->refusal(fn () => $report->append(['form_question_10' => 'x']));
        $this->assertStringStartsWith('row 0: no column is named form_question_10; did you mean form_question_', $refused->getMessage());
        $this->assertSame('{"data":[]}', self::empty(['forms' => []]));
        $this->assertSame('{"data":[]}', self::empty(['forms' => null, 'file' => null]));
    }

    public function testOptionsThatJsonCannotSayAreRefused(): void
    {
        foreach ([['timezone' => "\xff"], ['timezone' => NAN], ['file' => STDIN]] as $options) {
            $refused = $this->refusal(fn () => new Report('ekvio.trainings_statistic', $options));
            $this->assertStringStartsWith('the options cannot be written as JSON: ', $refused->getMessage());
        }
    }

    public function testOptionsWithoutNamesAreRefused(): void
    {
        $this->assertSame('options must be one JSON object', $this->refusal(fn () => new Report('ekvio.errors', [8]))->getMessage());
    }

    public function testAMistypedOptionIsNamed(): void
    {
        $refused = $this->refusal(fn () => new Report('ekvio.trainings_statistic', ['timezon' => '+03:00']));
        $this->assertSame('unknown option timezon; did you mean timezone?', $refused->getMessage());
        $this->assertSame(Library::loaded()->TS_BAD_OPTION, $refused->getCode());
        $this->assertSame(0, $refused->errno());
    }

    public function testAnUnknownFormatIsNamed(): void
    {
        $refused = $this->refusal(fn () => new Report("ekvio\0errors"));
        $this->assertSame(Library::loaded()->TS_UNKNOWN_FORMAT, $refused->getCode());
    }

    public function testNoValueStandsInAnException(): void
    {
        $secret = 'Ivanov-secret';
        $rows = [['code' => $secret, 'field' => $secret, 'message' => $secret]];
        foreach ([
            fn () => (new Report('ekvio.errors'))->append($rows[0]),
            fn () => (new Report('ekvio.errors'))->extend($rows),
            fn () => iterator_to_array((new Report('ekvio.errors'))->stream($rows)),
        ] as $call) {
            $refused = $this->refusal($call);
            $this->assertStringNotContainsString($secret, (string) $refused);
            if (PHP_VERSION_ID >= 80200) {
                $inside = array_filter($refused->getTrace(), static fn ($frame) => ($frame['class'] ?? '') === Report::class);
                $this->assertStringNotContainsString($secret, print_r(array_column($inside, 'args'), true));
            }
        }
    }

    private static function empty(array $options): string
    {
        return (new Report('ekvio.trainings_statistic', $options))->build();
    }
}
