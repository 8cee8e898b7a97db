<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use Trainstat\Library;
use Trainstat\TaskRunning;
use Trainstat\Tasks;

/** Tasks between processes and languages, and what becomes of them however a process ends. */
final class TaskProcessesTest extends RefusalCase
{
    private const QUIET = ['-d', 'display_errors=0', '-d', 'log_errors=0'];

    private string $directory;
    private Tasks $tasks;

    protected function setUp(): void
    {
        $this->directory = Scratch::file('tasks');
        $this->tasks = new Tasks($this->directory);
    }

    /** The id of the task that keeps this process from claiming. */
    private function holder(): int
    {
        $running = $this->refusal(fn () => $this->tasks->claim('trainings', 'company-7'));
        $this->assertInstanceOf(TaskRunning::class, $running, $running->getMessage());
        return $running->id();
    }

    private function status(int $id): string
    {
        return $this->tasks->state($id)['status'];
    }

    public function testATaskOfAnotherProcessIsSeenAndWaitedFor(): void
    {
        $other = Holder::php($this->directory);
        $this->assertSame($other->id, $this->holder());
        $this->assertSame('progress', $this->status($other->id));
        $this->assertSame(0, $other->end());
        $this->assertSame('/reports/php.json', $this->tasks->state($other->id)['file']);
        $this->tasks->claim('trainings', 'company-7')->finish();
    }

    public function testATaskWhoseProcessIsKilledIsFailAndLetsTheNextOneIn(): void
    {
        $other = Holder::php($this->directory);
        $this->assertSame($other->id, $this->holder());
        $other->kill();
        $this->assertSame('fail', $this->status($other->id));
        $next = $this->tasks->claim('trainings', 'company-7');
        $this->assertGreaterThan($other->id, $next->id());
        $next->finish();
        $this->assertSame(['completed', 'fail'], array_column($this->tasks->list(), 'status'));
    }

    public function testATaskOfPythonBlocksOneOfPhp(): void
    {
        $other = Holder::python($this->directory);
        $this->assertSame($other->id, $this->holder());
        $this->assertSame('company-7', $this->tasks->state($other->id)['scope']);
        $this->assertSame(0, $other->end());
        $this->assertSame('/reports/python.json', $this->tasks->state($other->id)['file']);
        $this->tasks->claim('trainings', 'company-7')->finish();
    }

    public function testATaskOfPhpBlocksOneOfPython(): void
    {
        $claim = '
import sys, trainstat
try:
    with trainstat.Tasks(sys.argv[1]).claim("trainings", scope="company-7") as task:
        task.finish()
    print("claimed")
except trainstat.TaskRunning as running:
    print(running.id, running.document.decode())
';
        $task = $this->tasks->claim('trainings', 'company-7');
        $document = $this->refusal(fn () => $this->tasks->claim('trainings', 'company-7'))->document();
        $said = Python::code($claim, [$this->directory]);
        $this->assertSame("{$task->id()} $document\n", $said->output, $said->errors);
        $task->finish();
        $said = Python::code($claim, [$this->directory]);
        $this->assertSame("claimed\n", $said->output, $said->errors);
    }

