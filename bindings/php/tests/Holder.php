<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/** Another process that holds the task "trainings" of "company-7". Ends its task where its input ends. */
final class Holder
{
    private const PHP = <<<'PHP'
        $tasks = new Trainstat\Tasks($argv[1]);
        $task = $tasks->claim('trainings', 'company-7');
        echo $task->id(), "\n";
        stream_get_contents(STDIN);
        $task->finish('/reports/php.json');
        PHP;

    private const PYTHON = <<<'PYTHON'
        import sys, trainstat
        with trainstat.Tasks(sys.argv[1]).claim("trainings", scope="company-7") as task:
            print(task.id, flush=True)
            sys.stdin.read()
            task.finish(file="/reports/python.json")
        PYTHON;

    public readonly int $id;

    /** @param array<int, resource> $pipes */
    private function __construct(private readonly mixed $process, private readonly array $pipes)
    {
        $this->id = (int) fgets($pipes[1]);
    }

    public static function php(string $directory): self
    {
        return self::start(Php::command(self::PHP, [], [$directory]));
    }

    public static function python(string $directory): self
    {
        return self::start(Python::command(self::PYTHON, [$directory]), Python::environment());
    }

    /** @param list<string> $command */
    private static function start(array $command, array $environment = []): self
    {
        $process = proc_open($command, [['pipe', 'r'], ['pipe', 'w']], $pipes, null, $environment + getenv());
        return new self($process, $pipes);
    }

    public function kill(): void
    {
        proc_terminate($this->process, SIGKILL);
        proc_close($this->process);
    }

    /** Its exit code. */
    public function end(): int
    {
        fclose($this->pipes[0]);
        return proc_close($this->process);
    }
}
