<?php

declare(strict_types=1);

namespace Trainstat;

use FFI;
use FFI\CData;
use Generator;
use JsonException;
use SensitiveParameter;
use Throwable;
use WeakMap;

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
    private const JSON = JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION;

    /** What stream() yields at a time, at most, until the rows end. */
    private const CHUNK = 1 << 16;

    private const FATAL = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR;

    /** @var ?WeakMap<self, true> every report that may have to be closed */
    private static ?WeakMap $reports = null;

    private ?CData $handle = null;
    private ?FFI $ffi = null;
    private ?Answer $answer = null;

    /** @var list<array<string, mixed>> */
    private array $columns = [];

    /** @var list<string> */
    private array $keys = [];

    /** The batch whose rows an iterable is being asked for right now. */
    private ?Batch $asking = null;

    /** For append(). */
    private ?Batch $single = null;
    private ?CData $accepted = null; // rows of the last batch

    /** Whether a call of the library is under way, its answer not yet copied. */
    private bool $isCalling = false;

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
        $options = self::json($options);
        $ffi = Library::loaded();
        $answer = new Answer($ffi);
        $handle = $ffi->new('ts_report *');
        $answer->check(
            $ffi->ts_report_open($format, strlen($format), $options, strlen($options), FFI::addr($handle), $answer->error),
        );
        try {
            $described = $answer->decoded($ffi->ts_report_describe($handle, $answer->json, $answer->length, $answer->error));
        } catch (Throwable $failure) {
            $ffi->ts_report_close($handle); // no destructor runs where a constructor throws
            throw $failure;
        }
        $this->columns = $described['columns'];
        $this->keys = array_column($described['columns'], 'key');
        $this->ffi = $ffi;
        $this->answer = $answer;
        $this->single = new Batch($this->columns);
        $this->accepted = $ffi->new('uint64_t');
        $this->handle = $handle;
        self::closeAfterFatalErrors($this);
    }

    public function __destruct()
    {
        $this->release();
    }

    /**
     * Appends one row, at once: a RowException is about this row.
     *
     * @param array<string, mixed> $row
     */
    public function append(#[SensitiveParameter] array $row): void
    {
        $this->free();
        $this->calling(function (CData $handle) use ($row): void {
            $this->single->add($row);
            $this->handOver($handle, $this->single);
        });
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
        return $this->calling(fn (CData $handle): string => $this->answer->text(
            $this->ffi->ts_report_build($handle, $this->answer->json, $this->answer->length, $this->answer->error),
        ));
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
        return $this->calling(fn (CData $handle): array => $this->answer->decoded(
            $this->ffi->ts_report_problems($handle, $this->answer->json, $this->answer->length, $this->answer->error),
        ));
    }

    /** Closes the report; once more is fine. A file that was not built is not there, and the one in its place is whole. */
    public function close(): void
    {
        if ($this->handle !== null) {
            $this->free();
            $this->refuseInside();
            $this->release();
        }
    }

    public function __clone(): void
    {
        $this->handle = null; // the copy is destroyed, and must not close what is not its own
        throw new TrainstatException('a report cannot be cloned');
    }

    public function __serialize(): array
    {
        throw new TrainstatException('a report cannot be serialized');
    }

    public function __unserialize(array $data): void
    {
        throw new TrainstatException('a report cannot be serialized');
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
        while ($this->handle !== null && ($piece = $this->read($buffer, self::CHUNK)) !== '') {
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
            foreach ($rows as $row) {
                if (!is_array($row)) {
                    throw new TrainstatException('a row must be an array');
                }
                if ($batch->add($row)) {
                    $this->asked($batch);
                    $this->cross($batch);
                    yield;
                    $this->ask($batch);
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

    private function cross(Batch $batch): void
    {
        $this->calling(fn (CData $handle) => $this->handOver($handle, $batch));
    }

    private function handOver(CData $handle, Batch $batch): void
    {
        $bytes = $batch->take();
        if ($bytes !== '') {
            $this->answer->check(
                $this->ffi->ts_batch_append($handle, $bytes, strlen($bytes), FFI::addr($this->accepted), $this->answer->error),
                $this->keys,
                fn (): ?string => $batch->unknown[$this->accepted->cdata] ?? null,
            );
        }
    }

    private function read(CData $buffer, int $capacity): string
    {
        return $this->calling(function (CData $handle) use ($buffer, $capacity): string {
            $length = $this->answer->count(
                $this->ffi->ts_report_read($handle, $buffer, $capacity, $this->answer->length, $this->answer->error),
            );
            return $length === 0 ? '' : FFI::string($buffer, $length);
        });
    }

    /**
     * One call of the library and the copy of its answer. PHP runs signal handlers between the two: what they ask of the same
     * report is refused.
     *
     * @template Answered
     * @param \Closure(CData): Answered $call
     * @return Answered
     */
    private function calling(\Closure $call): mixed
    {
        $this->refuseInside();
        try {
            $this->isCalling = true;
            return $call($this->open());
        } finally {
            $this->isCalling = false;
        }
    }

    private function refuseInside(): void
    {
        if ($this->isCalling) {
            throw new TrainstatException('the report is in the middle of another call');
        }
    }

    private function open(): CData
    {
        return $this->handle ?? throw new TrainstatException('the report is closed');
    }

    /** The handle, unless an iterable of this report is being asked for a row. */
    private function free(): CData
    {
        if ($this->asking !== null) {
            throw new TrainstatException('the report is being given rows: until they end it answers problems() only');
        }
        return $this->open();
    }

    /**
     * After a fatal error, such as the memory limit, PHP runs no destructors: under php-fpm the memory and the files of a report
     * would stay with the worker.
     */
    private static function closeAfterFatalErrors(self $report): void
    {
        if (self::$reports === null) {
            self::$reports = new WeakMap();
            register_shutdown_function(static function (): void {
                if (((error_get_last()['type'] ?? 0) & self::FATAL) !== 0) {
                    foreach (self::$reports as $left => $_) {
                        $left->release();
                    }
                }
            });
        }
        self::$reports[$report] = true;
    }

    private function release(): void
    {
        $handle = $this->handle;
        $this->handle = null;
        if ($handle !== null) {
            $this->ffi->ts_report_close($handle);
        }
    }

    /** The options as one JSON object; an array in them that lost some of its elements is a list still. */
    private static function json(array $options): string
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
