<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PDO;
use PHPUnit\Framework\TestCase;

/** The demo's PHP host, as a process. */
final class ExportTest extends TestCase
{
    private const SCRIPT = __DIR__ . '/../export.php';
    private const REAL = __DIR__ . '/../../../../shared/data/moodle-4.3.sqlite';
    private const QUERY = __DIR__ . '/../../moodle/eloomi.participants.sql';

    protected function tearDown(): void
    {
        Scratch::clear();
    }

    /** @dataProvider formats */
    public function testWritesTheReportOfAMoodleDatabase(string $format): void
    {
        if (!is_file(self::REAL)) {
            $this->markTestSkipped('there is no database of a real site');
        }
        $before = hash_file('sha256', self::REAL);
        $said = $this->export(['--format', $format, '--database', self::REAL, '--output', $file = Scratch::file('report.json')]);
        $this->assertMatchesRegularExpression('/^rows (\d+) refused (\d+) seconds \d+\.\d\d\n$/D', $said->output);
        sscanf($said->output, 'rows %d refused %d', $rows, $refused);
        $this->assertSame($refused === 0 ? 0 : 3, $said->code);
        $this->assertCount($rows, json_decode(file_get_contents($file), true, 512, JSON_THROW_ON_ERROR)['data']);
        $this->assertGreaterThan(0, $rows);
        $this->assertSame($before, hash_file('sha256', self::REAL));
    }

    public function formats(): array
    {
        return [['ekvio.trainings_statistic'], ['eloomi.participants']];
    }

    public function testARefusedRowIsLeftOutAndAnsweredByThree(): void
    {
        $this->moodleLike('CREATE VIEW mdl_course AS SELECT 2 AS id', 'INSERT INTO mdl_rows VALUES (5, 0), (6, -1), (7, 100)');
        $said = $this->export($this->request(), $this->queries());
        $this->assertSame(3, $said->code, $said->errors);
        $this->assertStringStartsWith('rows 2 refused 1 seconds ', $said->output);
        $data = json_decode(file_get_contents(Scratch::file('report.json')), true)['data'];
        $this->assertSame([5, 7], array_column($data, 'user_id'));
    }

    public function testTakesAnotherPrefix(): void
    {
        $this->moodleLike('CREATE TABLE site_rows AS SELECT 5 AS user_id, 1 AS progress');
        $said = $this->export([...$this->request(), '--prefix=site_'], $this->queries());
        $this->assertSame([0, ''], [$said->code, $said->errors]);
    }

    public function testAMissingDatabaseIsNotCreated(): void
    {
        $this->assertStopped('there is no database ' . Scratch::file('moodle.sqlite'), $this->request());
        $this->assertFileDoesNotExist(Scratch::file('moodle.sqlite'));
    }

    public function testAFileThatIsNoDatabaseIsSaidSo(): void
    {
        file_put_contents(Scratch::file('moodle.sqlite'), str_repeat('text ', 1000));
        $this->assertStopped('not a database', $this->request());
    }

    public function testADatabaseThatIsNotMoodleIsSaidSo(): void
    {
        $this->moodleLike();
        $this->assertStopped('cannot be read as a Moodle database with the prefix mdl_: no such table: mdl_', $this->request());
    }

    public function testAFormatWithoutAQueryIsSaidSo(): void
    {
        $this->moodleLike();
        $this->assertStopped('there is no query for the format ekvio.errors', $this->request('ekvio.errors'));
    }

    public function testAnUnknownFormatIsSaidSo(): void
    {
        $this->moodleLike();
        $this->assertStopped('unknown format ../moodle/ekvio.form_question', $this->request('../moodle/ekvio.form_question'));
    }

    public function testAFolderThatIsMissingIsSaidSo(): void
    {
        $this->moodleLike();
        $this->assertStopped('', ['--format', 'eloomi.participants', '--database', Scratch::file('moodle.sqlite'), '--output', '/nowhere/report.json']);
    }

    /** @dataProvider usages */
    public function testWrongUsageIsSaidSo(array $arguments): void
    {
        $this->assertStopped('', $arguments);
    }

    public function usages(): array
    {
        $request = ['--format', 'eloomi.participants', '--database', self::QUERY, '--output', '/nowhere/report.json'];
        return [
            'nothing' => [[]],
            'an option without its value' => [array_slice($request, 0, 5)],
            'an option missing' => [array_slice($request, 0, 4)],
            'an unknown option' => [[...$request, '--colour', 'red']],
            'a word too many' => [[...$request, 'report.json']],
            'a prefix that is no name' => [[...$request, '--prefix', 'x; DROP']],
        ];
    }

    /** @return list<string> */
    private function request(string $format = 'eloomi.participants'): array
    {
        return ['--format', $format, '--database', Scratch::file('moodle.sqlite'), '--output', Scratch::file('report.json')];
    }

    private function assertStopped(string $reason, array $arguments): void
    {
        $said = $this->export($arguments);
        $this->assertSame([2, ''], [$said->code, $said->output]);
        $this->assertMatchesRegularExpression('/^[^\n]+\n$/D', $said->errors);
        $this->assertStringContainsString($reason, $said->errors);
        $this->assertFileDoesNotExist(Scratch::file('report.json'));
    }

    private function export(array $arguments, string $script = self::SCRIPT): Program
    {
        return Php::run([$script, ...$arguments]);
    }

    /** A database that is small enough to be read here, with a query for it. */
    private function moodleLike(string ...$statements): void
    {
        $database = new PDO('sqlite:' . Scratch::file('moodle.sqlite'), options: [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
        $database->exec('CREATE TABLE mdl_rows (user_id INTEGER, progress)');
        array_map($database->exec(...), $statements);
    }

    /** The script beside a query over mdl_rows. */
    private function queries(): string
    {
        mkdir(Scratch::file('php'));
        mkdir(Scratch::file('moodle'));
        copy(self::SCRIPT, Scratch::file('php/export.php'));
        file_put_contents(Scratch::file('php/autoload.php'), '<?php require ' . var_export(dirname(self::SCRIPT) . '/autoload.php', true) . ';');
        file_put_contents(
            Scratch::file('moodle/eloomi.participants.sql'),
            "-- Rows.\nSELECT user_id, 2 AS course_id, progress FROM {rows} r WHERE 1/*courses*/ ORDER BY user_id",
        );
        return Scratch::file('php/export.php');
    }
}
