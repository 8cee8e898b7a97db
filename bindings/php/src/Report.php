<?php

declare(strict_types=1);

namespace Trainstat;

use FFI;
use FFI\CData;
use Generator;
use SensitiveParameter;
use Throwable;

/**
 * One report: rows go in, one JSON document comes out.
 *
 *     $report = new Trainstat\Report('ekvio.errors');
 *     $report->append(['code' => 1007, 'field' => 'company_id', 'message' => 'Module trainings not available for company']);
 *     echo $report->build();
 *     // {"errors":[{"code":1007,"field":"company_id","message":"Module trainings not available for company"}]}
 *
 * A row is an array by the keys of Catalogue::describe(). A missing key is absent and takes the column's default; null is null.
 * Taken are null, bool, int, float and string (a number as a string is a number), a backed enum for its value, a
 * DateTimeInterface where the column is a moment or a date (Unix seconds, the fraction cut downwards), and a DateInterval without
 * years and months where it is a duration. Everything else refuses the row, and so does an unknown key.
 *
 * Every method throws TrainstatException, RowException where a row is refused; and after close() always. While the report asks an
 * iterable for its rows, that iterable may call problems() and nothing else of it.
 */
final class Report
{
    use OwnsHandle;

    private const NOUN = 'report';

    /** What stream() yields at a time, at most, until the rows end. */
    private const CHUNK = 1 << 16;

    /** @var list<array<string, mixed>> */
    private array $columns = [];

    /** @var list<string> */
    private array $keys = [];

    /** The batch whose rows an iterable is being asked for right now. */
    private ?Batch $asking = null;

    /** For append(). */
    private ?Batch $single = null;
    private ?CData $accepted = null; // rows of the last batch

    /**
     * Opens a report of a format.
     *
     *     new Trainstat\Report('ekvio.trainings_statistic', ['forms' => [8], 'timezone' => 'Europe/Moscow']);
     *     new Trainstat\Report('eloomi.participants', ['on_refused' => 'skip', 'file' => 'report.json']);
     *
     * Catalogue::describe() lists the options of a format; one that is null counts as not given.
     *
     * @param array<string, mixed> $options
     */
    public function __construct(string $format, array $options = [])
    {
        $this->close();
        $options = Options::json($options);
        $ffi = Library::loaded();
        $answer = new Answer($ffi);
        $handle = new Handle($ffi, 'ts_report');
        $place = $handle->place();
        $status = $ffi->ts_report_open($format, \strlen($format), $options, \strlen($options), $place, $answer->error);
        $answer->check($status);
        $status = $ffi->ts_report_describe($handle->pointer(), $answer->json, $answer->length, $answer->error);
        static $last = ['', []];
        $text = $answer->text($status);
        if ($last[0] !== $text) {
            $last = [$text, json_decode($text, true)['columns']];
        }
        $this->columns = $last[1];
        $this->keys = array_column($this->columns, 'key');
        $this->single = new Batch($this->columns);
        $this->accepted = $ffi->new('uint64_t');
        $this->own($handle, $ffi, $answer);
    }

