<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use Trainstat\Library;
use Trainstat\Report;

/** Streams, files, and what a report answers in the course of its life. */
final class ReportLifeTest extends ReportCase
{
    public function testStreamsPiecesWhileRowsAreRead(): void
    {
        $read = 0;
        $rows = (function () use (&$read) {
            for (; $read < 10_000; ++$read) {
                yield self::row($read);
            }
        })();
        $pieces = (new Report('ekvio.errors'))->stream($rows);
        $this->assertSame(0, $read);
        $document = $pieces->current();
        $this->assertLessThan(1_000, $read);
        for ($pieces->next(); $pieces->valid(); $pieces->next()) {
            $this->assertNotSame('', $pieces->current());
            $document .= $pieces->current();
        }
        $this->assertSame(self::document(...range(0, 9_999)), $document);
    }

    public function testAStreamGivesTheRowsBeforeARefusedOne(): void
    {
        $given = '';
        $this->refusal(function () use (&$given): void {
            foreach ((new Report('ekvio.errors'))->stream([self::row(1), self::row(2), ['code' => 'x'] + self::row(3)]) as $piece) {
                $given .= $piece;
            }
        });
        $this->assertSame(substr(self::document(1, 2), 0, -2), $given);
    }

    public function testPiecesOfAStreamHaveKeysOfTheirOwn(): void
    {
        $pieces = iterator_to_array((new Report('ekvio.errors'))->stream(array_map(self::row(...), range(0, 4_999))));
        $this->assertGreaterThan(3, count($pieces));
        $this->assertSame(self::document(...range(0, 4_999)), implode('', $pieces));
    }

    public function testAnAbandonedStreamLeavesAReportThatCanBeBuilt(): void
    {
        $report = new Report('ekvio.errors');
        foreach ($report->stream(array_map(self::row(...), range(0, 999))) as $first) {
            break;
        }
        $this->assertStringStartsWith('{"errors":[{"code":0,', $first);
        $report->append(self::row(1_000));
        $whole = $first . $report->build();
        $this->assertStringStartsWith('{"errors":[', $whole);
        $this->assertStringEndsWith('{"code":1000,"field":"f","message":"m"}]}', $whole);
        $this->assertIsArray(json_decode($whole, true, 512, JSON_THROW_ON_ERROR));
    }

    public function testStreamRefusesAReportOnAFileAtOnce(): void
    {
        $report = new Report('ekvio.errors', ['file' => Scratch::file('report.json')]);
        $this->assertSame(Library::loaded()->TS_FILE_REPORT, $this->refusal(fn () => $report->stream([]))->getCode());
    }

    public function testAFileIsThereAfterTheBuildOnly(): void
    {
        $file = Scratch::file('report.json');
        file_put_contents($file, 'old');
        $report = new Report('ekvio.errors', ['file' => $file]);
        $report->append(self::row(1));
        $this->assertSame('old', file_get_contents($file));
        $this->assertSame('', $report->build());
        $this->assertSame(self::document(1), file_get_contents($file));
    }

    public function testAFileThatWasNotBuiltIsNotThere(): void
    {
        $report = new Report('ekvio.errors', ['file' => Scratch::file('report.json')]);
        $report->append(self::row(1));
        unset($report);
        $this->assertSame([], array_diff(scandir(Scratch::folder()), ['.', '..']));
    }

    public function testNamesTheReasonWhereAFileCannotBeWritten(): void
    {
        $refused = $this->refusal(fn () => new Report('ekvio.errors', ['file' => Scratch::file('missing/report.json')]));
        $this->assertSame(Library::loaded()->TS_FILE_FAILED, $refused->getCode());
        $this->assertSame(2, $refused->errno());
    }

    /** @dataProvider methods */
    public function testAfterCloseEveryMethodThrows(callable $call): void
    {
        $report = new Report('ekvio.errors');
        $report->close();
        $report->close();
        $this->assertSame('the report is closed', $this->refusal(fn () => $call($report))->getMessage());
    }

    /** @dataProvider methods */
    public function testAReportThatWasNeverOpenedThrows(callable $call): void
    {
        $report = (new \ReflectionClass(Report::class))->newInstanceWithoutConstructor();
        $this->assertSame('the report is closed', $this->refusal(fn () => $call($report))->getMessage());
    }

    /** @dataProvider methods */
    public function testAnIterableCannotCallItsReport(callable $call): void
    {
        $report = new Report('ekvio.errors');
        $rows = (function () use ($call, $report) {
            yield self::row(1);
            if ($call !== self::PROBLEMS) {
                $this->assertStringContainsString('is being given rows', $this->refusal(fn () => $call($report))->getMessage());
            }
            $this->assertStringContainsString('is being given rows', $this->refusal($report->close(...))->getMessage());
            $this->assertSame(0, $report->problems()['accepted']);
            yield self::row(2);
        })();
        $report->extend($rows);
        $this->assertSame(self::document(1, 2), $report->build());
    }

    private const PROBLEMS = [self::class, 'problems'];

    public static function problems(Report $report): void
    {
        $report->problems();
    }

    public function methods(): array
    {
        return [
            'append' => [fn (Report $report) => $report->append([])],
            'extend' => [fn (Report $report) => $report->extend([])],
            'appendPart' => [fn (Report $report) => $report->appendPart('', 0)],
            'stream' => [fn (Report $report) => $report->stream([])],
            'build' => [fn (Report $report) => $report->build()],
            'problems' => [self::PROBLEMS],
        ];
    }

    public function testBetweenPiecesAStreamedReportCanBeClosed(): void
    {
        $report = new Report('ekvio.errors');
        $pieces = $report->stream(array_map(self::row(...), range(0, 9_999)));
        $pieces->current();
        $report->close();
        $this->assertSame('the report is closed', $this->refusal(function () use ($pieces): void {
            while ($pieces->valid()) {
                $pieces->next();
            }
        })->getMessage());
    }

    public function testTwoReportsTakeTurns(): void
    {
        $one = new Report('ekvio.errors');
        $other = new Report('ekvio.integration');
        $one->extend((function () use ($other) {
            yield self::row(1);
            $other->append(['id' => 15]);
            yield self::row(2);
        })());
        $this->assertSame('{"data":{"integration":15}}', $other->build());
        $this->assertSame(self::document(1, 2), $one->build());
    }

    public function testCannotBeClonedAndStaysGood(): void
    {
        $report = new Report('ekvio.errors');
        $report->append(self::row(1));
        $this->assertSame('a report cannot be cloned', $this->refusal(fn () => clone $report)->getMessage());
        $this->assertSame(self::document(1), $report->build());
    }

    public function testCannotBeSerialized(): void
    {
        $report = new Report('ekvio.errors');
        $this->assertSame('a report cannot be serialized', $this->refusal(fn () => serialize($report))->getMessage());
        $forged = 'O:16:"Trainstat\Report":0:{}';
        $this->assertSame('a report cannot be serialized', $this->refusal(fn () => unserialize($forged))->getMessage());
    }

    public function testOpenedAgainItIsANewReport(): void
    {
        $report = new Report('ekvio.errors');
        $report->append(self::row(1));
        $report->__construct('ekvio.integration');
        $report->append(['id' => 15]);
        $this->assertSame('{"data":{"integration":15}}', $report->build());
    }
}
