<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use Trainstat\Library;
use Trainstat\Task;
use Trainstat\TaskRunning;
use Trainstat\Tasks;

/** Tasks within one process. */
final class TasksTest extends RefusalCase
{
    private static function tasks(array $options = []): Tasks
    {
        return new Tasks(Scratch::file('tasks'), $options);
    }

    private static function code(string $name): int
    {
        return Library::loaded()->$name;
    }

    public function testAStateFollowsATaskFromItsClaimToItsFinish(): void
    {
        $before = time();
        $tasks = self::tasks();
        $task = $tasks->claim('trainings', 'company-7');
        $started = $tasks->state($task->id())['started'];
        $this->assertGreaterThanOrEqual($before, $started);
        $this->assertLessThanOrEqual(time(), $started);
        $state = [
            'id' => $task->id(),
            'type' => 'trainings',
            'scope' => 'company-7',
            'status' => 'progress',
            'file' => null,
            'done' => 0,
            'total' => 0,
            'started' => $started,
            'finished' => null,
        ];
        $this->assertSame($state, $tasks->state($task->id()));
        $task->progress(3, 10);
        $this->assertSame(array_replace($state, ['done' => 3, 'total' => 10]), $tasks->state($task->id()));
        $task->progress(4);
        $this->assertSame([4, 0], self::counts($tasks, $task));
        $task->finish('/reports/15.json');
        $state = $tasks->state($task->id());
        $this->assertSame(['completed', '/reports/15.json'], [$state['status'], $state['file']]);
        $this->assertGreaterThanOrEqual($started, $state['finished']);
    }

    private static function counts(Tasks $tasks, Task $task): array
    {
        $state = $tasks->state($task->id());
        return [$state['done'], $state['total']];
    }

    public function testASecondClaimIsRefusedWithTheDocumentToAnswerWith(): void
    {
        $tasks = self::tasks();
        $task = $tasks->claim('trainings', 'company-7');
        $running = $this->refusal(fn () => self::tasks()->claim('trainings', 'company-7'));
        $this->assertInstanceOf(TaskRunning::class, $running);
        $this->assertSame([$task->id(), self::code('TS_TASK_RUNNING'), 0], [$running->id(), $running->getCode(), $running->errno()]);
        $this->assertSame(
            '{"errors":[{"code":1007,"field":"integration","message":"The integration task cannot be taken on because another '
            . "asynchronous task associated with this module is running. Running task ID: {$task->id()}\"}]}",
            $running->document(),
        );
        $this->assertSame('progress', $tasks->state($task->id())['status']);
    }

    public function testOtherTypesAndScopesRunBesideItUnderGrowingIds(): void
    {
        $tasks = self::tasks();
        $claims = [['trainings', 'company-7'], ['trainings', 'company-8'], ['trainings'], ['users']];
        $running = array_map(fn (array $claim) => $tasks->claim(...$claim), $claims);
        $ids = array_map(fn (Task $task) => $task->id(), $running);
        $this->assertGreaterThan(0, $ids[0]);
        $sorted = array_unique($ids);
        sort($sorted);
        $this->assertSame($sorted, $ids);
        $this->assertSame('', $tasks->state($ids[2])['scope']);
    }

    /** @dataProvider endings */
    public function testTheNextIsLetInWhenATaskEnds(callable $ending, string $status, ?string $file): void
    {
        $tasks = self::tasks();
        $task = $tasks->claim('trainings');
        $id = $task->id();
        $ending($task);
        $next = $tasks->claim('trainings');
        $this->assertGreaterThan($id, $next->id());
        $state = $tasks->state($id);
        $this->assertSame([$status, $file], [$state['status'], $state['file']]);
        $this->assertGreaterThanOrEqual($state['started'], $state['finished']);
        unset($task);
        $this->assertSame($status, $tasks->state($id)['status']);
        $this->assertSame('progress', $tasks->state($next->id())['status']);
    }

