<?php

declare(strict_types=1);

namespace Trainstat;

use FFI;
use FFI\CData;

/**
 * Where a call of the library leaves what it answers: a text by pointer and length, or an error.
 *
 *     $status = $ffi->ts_format_list($answer->json, $answer->length, $answer->error);
 *     $answer->text($status);     // or an exception
 *
 * The three properties are pointers to hand over. They point into this object: FFI::addr() keeps nothing alive.
 *
 * @internal
 */
final class Answer
{
    public readonly CData $json;
    public readonly CData $length;
    public readonly CData $error;
    private readonly CData $ownJson;
    private readonly CData $ownLength;
    private readonly CData $ownError;

    public function __construct(private readonly FFI $ffi)
    {
        $this->ownJson = $ffi->new('const char *');
        $this->ownLength = $ffi->new('size_t');
        $this->ownError = $ffi->new('ts_error');
        $this->json = FFI::addr($this->ownJson);
        $this->length = FFI::addr($this->ownLength);
        $this->error = FFI::addr($this->ownError);
    }

    /** The text that a call handed out, copied. */
    public function text(int $status): string
    {
        $this->check($status);
        $length = $this->ownLength->cdata;
        return $length === 0 ? '' : FFI::string($this->ownJson, $length);
    }

    /** The JSON text that a call handed out, as an array. */
    public function decoded(int $status): array
    {
        return json_decode($this->text($status), true, 512, JSON_THROW_ON_ERROR);
    }

    /** How many bytes a call put into the caller's buffer. */
    public function count(int $status): int
    {
        $this->check($status);
        return $this->ownLength->cdata;
    }

    /**
     * Throws unless the status is TS_OK.
     *
     * @param list<string> $keys of the columns, to name the refused one
     * @param ?\Closure(): ?string $unknown the key of the refused row that no column has
     */
    public function check(int $status, array $keys = [], ?\Closure $unknown = null): void
    {
        if ($status === $this->ffi->TS_OK) {
            return;
        }
        $message = FFI::string($this->ownError->message);
        if ($this->ownError->row >= 0 && ($status === $this->ffi->TS_ROW_REFUSED || $status === $this->ffi->TS_BATCH_MALFORMED)) {
            $column = $keys[$this->ownError->column] ?? ($unknown === null ? null : $unknown());
            throw new RowException($message, $status, $this->ownError->row, $column);
        }
        if ($status === $this->ffi->TS_TASK_RUNNING) {
            throw new TaskRunning($message, $status, $this->ownError->detail);
        }
        throw new TrainstatException($message, $status, $this->ownError->detail);
    }
}