    public function testAChildOfAForkIsRefusedAndDisturbsNothing(): void
    {
        $said = Php::code(
            '$tasks = new Trainstat\Tasks($argv[1]);
             $task = $tasks->claim("trainings", "company-7");
             if (pcntl_fork() === 0) {
                 $calls = [
                     fn () => $task->progress(1), fn () => $task->finish("x"), fn () => $task->fail(), fn () => $tasks->state($task->id()),
                     fn () => $tasks->list(), fn () => $tasks->answer($task->id()), fn () => $tasks->claim("users"),
                 ];
                 foreach ($calls as $call) {
                     try { $call(); echo "taken "; } catch (Trainstat\TrainstatException $refused) { echo $refused->getCode(), " "; }
                 }
                 unset($calls, $call);
                 $task->close();
                 unset($tasks);
                 $again = new Trainstat\Tasks($argv[1]);
                 echo $again->state($task->id())["status"], " ";
                 try { $again->claim("trainings", "company-7"); } catch (Trainstat\TaskRunning $running) { echo $running->id() - $task->id(), " "; }
                 exit;
             }
             pcntl_wait($status);
             echo pcntl_wexitstatus($status), " ", $tasks->state($task->id())["status"], " ";
             if (pcntl_fork() === 0) { exit; } // destroys what it has
             pcntl_wait($status);
             $again = new Trainstat\Tasks($argv[1]);
             try { $again->claim("trainings", "company-7"); } catch (Trainstat\TaskRunning $running) { echo $running->id() - $task->id(), " "; }
             $task->progress(5);
             $task->finish("/reports/15.json");
             echo $tasks->state($task->id())["status"];',
            arguments: [$this->directory],
        );
        $forked = Library::loaded()->TS_FORKED;
        $this->assertSame(str_repeat("$forked ", 7) . 'progress 0 0 progress 0 completed', $said->output, $said->errors);
    }

    public function testAChildThatLivesOnHoldsNoLock(): void
    {
        $said = Php::code(
            '$tasks = new Trainstat\Tasks($argv[1]);
             $task = $tasks->claim("trainings", "company-7");
             $child = pcntl_fork();
             if ($child === 0) { sleep(60); exit; }
             $task->finish();
             $tasks->claim("trainings", "company-7")->finish();
             echo count($tasks->list());
             posix_kill($child, SIGKILL);
             pcntl_waitpid($child, $status);',
            arguments: [$this->directory],
        );
        $this->assertSame('2', $said->output, $said->errors);
    }

    /** @dataProvider fatals */
    public function testAFatalErrorClosesTheTaskBeforeTheProcessEnds(string $fatal): void
    {
        $said = Php::code(
            '$tasks = new Trainstat\Tasks($argv[1]);
             $task = $tasks->claim("trainings", "company-7");
             register_shutdown_function(function () use ($argv, $task) {
                 ini_set("memory_limit", "64M");
                 $again = new Trainstat\Tasks($argv[1]);
                 echo $again->state($task->id())["status"], " ";
                 $again->claim("trainings", "company-7")->finish();
                 echo $again->list(1)[0]["status"], " ";
                 try { $task->progress(1); } catch (Trainstat\TrainstatException $refused) { echo $refused->getMessage(); }
             });' . $fatal,
            ini: self::QUIET,
            arguments: [$this->directory],
        );
        $this->assertSame([255, 'fail completed the task is closed'], [$said->code, $said->output]);
    }

    public function fatals(): array
    {
        return [
            'memory limit' => ['ini_set("memory_limit", "16M"); str_repeat("x", 1 << 28);'],
            'time limit' => ['set_time_limit(1); while (true) { }'],
            'inside a function with a claim of its own' =>
                ['(function () use ($tasks) { $mine = $tasks->claim("users"); ini_set("memory_limit", "16M"); str_repeat("x", 1 << 28); })();'],
        ];
    }

    /** @dataProvider endings */
    public function testAProcessThatEndsWithATaskOpenLeavesItAsFail(string $ending, int $code): void
    {
        $said = Php::code(
            '$tasks = new Trainstat\Tasks($argv[1]); $task = $tasks->claim("trainings", "company-7");' . $ending,
            ini: self::QUIET,
            arguments: [$this->directory],
        );
        $this->assertSame([$code, ''], [$said->code, $said->output]);
        $this->assertSame(['fail'], array_column($this->tasks->list(), 'status'));
        $this->tasks->claim('trainings', 'company-7')->finish();
    }

    public function endings(): array
    {
        return [
            'at its end' => ['', 0],
            'at its end, the directory first' => ['$keep = [&$task]; unset($tasks);', 0],
            'by exit' => ['exit(7);', 7],
            'by an exception' => ['throw new LogicException();', 255],
            'in a cycle' => ['$cycle = new stdClass(); $cycle->self = $cycle; $cycle->task = $task; unset($cycle, $task);', 0],
        ];
    }