    public function endings(): array
    {
        return [
            'finished' => [fn (Task $task) => $task->finish(), 'completed', null],
            'finished with a file' => [fn (Task $task) => $task->finish('/reports/15.json'), 'completed', '/reports/15.json'],
            'failed' => [fn (Task $task) => $task->fail(), 'fail', null],
            'failed with a log' => [fn (Task $task) => $task->fail('https://lms.example/log'), 'fail', 'https://lms.example/log'],
            'closed' => [fn (Task $task) => $task->close(), 'fail', null],
            'closed twice' => [function (Task $task): void { $task->close(); $task->close(); }, 'fail', null],
            'closed after its finish' => [function (Task $task): void { $task->finish(); $task->close(); }, 'completed', null],
            'destroyed' => [function (Task &$task): void { $task = null; }, 'fail', null],
        ];
    }

    public function testAnExceptionInTheMiddleMakesItFail(): void
    {
        $tasks = self::tasks();
        $id = 0;
        $export = function () use ($tasks, &$id): void {
            $task = $tasks->claim('trainings');
            try {
                $id = $task->id();
                throw new \LogicException('the database is gone');
            } finally {
                $task->close();
            }
        };
        try {
            $export();
            $this->fail('the exception did not pass');
        } catch (\LogicException $failure) {
            $this->assertSame('fail', $tasks->state($id)['status']);
            $tasks->claim('trainings')->finish();
        }
    }

    /** @dataProvider methodsOfATask */
    public function testAFinishedTaskTakesNothingMore(callable $call): void
    {
        $tasks = self::tasks();
        $task = $tasks->claim('trainings');
        $task->finish('/reports/15.json');
        $this->assertSame(self::code('TS_TASK_FINISHED'), $this->refusal(fn () => $call($task))->getCode());
        $this->assertSame('/reports/15.json', $tasks->state($task->id())['file']);
    }

    /** @dataProvider methodsOfATask */
    public function testAClosedTaskTakesNothingMore(callable $call): void
    {
        $task = self::tasks()->claim('trainings');
        $id = $task->id();
        $task->close();
        $this->assertSame('the task is closed', $this->refusal(fn () => $call($task))->getMessage());
        $this->assertSame($id, $task->id());
    }

    /** @dataProvider methodsOfATask */
    public function testATaskThatWasNeverClaimedThrows(callable $call): void
    {
        $task = (new \ReflectionClass(Task::class))->newInstanceWithoutConstructor();
        $this->assertSame('the task is closed', $this->refusal(fn () => $call($task))->getMessage());
        $task->close();
    }

    public function methodsOfATask(): array
    {
        return [
            'progress' => [fn (Task $task) => $task->progress(1)],
            'finish' => [fn (Task $task) => $task->finish()],
            'fail' => [fn (Task $task) => $task->fail()],
        ];
    }

    /** @dataProvider methodsOfTasks */
    public function testAClosedDirectoryThrows(callable $call): void
    {
        $tasks = self::tasks();
        $tasks->close();
        $tasks->close();
        $this->assertSame('the directory of tasks is closed', $this->refusal(fn () => $call($tasks))->getMessage());
    }

    /** @dataProvider methodsOfTasks */
    public function testADirectoryThatWasNeverOpenedThrows(callable $call): void
    {
        $tasks = (new \ReflectionClass(Tasks::class))->newInstanceWithoutConstructor();
        $this->assertSame('the directory of tasks is closed', $this->refusal(fn () => $call($tasks))->getMessage());
    }

    public function methodsOfTasks(): array
    {
        return [
            'claim' => [fn (Tasks $tasks) => $tasks->claim('trainings')],
            'state' => [fn (Tasks $tasks) => $tasks->state(1)],
            'list' => [fn (Tasks $tasks) => $tasks->list()],
            'answer' => [fn (Tasks $tasks) => $tasks->answer(1)],
        ];
    }

    public function testATaskOutlivesItsDirectory(): void
    {
        $tasks = self::tasks();
        $closed = $tasks->claim('trainings');
        $tasks->close();
        $dropped = self::tasks()->claim('users');
        $closed->progress(1);
        $dropped->progress(2);
        $this->assertInstanceOf(TaskRunning::class, $this->refusal(fn () => self::tasks()->claim('trainings')));
        $this->assertInstanceOf(TaskRunning::class, $this->refusal(fn () => self::tasks()->claim('users')));
        $closed->finish();
        unset($dropped);
        $this->assertSame(['fail', 'completed'], array_column(self::tasks()->list(), 'status'));
    }

