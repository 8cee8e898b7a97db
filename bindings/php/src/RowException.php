<?php

declare(strict_types=1);

namespace Trainstat;

/**
 * A refused row. The report is still good, has every row before this one, and takes further rows.
 *
 *     try {
 *         $report->append(['code' => 'many', 'field' => 'integration', 'message' => '...']);
 *     } catch (Trainstat\RowException $refused) {
 *         $refused->row();          // 0
 *         $refused->column();       // 'code'
 *         $refused->getMessage();   // 'row 0: code must be an integer'
 *     }
 */
final class RowException extends TrainstatException
{
    /** @internal */
    public function __construct(string $message, int $status, private readonly int $row, private readonly ?string $column)
    {
        parent::__construct("row {$row}: {$message}", $status);
    }

    /** The refused row, counted from 0 over the report's life, refused ones included. */
    public function row(): int
    {
        return $this->row;
    }

    /** The key of the refused cell, or of the row that no column has; null where the row as a whole is refused. */
    public function column(): ?string
    {
        return $this->column;
    }
}