    /**
     * PHP runs signal handlers between any two steps: also between the library's claim and what PHP does with it.
     *
     * @dataProvider moments
     */
    public function testAHandlerThatThrowsLeavesNoTaskHeld(string $action): void
    {
        $said = Php::code(
            'final class Interrupted extends Exception {}
             $interrupted = 0;
             $wants = false;
             pcntl_async_signals(true);
             pcntl_signal(SIGUSR1, function () use (&$wants, &$interrupted) {
                 if ($wants) { $wants = false; ++$interrupted; throw new Interrupted(); }
             });
             $parent = getmypid();
             $child = pcntl_fork();
             if ($child === 0) {
                 while (posix_getppid() === $parent) { posix_kill($parent, SIGUSR1); usleep(150); }
                 posix_kill(getmypid(), SIGKILL);
             }
             $tasks = new Trainstat\Tasks($argv[1], ["max_count" => 10]);
             $ended = microtime(true) + 1;
             try {
                 while (microtime(true) < $ended) {
                     try {
                         ' . $action . '
                         $wants = false;
                     } catch (Interrupted $interruption) {
                         unset($interruption);
                     }
                     unset($task);
                     $tasks->claim("trainings", "company-7")->finish();
                 }
             } finally {
                 posix_kill($child, SIGKILL);
                 pcntl_waitpid($child, $status);
             }
             echo $interrupted > 20 ? "interrupted" : "interrupted $interrupted times";',
            arguments: [$this->directory],
        );
        $this->assertSame([0, 'interrupted'], [$said->code, $said->output], $said->errors);
    }

    public function moments(): array
    {
        $claim = '$task = $tasks->claim("trainings", "company-7");';
        return [
            'from the claim on' => ['$wants = true; ' . $claim . '$task->progress(1); $task->finish();'],
            'in the destructor' => [$claim . '$wants = true; unset($task);'],
        ];
    }

    public function testTasksGiveTheirMemoryAndDescriptorsBack(): void
    {
        $said = Php::code(
            'function open(): int { return count(scandir("/proc/self/fd")); }
             $before = open();
             $memory = [];
             foreach ([50, 1000] as $count) {
                 for ($round = 0; $round < $count; ++$round) {
                     $tasks = new Trainstat\Tasks($argv[1], ["max_count" => 5]);
                     $task = $tasks->claim("trainings");
                     try { $tasks->claim("trainings"); } catch (Trainstat\TaskRunning $running) { $running->document(); unset($running); }
                     $round % 2 ? $task->finish() : $task->close();
                     $tasks->answer($task->id(), "x");
                     unset($task, $tasks);
                 }
                 $memory[] = memory_get_usage();
             }
             echo open() - $before, " ", $memory[1] - $memory[0] < 4096 ? "flat" : $memory[1] - $memory[0];',
            arguments: [$this->directory],
        );
        $this->assertSame('0 flat', $said->output, $said->errors);
    }

    /** As php-fpm would: the package is preloaded and nothing else may use FFI. */
    public function testWorksWherePreloaded(): void
    {
        $user = posix_getpwuid(posix_geteuid())['name'];
        $script = Scratch::file('script.php');
        file_put_contents($script, '<?php
            echo class_exists("Trainstat\Tasks", false) ? "preloaded " : "";
            $task = (new Trainstat\Tasks($argv[1]))->claim("trainings");
            try { (new Trainstat\Tasks($argv[1]))->claim("trainings"); } catch (Trainstat\TaskRunning $running) { echo $running->id() - $task->id(); }');
        $preload = dirname(__DIR__) . '/preload.php';
        $ini = ['opcache.enable_cli=1', "opcache.preload=$preload", "opcache.preload_user=$user", 'ffi.enable=preload'];
        $said = Php::run([...array_merge(...array_map(fn ($line) => ['-d', $line], $ini)), $script, $this->directory]);
        $this->assertSame([0, 'preloaded 0', ''], [$said->code, $said->output, $said->errors]);
    }
}
