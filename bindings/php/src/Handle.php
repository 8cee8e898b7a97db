<?php

declare(strict_types=1);

namespace Trainstat;

use FFI;
use FFI\CData;
use WeakMap;

/**
 * A handle of the library, closed once, whichever way its owner ends.
 *
 *     $handle = new Handle($ffi, 'ts_report');
 *     $place = $handle->place();
 *     $status = $ffi->ts_report_open(..., $place, $answer->error);
 *     $ffi->ts_report_build($handle->pointer(), ...);
 *
 * It is there before the call that opens: PHP runs no destructor of an object whose constructor throws, and a signal handler may
 * throw between a call and the next step.
 *
 * @internal
 */
final class Handle
{
    private const FATAL = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR;

    /** @var ?WeakMap<self, true> every handle that may have to be closed */
    private static ?WeakMap $handles = null;

    private ?CData $pointer;

    /** @param string $type ts_report, ts_tasks or ts_task */
    public function __construct(private readonly FFI $ffi, private readonly string $type)
    {
        $this->pointer = $ffi->new("$type *");
        self::closeAfterFatalErrors($this);
    }

    /** Twice: a signal handler that throws can end the first before it has begun. */
    public function __destruct()
    {
        try {
            $this->close();
        } finally {
            $this->close();
        }
    }

    /** Where an open function leaves the handle. */
    public function place(): CData
    {
        return FFI::addr($this->pointer);
    }

    /** What the other functions take; null once it is closed. */
    public function pointer(): ?CData
    {
        return $this->pointer;
    }

    public function close(): void
    {
        $pointer = $this->pointer;
        if ($pointer !== null) {
            $this->pointer = null;
            $this->ffi->{"{$this->type}_close"}($pointer);
        }
    }

    /**
     * After a fatal error, such as the memory limit, PHP runs no destructors: under php-fpm the memory, the files and the locks
     * would stay with the worker.
     */
    private static function closeAfterFatalErrors(self $handle): void
    {
        if (self::$handles === null) {
            self::$handles = new WeakMap();
            register_shutdown_function(static function (): void {
                if (((error_get_last()['type'] ?? 0) & self::FATAL) !== 0) {
                    foreach (self::$handles as $left => $_) {
                        $left->close();
                    }
                }
            });
        }
        self::$handles[$handle] = true;
    }
}
