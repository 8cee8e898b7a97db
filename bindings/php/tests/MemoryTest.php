<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;

/** In a process of its own, whose highest memory is its own. Kibibytes above what the first rows needed. */
final class MemoryTest extends TestCase
{
    private const ROWS = '
        function rows(int $count): Generator {
            for ($row = 0; $row < $count; ++$row) {
                yield ["code" => $row, "field" => "integration", "message" => str_repeat("\u{416}", 60) . $row];
            }
        }
        function highest(): int {
            preg_match("/VmHWM:\s+(\d+)/", file_get_contents("/proc/self/status"), $found);
            return (int) $found[1];
        }
    ';

    public function testAStreamStaysFlatOver200000Rows(): void
    {
        $this->assertFlat('
            foreach ([2_000, 200_000] as $count) {
                $bytes = 0;
                foreach ((new Trainstat\Report("ekvio.errors"))->stream(rows($count)) as $piece) { $bytes += strlen($piece); }
                $highest[] = highest();
            }
            if ($bytes < 30_000_000) { throw new LogicException("the document is too short to show anything"); }
        ');
    }

    public function testAReportOnAFileStaysFlatOver200000Rows(): void
    {
        $this->assertFlat('
            foreach ([2_000, 200_000] as $count) {
                $report = new Trainstat\Report("ekvio.errors", ["file" => "/dev/shm/trainstat-" . getmypid()]);
                $report->extend(rows($count));
                $report->build();
                $highest[] = highest();
            }
            unlink("/dev/shm/trainstat-" . getmypid());
        ');
    }

    public function testReportsGiveTheirMemoryBack(): void
    {
        $this->assertFlat('
            foreach ([50, 2_000] as $count) {
                for ($report = 0; $report < $count; ++$report) {
                    $open = new Trainstat\Report("ekvio.errors");
                    try { $open->extend(rows(20)); $open->append(["code" => "x"]); } catch (Trainstat\RowException) {}
                    $open->build();
                    try { new Trainstat\Report("ekvio.errors", ["zzz" => 1]); } catch (Trainstat\TrainstatException) {}
                }
                $highest[] = highest();
            }
        ');
    }

    private function assertFlat(string $code): void
    {
        $said = Php::code(self::ROWS . $code . 'echo $highest[1] - $highest[0], " ", memory_get_peak_usage() >> 10;', [], ['-d', 'memory_limit=64M']);
        $this->assertSame([0, ''], [$said->code, $said->errors], $said->output);
        [$above, $peak] = array_map(intval(...), explode(' ', $said->output));
        $this->assertLessThan(2_048, $above);
        $this->assertLessThan(8_192, $peak);
    }
}