    /**
     * Appends one row, at once: a RowException is about this row.
     *
     * @param array<string, mixed> $row
     */
    public function append(#[SensitiveParameter] array $row): void
    {
        $this->free();
        $this->cross($this->single, $row);
    }

    /**
     * Appends rows, a batch at a time.
     *
     *     $report->extend($pdo->query('SELECT ...', PDO::FETCH_ASSOC));
     *
     * A refused row stops it with a RowException; every row before that one is kept, and the iterable may have been read some
     * hundred rows further. Where the iterable itself throws, the rows it gave before are kept and its exception passes.
     *
     * @param iterable<array<string, mixed>> $rows
     */
    public function extend(#[SensitiveParameter] iterable $rows): void
    {
        $this->free();
        foreach ($this->crossings($rows) as $_) {
        }
    }

    /**
     * Appends the rows of a part: the document of another report of the same format and options ('file' and 'on_refused' aside),
     * written in another process or machine; $rows is how many that report accepted.
     *
     *     $report->appendPart($part->build(), $part->problems()['accepted']);
     *
     * A document that does not fit throws a TrainstatException with the code TS_PART_REFUSED, and nothing is appended; it is looked
     * at, not checked anew, so it must be this library's, unchanged. What was refused in a part stays among its own problems.
     */
    public function appendPart(#[SensitiveParameter] string $document, int $rows): void
    {
        if ($rows < 0) {
            throw new TrainstatException('a part has no fewer than 0 rows', $this->ffi->TS_PART_REFUSED);
        }
        $this->free();
        $this->calling(fn (CData $report): int => $this->ffi->ts_part_append(
            $report,
            $document,
            \strlen($document),
            $rows,
            $this->answer->error,
        ));
    }

    /**
     * Appends rows and builds, giving the document piece by piece while the rows are read: the memory stays flat.
     *
     *     foreach ($report->stream($rows) as $piece) {
     *         echo $piece;
     *     }
     *
     * Nothing is appended before the first piece is asked for. Rows are refused as in extend(). A report on a file has nothing to
     * stream and says so at once.
     *
     * @param iterable<array<string, mixed>> $rows
     * @return Generator<int, string>
     */
    public function stream(#[SensitiveParameter] iterable $rows): Generator
    {
        $this->free();
        $this->read($this->ffi->new('char[1]'), 0);
        return $this->pieces($rows);
    }

    /** Ends the rows. The document, or what stream() has left of it; '' where it is in the report's file, complete. */
    public function build(): string
    {
        $this->free();
        return $this->calling(fn (CData $report): int => $this->ffi->ts_report_build(
            $report,
            $this->answer->json,
            $this->answer->length,
            $this->answer->error,
        ), 'text');
    }

    /**
     * What was taken and refused so far, before and after the build; at most the first 1,000 problems.
     *
     *     ['accepted' => 2, 'refused' => 1,
     *      'problems' => [['row' => 1, 'column' => 'user_id', 'message' => 'user_id must be an integer']]]
     *
     * @return array{accepted: int, refused: int, problems: list<array{row: int, column: ?string, message: string}>}
     */
    public function problems(): array
    {
        return $this->calling(fn (CData $report): int => $this->ffi->ts_report_problems(
            $report,
            $this->answer->json,
            $this->answer->length,
            $this->answer->error,
        ), 'decoded');
    }

    /** Closes the report; once more is fine. A file that was not built is not there, and the one in its place is whole. */
    public function close(): void
    {
        $this->refuseAsking();
        $this->release();
    }

    /** @return Generator<int, string> */
    private function pieces(#[SensitiveParameter] iterable $rows): Generator
    {
        $buffer = $this->ffi->new('char[' . self::CHUNK . ']');
        try {
            foreach ($this->crossings($rows) as $_) {
                foreach ($this->ready($buffer) as $piece) {
                    yield $piece; // not "yield from", which would begin the keys anew
                }
            }
        } catch (Throwable $failure) {
            foreach ($this->ready($buffer) as $piece) {
                yield $piece; // of the rows before
            }
            throw $failure;
        }
        $rest = $this->build();
        if ($rest !== '') {
            yield $rest;
        }
    }

    /** @return Generator<int, string> */
    private function ready(CData $buffer): Generator
    {
        while ($this->handle?->pointer() !== null && ($piece = $this->read($buffer, self::CHUNK)) !== '') {
            yield $piece;
        }
    }

    /**
     * Asks for the rows and hands them over in batches, yielding after each.
     *
     * @return Generator<int, null>
     */
    private function crossings(#[SensitiveParameter] iterable $rows): Generator
    {
        $batch = new Batch($this->columns);
        try {
            $this->ask($batch);
            if (\is_array($rows) && \array_is_list($rows)) {
                for ($from = 0; ($some = $batch->addSome($rows, $from)) > 0; $from += $some) {
                    $this->asked($batch);
                    $this->cross($batch);
                    yield;
                    $this->ask($batch);
                }
            } else {
                foreach ($rows as $row) {
                    if ($batch->add($row)) {
                        $this->asked($batch);
                        $this->cross($batch);
                        yield;
                        $this->ask($batch);
                    }
                }
            }
        } catch (Throwable $failure) {
            $this->asked($batch);
            $this->cross($batch); // an earlier row that is refused comes first
            throw $failure;
        } finally {
            $this->asked($batch);
        }
        $this->cross($batch);
        yield;
    }

    private function ask(Batch $batch): void
    {
        $this->free();
        $this->asking = $batch;
    }

    private function asked(Batch $batch): void
    {
        if ($this->asking === $batch) {
            $this->asking = null;
        }
    }

    /** Hands over a batch, after putting the one row into it that append() brings. */
    private function cross(Batch $batch, #[SensitiveParameter] ?array $row = null): void
    {
        $this->calling(
            function (CData $report) use ($batch, $row): int {
                if ($row !== null) {
                    $batch->add($row);
                }
                $bytes = $batch->take();
                $accepted = FFI::addr($this->accepted);
                return $bytes === ''
                    ? $this->ffi->TS_OK
                    : $this->ffi->ts_batch_append($report, $bytes, \strlen($bytes), $accepted, $this->answer->error);
            },
            'check',
            $this->keys,
            fn (): ?string => $batch->unknown($this->accepted->cdata),
        );
    }

    private function read(CData $buffer, int $capacity): string
    {
        $length = $this->calling(fn (CData $report): int => $this->ffi->ts_report_read(
            $report,
            $buffer,
            $capacity,
            $this->answer->length,
            $this->answer->error,
        ), 'count');
        return $length === 0 ? '' : FFI::string($buffer, $length);
    }

    /** The report must be open, and no iterable of it be asked for a row. */
    private function free(): void
    {
        $this->refuseAsking();
        $this->open();
    }

    private function refuseAsking(): void
    {
        if ($this->asking !== null) {
            throw new TrainstatException('the report is being given rows: until they end it answers problems() only');
        }
    }
}
