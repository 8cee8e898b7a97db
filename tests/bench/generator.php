<?php

// The memory that a report of generated rows takes on its way into a file.
//
//   php generator.php ROWS
//
// Prints JSON: the peak above the start, in KiB, and seconds.

declare(strict_types=1);

require __DIR__ . '/../../bindings/php/autoload.php';

const FIRST = [
    'user_id' => 1, 'material_id' => 7, 'fio' => 'Smith John', 'user_status' => 'active', 'login' => 'smith', 'is_required' => 0,
    'user_scores' => 1, 'max_interaction_scores' => 2, 'pdf_viewed' => 1, 'pdf_total' => 1, 'link_viewed' => 1, 'link_total' => 1,
    'html_viewed' => 1, 'html_total' => 1, 'group_region' => 'North', 'start_time' => 1650000000,
];

function peak(): int
{
    preg_match('/VmHWM:\s+(\d+)/', file_get_contents('/proc/self/status'), $found);
    return (int) $found[1];
}

function rows(int $count): Generator
{
    for ($number = 0; $number < $count; ++$number) {
        yield ['user_id' => $number] + FIRST;
    }
}

function write(int $count, string $path): void
{
    $report = new Trainstat\Report('ekvio.trainings_statistic', ['file' => $path]);
    $report->extend(rows($count));
    $report->build();
}

$path = sys_get_temp_dir() . '/trainstat-generator-' . getmypid() . '.json';
write(1, $path); // what is loaded and learned once
file_put_contents('/proc/self/clear_refs', '5');
[$start, $begin] = [peak(), hrtime(true)];
write((int) $argv[1], $path);
echo json_encode(['memory_kib' => peak() - $start, 'seconds' => (hrtime(true) - $begin) / 1e9]), "\n";
unlink($path);
