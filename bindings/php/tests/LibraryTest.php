<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;

/** Each in a process of its own: the library is loaded once. */
final class LibraryTest extends TestCase
{
    private const FORMATS = 'try { echo count(Trainstat\Catalogue::formats()); } catch (Trainstat\TrainstatException $e) { echo $e->getMessage(); }';

    protected function tearDown(): void
    {
        Scratch::clear();
    }

    public function testIsFoundInTheCheckout(): void
    {
        if (!is_file(self::built())) {
            $this->markTestSkipped('there is no release build');
        }
        $this->assertSame('9', $this->answer(['TRAINSTAT_LIBRARY' => null]));
        $this->assertSame('9', $this->answer(['TRAINSTAT_LIBRARY' => '']));
    }

    public function testIsFoundByTheAbsolutePathInTheEnvironment(): void
    {
        $this->assertSame('9', $this->answer(['TRAINSTAT_LIBRARY' => self::library()]));
    }

    public function testARelativePathIsRefused(): void
    {
        $this->assertSame('TRAINSTAT_LIBRARY must be an absolute path', $this->answer(['TRAINSTAT_LIBRARY' => 'build/libtrainstat.so']));
    }

    public function testWhatTheEnvironmentNamesIsTriedAlone(): void
    {
        $this->assertSame(
            'libtrainstat was not found; tried /nowhere/libtrainstat.so: no such file',
            $this->answer(['TRAINSTAT_LIBRARY' => '/nowhere/libtrainstat.so']),
        );
    }

    public function testAFileThatIsNoLibraryIsNamedWithTheReason(): void
    {
        $file = Scratch::file('libtrainstat.so');
        file_put_contents($file, 'text');
        $said = $this->answer(['TRAINSTAT_LIBRARY' => $file]);
        $this->assertStringStartsWith('libtrainstat was not found; tried ', $said);
        $this->assertSame(1, substr_count($said, $file), $said);
    }

    public function testALibraryWithoutOurFunctionsIsNamed(): void
    {
        $other = $this->otherLibrary();
        $said = $this->answer(['TRAINSTAT_LIBRARY' => $other]);
        $this->assertStringContainsString($other, $said);
        $this->assertStringContainsString('ts_', $said);
    }

    public function testAnInstalledPackageTriesItselfAndTheSystemAndSaysSo(): void
    {
        $package = $this->package();
        $said = $this->answerOf($package, ['TRAINSTAT_LIBRARY' => null, 'LD_LIBRARY_PATH' => null]);
        $this->assertStringStartsWith("libtrainstat was not found; tried $package/lib/libtrainstat.so: no such file; ", $said);
        $this->assertStringContainsString('libtrainstat.so.1', $said);
        $this->assertStringNotContainsString('build/release', $said);
    }

    public function testAnInstalledPackageFindsTheLibraryInside(): void
    {
        $package = $this->package();
        mkdir("$package/lib");
        symlink(self::library(), "$package/lib/libtrainstat.so");
        $this->assertSame('9', $this->answerOf($package, ['TRAINSTAT_LIBRARY' => null]));
    }

    public function testAnInstalledPackageFindsTheLibraryByItsSoname(): void
    {
        symlink(self::library(), Scratch::file('libtrainstat.so.1'));
        $this->assertSame('9', $this->answerOf($this->package(), ['TRAINSTAT_LIBRARY' => null, 'LD_LIBRARY_PATH' => Scratch::folder()]));
    }

    public function testWorksWithTheStockIni(): void
    {
        $said = Php::code('echo ini_get("ffi.enable"), " ";' . self::FORMATS, ['TRAINSTAT_LIBRARY' => self::library()], ['-d', 'ffi.enable=preload']);
        $this->assertSame(['preload 9', 0], [$said->output, $said->code]);
    }

    public function testSaysThatTheIniForbidsFfi(): void
    {
        $said = Php::code(self::FORMATS, ['TRAINSTAT_LIBRARY' => self::library()], ['-d', 'ffi.enable=false']);
        $this->assertStringContainsString('forbids FFI', $said->output);
        $this->assertStringContainsString('ffi.enable=', $said->output);
    }

    public function testSaysThatTheExtensionIsMissing(): void
    {
        $said = Php::code(self::FORMATS, [], ['-n']);
        if (str_contains(Php::run(['-n', '-m'])->output, 'FFI')) {
            $this->markTestSkipped('FFI is built into this PHP');
        }
        $this->assertSame('trainstat needs the PHP extension ffi, which is not loaded', $said->output);
    }

