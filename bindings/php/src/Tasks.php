<?php

declare(strict_types=1);

namespace Trainstat;

use FFI;
use FFI\CData;

/**
 * A directory of tasks: one at a time of each type and scope, between all processes and languages that use the directory.
 *
 *     $tasks = new Trainstat\Tasks('/var/lib/lms/tasks');
 *     $task = $tasks->claim('trainings', 'company-7');
 *     $tasks->state($task->id())['status'];     // 'progress'
 *     $tasks->answer($task->id());              // {"data":{"status":"progress"}}
 *     $task->finish('https://lms.example/reports/15.json');
 *     $tasks->answer($task->id());              // {"data":{"status":"completed","file":"https://lms.example/reports/15.json"}}
 *
 * Every method but close() throws TrainstatException, and after close() always. In a child of a fork a new one has to be opened.
 */
final class Tasks
{
    use OwnsHandle;

    private const NOUN = 'directory of tasks';

    /**
     * Opens a directory, which is made where it is missing, its parent not. It must be this user's alone and on a local disk:
     * TS_UNSAFE_DIRECTORY.
     *
     *     new Trainstat\Tasks('/var/lib/lms/tasks', ['max_age' => 86400, 'max_count' => 100]);
     *
     * @param array<string, mixed> $options max_age (seconds) and max_count (records) say how many finished tasks are remembered
     */
    public function __construct(string $directory, array $options = [])
    {
        $this->close();
        $options = Options::json($options);
        $ffi = Library::loaded();
        $answer = new Answer($ffi);
        $handle = new Handle($ffi, 'ts_tasks');
        $place = $handle->place();
        $status = $ffi->ts_tasks_open(
            $directory,
            \strlen($directory),
            $options,
            \strlen($options),
            $place,
            $answer->error,
        );
        $answer->check($status);
        $this->own($handle, $ffi, $answer);
    }

    /**
     * Claims the one running task of a type (such as a module) and scope (such as a company).
     *
     * @throws TaskRunning with the id of the one that runs
     */
    public function claim(string $type, string $scope = ''): Task
    {
        $this->open();
        $handle = new Handle($this->ffi, 'ts_task');
        $place = $handle->place();
        $id = $this->ffi->new('int64_t');
        $idPlace = FFI::addr($id);
        $this->calling(fn (CData $tasks): int => $this->ffi->ts_task_claim(
            $tasks,
            $type,
            \strlen($type),
            $scope,
            \strlen($scope),
            $place,
            $idPlace,
            $this->answer->error,
        ));
        return new Task($this->ffi, $handle, $id->cdata);
    }

    /**
     * One task, whoever ran it. A status is 'progress', 'completed' or 'fail', a time Unix seconds.
     *
     *     ['id' => 15, 'type' => 'trainings', 'scope' => 'company-7', 'status' => 'progress', 'file' => null,
     *      'done' => 0, 'total' => 0, 'started' => 1606827121, 'finished' => null]
     *
     * @return array<string, int|string|null>
     */
    public function state(int $id): array
    {
        return $this->calling(fn (CData $tasks): int => $this->ffi->ts_task_state(
            $tasks,
            $id,
            $this->answer->json,
            $this->answer->length,
            $this->answer->error,
        ), 'decoded');
    }

    /**
     * The states of the newest tasks, the newest first.
     *
     * @return list<array<string, int|string|null>>
     */
    public function list(int $most = 100): array
    {
        if ($most < 0) {
            throw new TrainstatException('a list cannot have fewer than 0 tasks'); // as an unsigned number it would be huge
        }
        return $this->calling(fn (CData $tasks): int => $this->ffi->ts_tasks_list(
            $tasks,
            $most,
            $this->answer->json,
            $this->answer->length,
            $this->answer->error,
        ), 'decoded');
    }

    /**
     * The document to answer with where somebody asks for a task, format ekvio.integration_status. The URL stands for the task's
     * own file or log; a completed task needs one of them.
     */
    public function answer(int $id, ?string $fileUrl = null): string
    {
        ['status' => $status, 'file' => $file] = $this->state($id);
        $report = new Report('ekvio.integration_status');
        $report->append(['status' => $status, 'file' => $status === 'progress' ? null : $fileUrl ?? $file]);
        return $report->build();
    }

    /** Closes the directory; once more is fine. Tasks that are held stay held. */
    public function close(): void
    {
        $this->release();
    }
}
