<?php

declare(strict_types=1);

namespace Trainstat;

use SensitiveParameter;

/**
 * Rows into the packed batch that trainstat.h draws at ts_batch_append. This is the hot path.
 *
 *     $batch = new Batch($columns);
 *     while (!$batch->add($row)) { ... }       // true: the batch has grown enough to be handed over
 *     $bytes = $batch->take();                 // '' where there are no rows
 *
 * @internal
 */
final class Batch
{
    /** A batch is bounded in rows and in bytes: rows that wait in it cannot be read from the report yet. */
    private const ROWS = 256;
    private const BYTES = 1 << 20;

    // The kinds of trainstat.h, as bytes of the batch.
    public const ABSENT = "\x00";
    public const NULL = "\x01";
    public const INTEGER = "\x02";
    public const NUMBER = "\x03";
    public const TEXT = "\x04";
    public const BOOLEAN = "\x05";
    public const FOREIGN = "\x06";

    /** @var array<string, Mark> an absent cell for each column, in cell order */
    private readonly array $absent;

    /** @var list<string> each column's type */
    private readonly array $types;

    private readonly int $columns;

    /** How a row of integers begins: its count of cells and their kinds. */
    private readonly string $integers;

    private int $rows = 0;
    private string $bytes = '';

    /** @var array<int, string> the unknown key of each row that has one, by the row's place in the batch taken last */
    public array $unknown = [];

    /** @var array<int, string> the same of the batch being filled */
    private array $filling = [];

    /** @param list<array{key: string, type: string}> $columns in cell order */
    public function __construct(array $columns)
    {
        $this->absent = array_fill_keys(array_column($columns, 'key'), Mark::Absent);
        $this->types = array_column($columns, 'type');
        $this->columns = count($columns);
        $this->integers = pack('V', count($columns)) . str_repeat(self::INTEGER, count($columns));
    }

    /** Whether there are so many rows now that they should be taken. */
    public function add(#[SensitiveParameter] array $row): bool
    {
        $cells = \array_replace($this->absent, $row);
        if (\count($cells) !== $this->columns) {
            $unknown = $this->unknown($row);
            $cells = \array_intersect_key($cells, $this->absent);
        }
        // A cell is an integer until it is seen to be something else: one write less for most of them.
        $head = $this->integers;
        $kind = 3;
        $slots = [];
        $texts = '';
        foreach ($cells as $value) {
            ++$kind;
            if (\is_int($value)) {
                $slots[] = $value;
            } elseif (\is_string($value)) {
                $head[$kind] = self::TEXT;
                $slots[] = \strlen($value);
                $texts .= $value;
            } elseif ($value === null) {
                $head[$kind] = self::NULL;
            } elseif ($value === Mark::Absent) {
                $head[$kind] = self::ABSENT;
            } elseif (\is_float($value)) {
                $head[$kind] = self::NUMBER;
                $slots[] = \unpack('P', \pack('e', $value))[1];
            } elseif (\is_bool($value)) {
                $head[$kind] = self::BOOLEAN;
                $slots[] = (int) $value;
            } elseif ($value === Mark::Foreign) {
                $head[$kind] = self::FOREIGN;
                $slots[] = 0;
            } else {
                return $this->add($this->plain($cells) + $row);
            }
        }
        if (isset($unknown)) {
            $head = \pack('V', $this->columns + 1) . \substr($head, 4) . self::FOREIGN;
            $slots[] = \strlen($unknown);
            $texts .= $unknown;
            $this->filling[$this->rows] = $unknown;
        }
        $this->bytes .= $head . \pack('P*', ...$slots) . $texts;
        return ++$this->rows === self::ROWS || \strlen($this->bytes) >= self::BYTES;
    }

    /** The batch, which is empty afterwards. */
    public function take(): string
    {
        $bytes = $this->rows === 0 ? '' : 'TSB1' . pack('V', $this->rows) . $this->bytes;
        $this->rows = 0;
        $this->bytes = '';
        $this->unknown = $this->filling;
        $this->filling = [];
        return $bytes;
    }

    /** The cells again, without PHP's objects. */
    private function plain(#[SensitiveParameter] array $cells): array
    {
        // Not by array_map: its arguments would stand in the trace of what a host's object throws.
        $place = 0;
        foreach ($cells as $key => $value) {
            $cells[$key] = Plain::cell($value, $this->types[$place++]);
        }
        return $cells;
    }

    /** The first key that no column has, as text: PHP has made an integer of a key such as "8". */
    private function unknown(#[SensitiveParameter] array $row): string
    {
        return (string) array_key_first(array_diff_key($row, $this->absent));
    }
}