    public function testAPreloadedScopeIsUsed(): void
    {
        $header = Scratch::file('trainstat.h');
        $library = Scratch::file('libtrainstat.so'); // PHP cuts FFI_LIB at a space, which a checkout's path may have
        symlink(self::library(), $library);
        $lines = ['#define FFI_SCOPE "TRAINSTAT"', '#define FFI_LIB "' . $library . '"'];
        file_put_contents($header, implode("\n", [...$lines, file_get_contents(dirname(__DIR__) . '/src/declarations.h')]));
        $said = $this->answerOf($this->package(), ['TRAINSTAT_LIBRARY' => null, 'LD_LIBRARY_PATH' => null], ['-d', "ffi.preload=$header"]);
        $this->assertSame('9', $said);
    }

    public function testAFatalErrorClosesTheReport(): void
    {
        $said = Php::code(
            '$report = new Trainstat\Report("ekvio.errors");
             register_shutdown_function(function () use ($report) {
                 try { $report->problems(); } catch (Trainstat\TrainstatException $e) { echo $e->getMessage(); }
             });
             ini_set("memory_limit", "16M");
             str_repeat("x", 1 << 28);',
            ['TRAINSTAT_LIBRARY' => self::library()],
            ['-d', 'display_errors=0', '-d', 'log_errors=0'],
        );
        $this->assertSame([255, 'the report is closed'], [$said->code, $said->output]);
    }

    /** @dataProvider endings */
    public function testAProcessEndsCleanlyWithAReportOpen(string $ending, int $code): void
    {
        $said = Php::code(
            '$report = new Trainstat\Report("ekvio.errors"); $report->append(["code" => 1, "field" => "f", "message" => "m"]); ' . $ending,
            ['TRAINSTAT_LIBRARY' => self::library()],
            ['-d', 'display_errors=0', '-d', 'log_errors=0'],
        );
        $this->assertSame([$code, ''], [$said->code, $said->output]);
    }

    public function endings(): array
    {
        $row = '["code" => 1, "field" => "f", "message" => "m"]';
        return [
            'at its end' => ['', 0],
            'by exit' => ['exit(7);', 7],
            'by exit inside the rows' => ["\$report->extend((function () { yield $row; exit(7); })());", 7],
            'by an exception' => ['throw new LogicException();', 255],
            'by an exception inside the rows' => ["\$report->extend((function () { yield $row; throw new LogicException(); })());", 255],
            'by its memory limit inside the rows' =>
                ["ini_set('memory_limit', '16M'); \$report->extend((function () { yield $row; str_repeat('x', 1 << 28); })());", 255],
            'with a stream half read' => ["\$pieces = \$report->stream(array_fill(0, 2000, $row)); \$pieces->current();", 0],
            'in a child' => ['$child = pcntl_fork(); if ($child) { pcntl_waitpid($child, $status); exit(pcntl_wexitstatus($status)); }', 0],
        ];
    }

    private function answer(array $environment): string
    {
        return Php::code(self::FORMATS, $environment)->output;
    }

    private function answerOf(string $package, array $environment, array $ini = []): string
    {
        $loading = 'require ' . var_export("$package/autoload.php", true) . '; error_reporting(-1);';
        return Php::run([...$ini, '-r', $loading . self::FORMATS], $environment)->output;
    }

    /** A copy of the package alone, as Composer would install it. */
    private function package(): string
    {
        $package = Scratch::file('package');
        mkdir($package);
        copy(dirname(__DIR__) . '/autoload.php', "$package/autoload.php");
        mkdir("$package/src");
        foreach (glob(dirname(__DIR__) . '/src/*') as $file) {
            copy($file, "$package/src/" . basename($file));
        }
        return $package;
    }

    private static function built(): string
    {
        return dirname(__DIR__, 3) . '/build/release/libtrainstat.so';
    }

    /** The library that this run of the tests is about. */
    private static function library(): string
    {
        return getenv('TRAINSTAT_LIBRARY') ?: self::built();
    }

    private function otherLibrary(): string
    {
        preg_match('~(/\S*/libc\.so\.6)$~m', file_get_contents('/proc/self/maps'), $found);
        return $found[1];
    }
}
