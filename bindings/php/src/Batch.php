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

    /** The kinds of a row of integers. */
    private readonly string $integers;

    private int $rows = 0;
    private string $bytes = '';

    /** @param list<array{key: string, type: string}> $columns in cell order */
    public function __construct(array $columns)
    {
        $this->absent = array_fill_keys(array_column($columns, 'key'), Mark::Absent);
        $this->types = array_column($columns, 'type');
        $this->columns = count($columns);
        $this->integers = str_repeat(self::INTEGER, count($columns));
    }

    /** Whether there are so many rows now that they should be taken. */
    public function add(#[SensitiveParameter] array $row): bool
    {
        $cells = array_replace($this->absent, $row);
        $this->bytes .= count($cells) === $this->columns
            ? $this->packed(array_values($cells))
            : $this->packed(array_values(array_intersect_key($cells, $this->absent)), $this->unknown($row));
        return ++$this->rows === self::ROWS || strlen($this->bytes) >= self::BYTES;
    }

    /** The batch, which is empty afterwards. */
    public function take(): string
    {
        $bytes = $this->rows === 0 ? '' : 'TSB1' . pack('V', $this->rows) . $this->bytes;
        $this->rows = 0;
        $this->bytes = '';
        return $bytes;
    }

    /** @param list<mixed> $cells */
    private function packed(#[SensitiveParameter] array $cells, ?string $unknown = null): string
    {
        // Every cell of a table is an integer until it is seen to be something else: one write less for most of them.
        $kinds = $this->integers;
        $slots = [];
        $texts = [];
        foreach ($cells as $cell => $value) {
            if (\is_int($value)) {
                $slots[] = $value;
            } elseif (\is_string($value)) {
                $kinds[$cell] = self::TEXT;
                $slots[] = \strlen($value);
                $texts[] = $value;
            } elseif ($value === null) {
                $kinds[$cell] = self::NULL;
            } elseif ($value === Mark::Absent) {
                $kinds[$cell] = self::ABSENT;
            } elseif (\is_bool($value)) {
                $kinds[$cell] = self::BOOLEAN;
                $slots[] = (int) $value;
            } elseif (\is_float($value)) {
                $kinds[$cell] = self::NUMBER;
                $slots[] = \unpack('P', \pack('e', $value))[1];
            } elseif ($value === Mark::Foreign) {
                $kinds[$cell] = self::FOREIGN;
                $slots[] = 0;
            } else {
                return $this->packed(\array_map(Plain::cell(...), $cells, $this->types), $unknown);
            }
        }
        if ($unknown !== null) {
            $kinds .= self::FOREIGN;
            $slots[] = \strlen($unknown);
            $texts[] = $unknown;
        }
        return \pack('V', \strlen($kinds)) . $kinds . \pack('P*', ...$slots) . \implode('', $texts);
    }

    /** The first key that no column has, as text: PHP has made an integer of a key such as "8". */
    private function unknown(#[SensitiveParameter] array $row): string
    {
        return (string) array_key_first(array_diff_key($row, $this->absent));
    }
}
