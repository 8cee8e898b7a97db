<?php

// How long PHP's rows take to become a document: by json_encode and by the library, to the same bytes.
//
//   php arrays.php DOCUMENT ROUNDS ROWS...
//
// The rows are those of the document, decoded anew for each measurement, cut into lists of ROWS. Prints JSON: nanoseconds a row of
// the processor's time, medians of interleaved rounds.

declare(strict_types=1);

require __DIR__ . '/../../bindings/php/autoload.php';

ini_set('memory_limit', '-1');

function encoded(array $rows): string
{
    return json_encode(['data' => $rows], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
}

function reported(array $rows): string
{
    $report = new Trainstat\Report('ekvio.trainings_statistic', ['forms' => [10]]);
    $report->extend($rows);
    return $report->build();
}

function microseconds(): int
{
    $usage = getrusage();
    return ($usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']) * 1_000_000 + $usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec'];
}

function median(array $values): float
{
    sort($values);
    return $values[intdiv(count($values), 2)];
}

[$document, $rounds, $sizes] = [file_get_contents($argv[1]), (int) $argv[2], array_map(intval(...), array_slice($argv, 3))];
$writers = ['json_encode' => encoded(...), 'trainstat' => reported(...)];
$times = [];
for ($round = 0; $round < $rounds; ++$round) {
    foreach ($sizes as $size) {
        $written = [];
        foreach ($writers as $name => $write) {
            $lists = array_chunk(json_decode($document, true)['data'], $size);
            $written[$name] = hash_init('xxh3');
            $taken = 0;
            foreach ($lists as $rows) {
                $begin = microseconds();
                $text = $write($rows);
                $taken += microseconds() - $begin;
                hash_update($written[$name], $text);
            }
            $times[$size][$name][] = 1000 * $taken / array_sum(array_map(count(...), $lists));
        }
        if (count(array_unique(array_map(hash_final(...), $written))) !== 1) {
            fwrite(STDERR, "the writers disagree\n");
            exit(1);
        }
    }
}
echo json_encode(array_map(fn (array $of): array => array_map(median(...), $of), $times)), "\n";
