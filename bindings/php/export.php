<?php

declare(strict_types=1);

// A report of a Moodle database, by a host written in PHP: the query of bindings/moodle through PDO into the library's file.
//
//   php export.php --format NAME --database FILE [--prefix mdl_] --output FILE
//
// Prints "rows N refused N seconds S". Exit code 0: written. 3: written, the refused rows left out. 2: nothing written, one
// sentence on standard error says why. The database is opened for reading only.

namespace Trainstat\Export;

use PDO;
use PDOException;
use RuntimeException;
use Trainstat\Catalogue;
use Trainstat\Report;

require __DIR__ . '/autoload.php';

const USAGE = 'usage: php export.php --format NAME --database FILE [--prefix mdl_] --output FILE';
const QUERIES = __DIR__ . '/../moodle';

/** @return array{format: string, database: string, prefix: string, output: string} */
function request(array $arguments): array
{
    $request = ['prefix' => 'mdl_'];
    while ($arguments !== []) {
        $argument = array_shift($arguments);
        if (!preg_match('/^--(format|database|prefix|output)(?:=(.*))?$/sD', $argument, $part)) {
            throw new RuntimeException(USAGE);
        }
        $request[$part[1]] = $part[2] ?? array_shift($arguments) ?? throw new RuntimeException(USAGE);
    }
    if (!isset($request['format'], $request['database'], $request['output'])) {
        throw new RuntimeException(USAGE);
    }
    // It becomes part of the query's text, so it must not be able to say more than a name.
    if (!preg_match('/^\w*$/D', $request['prefix'])) {
        throw new RuntimeException('the prefix may hold letters, figures and _ only');
    }
    return $request;
}

function query(string $format, string $prefix): string
{
    Catalogue::describe($format); // an unknown name is refused here, before it becomes part of a path
    $file = QUERIES . "/$format.sql";
    if (!is_file($file)) {
        throw new RuntimeException("there is no query for the format $format");
    }
    return preg_replace('/\{([a-z_0-9]+)\}/', $prefix . '$1', file_get_contents($file));
}

function database(string $file): PDO
{
    $path = realpath($file);
    if ($path === false || !is_file($path)) {
        throw new RuntimeException("there is no database $file");
    }
    return new PDO("sqlite:$path", options: [
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
        PDO::SQLITE_ATTR_OPEN_FLAGS => PDO::SQLITE_OPEN_READONLY,
    ]);
}

/** @return array{accepted: int, refused: int} */
function export(string $format, string $database, string $prefix, string $output): array
{
    $query = query($format, $prefix);
    $report = new Report($format, ['on_refused' => 'skip', 'file' => $output]);
    try {
        $report->extend(database($database)->query($query));
    } catch (PDOException $failure) {
        $reason = $failure->errorInfo[2] ?? $failure->getMessage();
        throw new RuntimeException("$database cannot be read as a Moodle database with the prefix $prefix: $reason");
    }
    $report->build();
    return $report->problems();
}

function main(array $arguments): int
{
    $start = hrtime(true);
    try {
        $counts = export(...request($arguments));
    } catch (RuntimeException $refused) {
        fwrite(STDERR, $refused->getMessage() . "\n");
        return 2;
    }
    printf("rows %d refused %d seconds %.2F\n", $counts['accepted'], $counts['refused'], (hrtime(true) - $start) / 1e9);
    return $counts['refused'] === 0 ? 0 : 3;
}

exit(main(array_slice($argv, 1)));
