<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;
use Trainstat\Library;
use Trainstat\Report;
use Trainstat\RowException;
use Trainstat\TrainstatException;

/** Every case of tests/vectors through every way in that PHP has. */
final class VectorTest extends TestCase
{
    private ?Report $report = null;

    /** @dataProvider vectors */
    public function testAppendedRowsGiveTheVector(Vector $vector): void
    {
        $this->expect($vector, function () use ($vector): string {
            foreach ($vector->rows as $row) {
                $this->report->append($row);
            }
            return $this->report->build();
        });
    }

    /** @dataProvider vectors */
    public function testExtendingGivesTheVector(Vector $vector): void
    {
        $this->expect($vector, function () use ($vector): string {
            $this->report->extend($vector->rows);
            return $this->report->build();
        });
    }

    /** @dataProvider vectors */
    public function testStreamingGivesTheVector(Vector $vector): void
    {
        $this->expect($vector, function () use ($vector): string {
            $rows = (static fn () => yield from $vector->rows)();
            return implode('', iterator_to_array($this->report->stream($rows)));
        });
    }

    /** @dataProvider vectors */
    public function testAReportOnAFileGivesTheVector(Vector $vector): void
    {
        if (array_key_exists('file', $vector->options)) {
            $this->assertNotNull($vector->error ?? $vector->document); // the case is about that option itself
            return;
        }
        $file = Scratch::file('report.json');
        $this->expect($vector, function () use ($vector, $file): string {
            $this->report->extend($vector->rows);
            $this->assertSame('', $this->report->build());
            return file_get_contents($file);
        }, ['file' => $file]);
        $this->report = null;
        $this->assertSame($vector->error === null, is_file($file), 'a refused report leaves no file');
    }

    public function vectors(): iterable
    {
        yield from Vectors::all();
    }

    protected function tearDown(): void
    {
        $this->report = null;
        Scratch::clear();
    }

    private function expect(Vector $vector, callable $document, array $options = []): void
    {
        try {
            $this->report = new Report($vector->format, $vector->options + $options);
            $given = $document();
        } catch (TrainstatException $refused) {
            $this->assertRefusedAs($vector, $refused);
            return;
        }
        $this->assertNull($vector->error, 'nothing was refused');
        // Not assertSame: it would take minutes to draw the difference of two long texts.
        $this->assertTrue($given === $vector->document, 'the document differs: ' . substr($given, 0, 2000));
        $this->assertProblems($vector);
    }

    private function assertRefusedAs(Vector $vector, TrainstatException $refused): void
    {
        $error = $vector->error;
        $this->assertNotNull($error, 'refused: ' . $refused->getMessage());
        $row = $refused instanceof RowException ? "row {$refused->row()}: " : '';
        $this->assertSame($row . $error['message'], $refused->getMessage());
        $this->assertSame($this->status($error['status'] ?? 'row_refused'), $refused->getCode());
        if (isset($error['row'])) {
            $this->assertInstanceOf(RowException::class, $refused);
            // A key that no column has is none to the library, and named by the host that was given it.
            $column = $error['column'] ?? (str_contains($error['message'], 'no column is named') || str_contains($error['message'], 'is no column') ? $refused->column() : null);
            $this->assertSame([$error['row'], $column], [$refused->row(), $refused->column()]);
        }
        $this->assertProblems($vector);
    }

    private function assertProblems(Vector $vector): void
    {
        if ($vector->problems !== null) {
            $this->assertSame($vector->problems, $this->report->problems());
        }
    }

    private function status(string $name): int
    {
        return Library::loaded()->{'TS_' . strtoupper($name)};
    }
}
