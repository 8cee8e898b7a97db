<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;

/** PHP runs signal handlers between any two steps, also in the middle of a call of the library. */
final class SignalsTest extends TestCase
{
    private const FLOOD = <<<'PHP'
        if (!function_exists('pcntl_fork')) { echo 'no pcntl'; exit; }
        $report = null;
        pcntl_async_signals(true);
        pcntl_signal(SIGUSR1, function () use (&$report) {
            try { $report?->HANDLER(); } catch (Trainstat\TrainstatException) { }
        });
        $parent = getmypid();
        $child = pcntl_fork();
        if ($child === 0) {
            for ($i = 0; $i < 400000 && posix_getppid() === $parent; $i++) { posix_kill($parent, SIGUSR1); }
            posix_kill(getmypid(), SIGKILL);
        }
        register_shutdown_function(function () use ($child, $parent) { if (getmypid() === $parent) { posix_kill($child, SIGKILL); pcntl_waitpid($child, $_); } });
        $rows = array_fill(0, 300, ['code' => 7, 'field' => 'f', 'message' => 'm']);
        $wanted = '{"errors":[' . implode(',', array_fill(0, 300, '{"code":7,"field":"f","message":"m"}')) . ']}';
        $wrong = 0;
        for ($i = 0; $i < 300; $i++) {
            $report = new Trainstat\Report('ekvio.errors');
            try {
                ACTION
                $wrong += $document === $wanted ? 0 : 1;
            } catch (Trainstat\TrainstatException) {
            }
        }
        echo "$wrong wrong";
        PHP;

    /** @return array<string, array{string, string}> */
    public static function moments(): array
    {
        return [
            'asks in a build' => ['problems', '$report->extend($rows); $document = $report->build();'],
            'asks in a stream' => ['problems', '$document = ""; foreach ($report->stream($rows) as $piece) { $document .= $piece; }'],
            'asks in appends' => ['problems', 'foreach ($rows as $row) { $report->append($row); } $document = $report->build();'],
            'closes in a batch' => ['close', '$report->extend($rows); $document = $report->build();'],
        ];
    }

    /** @dataProvider moments */
    public function testAHandlerThatUsesTheReportChangesNoByte(string $handler, string $action): void
    {
        $said = Php::code(str_replace(['HANDLER', 'ACTION'], [$handler, $action], self::FLOOD), ['TRAINSTAT_LIBRARY' => getenv('TRAINSTAT_LIBRARY') ?: null]);
        $this->assertSame([0, '0 wrong'], [$said->code, $said->output], $said->errors);
    }
}