    /** @dataProvider answers */
    public function testAnswersWithTheDocumentOfTheState(callable $ending, ?string $url, string $document): void
    {
        $tasks = self::tasks();
        $task = $tasks->claim('trainings');
        $ending($task);
        $this->assertSame($document, $tasks->answer($task->id(), $url));
    }

    public function answers(): array
    {
        $running = fn (Task $task) => $task->progress(1, 2);
        $finished = fn (Task $task) => $task->finish();
        $filed = fn (Task $task) => $task->finish('https://lms.example/15.json');
        $failed = fn (Task $task) => $task->fail();
        $logged = fn (Task $task) => $task->fail('https://lms.example/15.log');
        return [
            'running' => [$running, null, '{"data":{"status":"progress"}}'],
            'running, with a URL' => [$running, 'https://other.example/', '{"data":{"status":"progress"}}'],
            'completed' => [$filed, null, '{"data":{"status":"completed","file":"https://lms.example/15.json"}}'],
            'completed, with a URL' => [$filed, 'https://other.example/', '{"data":{"status":"completed","file":"https://other.example/"}}'],
            'completed without a file, with a URL' =>
                [$finished, 'https://other.example/', '{"data":{"status":"completed","file":"https://other.example/"}}'],
            'failed' => [$failed, null, '{"data":{"status":"fail"}}'],
            'failed, with a log' => [$logged, null, '{"data":{"status":"fail","file":"https://lms.example/15.log"}}'],
            'failed, with a URL' => [$logged, 'https://other.example/', '{"data":{"status":"fail","file":"https://other.example/"}}'],
        ];
    }

    public function testACompletedTaskWithNeitherFileNorUrlHasNoAnswer(): void
    {
        $tasks = self::tasks();
        $task = $tasks->claim('trainings');
        $task->finish();
        $this->assertStringContainsString('file', $this->refusal(fn () => $tasks->answer($task->id()))->getMessage());
    }

    public function testAnUnknownTaskIsRefused(): void
    {
        $tasks = self::tasks();
        $id = $tasks->claim('trainings')->id();
        foreach ([$id + 1, 0, -1, PHP_INT_MIN, PHP_INT_MAX] as $unknown) {
            $this->assertSame(self::code('TS_UNKNOWN_TASK'), $this->refusal(fn () => $tasks->state($unknown))->getCode());
            $this->assertSame(self::code('TS_UNKNOWN_TASK'), $this->refusal(fn () => $tasks->answer($unknown))->getCode());
        }
    }

    public function testListsTheNewestFirst(): void
    {
        $tasks = self::tasks();
        $this->assertSame([], $tasks->list());
        $ids = [];
        for ($task = 0; $task < 101; ++$task) {
            $claimed = $tasks->claim('trainings');
            array_unshift($ids, $claimed->id());
            $claimed->finish();
        }
        $this->assertSame(array_slice($ids, 0, 100), array_column($tasks->list(), 'id'));
        $this->assertSame(array_slice($ids, 0, 2), array_column($tasks->list(2), 'id'));
        $this->assertSame($tasks->state($ids[0]), $tasks->list(1)[0]);
        $this->assertSame([], $tasks->list(0));
        $this->assertSame($ids, array_column($tasks->list(PHP_INT_MAX), 'id'));
    }

    public function testOptionsReachTheDirectory(): void
    {
        $tasks = self::tasks(['max_age' => 86400, 'max_count' => 1]);
        for ($task = 0; $task < 3; ++$task) {
            $tasks->claim('trainings')->finish();
        }
        $remembered = $tasks->list();
        $this->assertNotSame([], $remembered);
        $this->assertLessThan(3, count($remembered));
        $refused = $this->refusal(fn () => self::tasks(['max_ages' => 1]));
        $this->assertSame(self::code('TS_BAD_OPTION'), $refused->getCode());
        $this->assertStringContainsString('max_ages', $refused->getMessage());
    }

