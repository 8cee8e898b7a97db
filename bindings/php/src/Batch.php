<?php

declare(strict_types=1);

namespace Trainstat;

use SensitiveParameter;
use Throwable;

/**
 * Rows as PHP's serialize() writes them, which ts_batch_append takes. This is the hot path: one call of PHP's own for some rows of a
 * list, and no loop over their cells; of other iterables one for a row. What is no plain value, or a reference, never gets there: such
 * rows go the long way, by Plain.
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
    private const ROWS = 128;
    private const BYTES = 1 << 20;

    /** What rows of a list should have together: more would leave the processor's caches. */
    private const NEAR = 1 << 17;

    // How these begin where serialize() has written them.
    private const ENUM = 'E:';
    private const REFERENCE = 'R:';

    /** @var array<string, string> the type of each column */
    private readonly array $types;

    /** @var list<string>|list<array> each row serialized; or as they are where $whole has them */
    private array $rows = [];
    private string $whole = '';
    private int $size = 0;

    /** @var list<string>|list<array> the rows of the batch taken last */
    private array $taken = [];

    private bool $cutsNumbers = false;

    /** How many rows of a list are taken at a time. */
    private int $most = 1;

    /** @param list<array{key: string, type: string}> $columns in cell order */
    public function __construct(array $columns)
    {
        $this->types = array_column($columns, 'type', 'key');
    }

    /** Whether there are so many rows now that they should be taken. */
    public function add(#[SensitiveParameter] mixed $row): bool
    {
        if (!\is_array($row)) {
            throw new TrainstatException('a row must be an array');
        }
        if ($this->rows === []) {
            $this->cutsNumbers = self::cutsNumbers();
        }
        $bytes = !$this->cutsNumbers && self::isPlain($row) ? \serialize($row) : '';
        if ($bytes === '' || \str_contains($bytes, self::REFERENCE)) {
            $bytes = $this->plain($row);
        }
        $this->rows[] = $bytes;
        $this->size += \strlen($bytes);
        return $this->size >= self::BYTES || \count($this->rows) === self::ROWS;
    }

    /** Takes rows of a list from a place on, so many as make a batch; how many they are. */
    public function addSome(#[SensitiveParameter] array $list, int $from): int
    {
        $some = \array_slice($list, $from, $this->most);
        if ($some === []) {
            return 0;
        }
        $bytes = self::serialized($some);
        if ($bytes === '') {
            foreach ($some as $row) {
                $this->add($row);
            }
        } else {
            $this->whole = $bytes;
            $this->rows = $some;
            $this->size = \strlen($bytes);
        }
        $this->most = max(1, min(self::ROWS, intdiv(self::NEAR * \count($some), $this->size)));
        return \count($some);
    }

    /** The batch, which is empty afterwards. */
    public function take(): string
    {
        $bytes = $this->whole;
        $rows = $this->taken = $this->rows;
        $this->whole = '';
        $this->rows = [];
        $this->size = 0;
        if ($bytes !== '' || $rows === []) {
            return $bytes;
        }
        $count = \count($rows);
        $rows[0] = "a:{$count}:{i:0;{$rows[0]}";
        $rows[$count - 1] .= '}';
        return \implode('i:0;', $rows);
    }

    /** The first key that no column has, of a row of the batch taken last. As text: PHP makes an integer of a key such as "8". */
    public function unknown(int $place): ?string
    {
        $row = $this->taken[$place] ?? [];
        if (\is_string($row)) {
            $row = \unserialize($row, ['allowed_classes' => false]);
        }
        $key = \array_key_first(\array_diff_key($row, $this->types));
        return $key === null ? null : (string) $key;
    }

    /**
     * Rows of a list by one call; '' where they must be looked at one by one, cell by cell. Looked at are only the first row, for objects
     * rarely come alone, and what is written: one brace more than the rows have, or the beginning of an enum or a reference, which may
     * also stand in a text. What is not seen there is a resource, which is written as 0: all rows are looked at where the process has
     * others than the standard streams and the default context.
     */
    private static function serialized(#[SensitiveParameter] array $some): string
    {
        if (self::cutsNumbers()) {
            return '';
        }
        \stream_context_get_default(); // so that it is there
        $looksAtAll = \count(\get_resources()) > 1 + (\defined('STDERR') ? 3 : 0);
        foreach ($some as $place => $row) {
            if (!\is_array($row) || (($looksAtAll || $place === 0) && !self::isPlain($row))) {
                return '';
            }
        }
        try {
            $bytes = \serialize($some);
        } catch (Throwable) {
            return ''; // of an object that does not want to be
        }
        $isPlain = \substr_count($bytes, '{') === \count($some) + 1
            && !\str_contains($bytes, self::ENUM) && !\str_contains($bytes, self::REFERENCE);
        return $isPlain ? $bytes : '';
    }

    /** Whether nothing in a row is an array, an object or a resource. */
    private static function isPlain(#[SensitiveParameter] array $row): bool
    {
        foreach ($row as $value) {
            if ($value !== null && !\is_scalar($value)) {
                return false;
            }
        }
        return true;
    }

    /** Whether serialize() would not write every figure of a number. */
    private static function cutsNumbers(): bool
    {
        $figures = (int) \ini_get('serialize_precision');
        return $figures !== -1 && $figures < 17;
    }

    /** A row of anything, cell by cell; numbers to the last figure. */
    private function plain(#[SensitiveParameter] array $row): string
    {
        $cells = 'a:' . \count($row) . ':{';
        foreach ($row as $key => $value) {
            $cell = Plain::cell($value, $this->types[$key] ?? '');
            $cells .= \serialize($key) . (\is_float($cell) ? \sprintf('d:%.17H;', $cell) : \serialize($cell));
        }
        return $cells . '}';
    }
}
