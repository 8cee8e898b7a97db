<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use Trainstat\Library;
use Trainstat\Report;
use Trainstat\RowException;

/** Documents of parts of the rows, joined, are the document of all the rows. */
final class PartsTest extends ReportCase
{
    public function testPartsAreTheWholeReport(): void
    {
        $report = new Report('ekvio.errors');
        $report->appendPart(self::document(1, 2), 2);
        $report->append(self::row(3));
        $report->appendPart(self::document(4), 1);
        $this->assertSame(['accepted' => 4, 'refused' => 0, 'problems' => []], $report->problems());
        $this->assertSame(self::document(1, 2, 3, 4), $report->build());
    }

    public function testPartsAreTheWholeReportInAFile(): void
    {
        $file = Scratch::file('report.json');
        $codes = range(0, 20_000);
        $report = new Report('ekvio.errors', ['file' => $file]);
        $report->appendPart(self::document(0), 1);
        $report->appendPart(self::document(...array_slice($codes, 1)), 20_000);
        $this->assertSame('', $report->build());
        $this->assertSame(self::document(...$codes), file_get_contents($file));
    }

    public function testAPartOfAnotherReportIsTakenAsItWasBuilt(): void
    {
        $part = new Report('ekvio.errors', ['on_refused' => 'skip']);
        $part->extend([self::row(1), [], self::row(2)]);
        $report = new Report('ekvio.errors', ['on_refused' => 'skip']);
        $report->appendPart($part->build(), $part->problems()['accepted']);
        $this->assertSame(['accepted' => 2, 'refused' => 0, 'problems' => []], $report->problems());
        $this->assertSame(self::document(1, 2), $report->build());
    }

    /** @dataProvider refused */
    public function testWhatIsNoPartIsRefusedWithoutATrace(string $document, int $rows): void
    {
        $report = new Report('ekvio.errors');
        $report->append(self::row(1));
        $refused = $this->refusal(fn () => $report->appendPart($document, $rows));
        $this->assertNotInstanceOf(RowException::class, $refused);
        $this->assertSame(Library::loaded()->TS_PART_REFUSED, $refused->getCode());
        $report->appendPart(self::document(2), 1);
        $this->assertSame(self::document(1, 2), $report->build());
    }

    public function refused(): array
    {
        return [
            'too few rows' => [self::document(2, 3), 1],
            'too many rows' => [self::document(2, 3), 3],
            'a negative number of rows' => [self::document(2), -1],
            'no rows where there are some' => [self::document(2), 0],
            'rows where there are none' => [self::document(), 1],
            'half of it' => [substr(self::document(2), 0, -3), 1],
            'a NUL behind it' => [self::document(2) . "\0", 1],
            'another format' => ['{"data":[]}', 0],
            'nothing' => ['', 0],
        ];
    }

    public function testARowBehindAPartHasTheNextNumber(): void
    {
        $report = new Report('ekvio.errors');
        $report->appendPart(self::document(1, 2), 2);
        $this->assertSame(2, $this->refusal(fn () => $report->append([]))->row());
    }
}