    public function testADirectoryOpenToOthersIsRefused(): void
    {
        mkdir(Scratch::file('tasks'));
        chmod(Scratch::file('tasks'), 0777);
        $refused = $this->refusal(fn () => self::tasks());
        $this->assertSame(self::code('TS_UNSAFE_DIRECTORY'), $refused->getCode());
        $this->assertNotSame('', $refused->getMessage());
    }

    public function testADirectoryThatCannotBeMadeIsRefusedWithTheReason(): void
    {
        $refused = $this->refusal(fn () => new Tasks(Scratch::file('missing/tasks')));
        $this->assertSame([self::code('TS_FILE_FAILED'), 2], [$refused->getCode(), $refused->errno()]);
    }

    public function testTheLibraryRefusesNamesAndFilesThatCannotBe(): void
    {
        $tasks = self::tasks();
        $this->assertNotSame(0, $this->refusal(fn () => $tasks->claim(''))->getCode());
        $this->assertNotSame(0, $this->refusal(fn () => $tasks->claim(str_repeat('x', 1_000)))->getCode());
        $this->assertSame([], $tasks->list());
        $task = $tasks->claim('trainings');
        $this->assertNotSame(0, $this->refusal(fn () => $task->finish("\xff"))->getCode());
        $this->assertSame('progress', $tasks->state($task->id())['status']);
        $task->finish('/reports/15.json');
    }

    public function testNegativeNumbersDoNotBecomeHugeOnes(): void
    {
        $tasks = self::tasks();
        $task = $tasks->claim('trainings');
        foreach ([[-1, 0], [1, -1], [PHP_INT_MIN, 0]] as $counts) {
            $this->assertSame(self::code('TS_INVALID_ARGUMENT'), $this->refusal(fn () => $task->progress(...$counts))->getCode());
        }
        $this->refusal(fn () => $tasks->list(-1));
        $this->assertSame([0, 0], self::counts($tasks, $task));
        $task->progress(PHP_INT_MAX, PHP_INT_MAX);
        $this->assertSame([PHP_INT_MAX, PHP_INT_MAX], self::counts($tasks, $task));
    }

    public function testNeitherCanBeClonedOrSerialized(): void
    {
        $tasks = self::tasks();
        $task = $tasks->claim('trainings');
        foreach (['task' => $task, 'directory of tasks' => $tasks] as $noun => $object) {
            $this->assertSame("a $noun cannot be cloned", $this->refusal(fn () => clone $object)->getMessage());
            $this->assertSame("a $noun cannot be serialized", $this->refusal(fn () => serialize($object))->getMessage());
        }
        foreach (['O:14:"Trainstat\Task":0:{}', 'O:15:"Trainstat\Tasks":0:{}'] as $forged) {
            $this->assertStringEndsWith('cannot be serialized', $this->refusal(fn () => unserialize($forged))->getMessage());
        }
        $task->progress(7);
        $this->assertSame([7, 0], self::counts($tasks, $task));
    }

    public function testOpenedAgainItIsAnotherDirectory(): void
    {
        $tasks = self::tasks();
        $task = $tasks->claim('trainings');
        $tasks->__construct(Scratch::file('others'));
        $this->assertSame([], $tasks->list());
        $other = $tasks->claim('trainings');
        $this->assertSame('progress', self::tasks()->state($task->id())['status']);
    }

    public function testTheReadmeRuns(): void
    {
        preg_match_all('/^```php\n(.*?)^```$/ms', file_get_contents(dirname(__DIR__) . '/README.md'), $blocks);
        $code = current(preg_grep('/new Tasks/', $blocks[1]));
        mkdir(Scratch::file('here'));
        $said = Php::code('chdir($argv[1]); eval($argv[2]);', ini: ['-d', 'display_errors=stderr'], arguments: [Scratch::file('here'), $code]);
        $this->assertSame([0, ''], [$said->code, $said->errors], $said->output);
        $this->assertSame('{"data":{"status":"completed","file":"https://lms.example/reports/1.json"}}', $said->output);
    }
}
