<?php

declare(strict_types=1);

namespace Trainstat;

use FFI;
use FFI\CData;

/**
 * A running task, held by this process until it is finished or closed; Tasks::claim() makes it.
 *
 *     $task = $tasks->claim('trainings', 'company-7');
 *     try {
 *         $task->progress(200, 1000);
 *         $task->finish('/var/reports/15.json');
 *     } finally {
 *         $task->close();       // a task that was not finished is recorded as "fail"
 *     }
 *
 * It may outlive its Tasks. Its destructor closes it, and so does a fatal error such as the memory limit; where the whole process
 * dies, the task is "fail" as well. In a child of a fork every method throws, TS_FORKED, and the task stays the parent's.
 *
 * Every method but id() and close() throws TrainstatException: TS_TASK_FINISHED once the task is finished, and after close()
 * always.
 */
final class Task
{
    use OwnsHandle;

    private const NOUN = 'task';

    /** @internal */
    public function __construct(FFI $ffi, Handle $handle, private readonly int $id)
    {
        $this->own($handle, $ffi, new Answer($ffi));
    }

    /** Positive, and no other task's of the directory, ever. */
    public function id(): int
    {
        return $this->id;
    }

    /** Records how far the task is, in rows for instance; a total of 0 is unknown. A small file is written each time. */
    public function progress(int $done, int $total = 0): void
    {
        $this->calling(fn (CData $task): int => $this->ffi->ts_task_progress($task, $done, $total, $this->answer->error));
    }

    /** Ends the task as "completed" and lets the next one in. The file is where the report is: a path or a URL. */
    public function finish(?string $file = null): void
    {
        $this->end('TS_COMPLETED', $file);
    }

    /** Ends the task as "fail" and lets the next one in. The log, a path or a URL, tells why. */
    public function fail(?string $log = null): void
    {
        $this->end('TS_FAIL', $log);
    }

    /** Closes the task; once more is fine. One that was not finished is recorded as "fail". */
    public function close(): void
    {
        $this->release();
    }

    private function end(string $outcome, ?string $file): void
    {
        $length = strlen($file ?? '');
        $this->calling(fn (CData $task): int => $this->ffi->ts_task_finish(
            $task,
            $this->ffi->$outcome,
            $file,
            $length,
            $this->answer->error,
        ));
    }
}
