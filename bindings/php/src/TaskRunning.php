<?php

declare(strict_types=1);

namespace Trainstat;

/**
 * A task of that type and scope is running already.
 *
 *     try {
 *         $task = $tasks->claim('trainings', 'company-7');
 *     } catch (Trainstat\TaskRunning $running) {
 *         $running->id();           // 15
 *         echo $running->document();
 *         // {"errors":[{"code":1007,"field":"integration","message":"The integration task cannot be taken on because ..."}]}
 *     }
 */
final class TaskRunning extends TrainstatException
{
    /** @internal */
    public function __construct(string $message, int $status, private readonly int $id)
    {
        parent::__construct($message, $status);
    }

    /** The task that runs. */
    public function id(): int
    {
        return $this->id;
    }

    /** The document to answer with, format ekvio.task_running. */
    public function document(): string
    {
        $report = new Report('ekvio.task_running');
        $report->append(['id' => $this->id]);
        return $report->build();
    }
}
