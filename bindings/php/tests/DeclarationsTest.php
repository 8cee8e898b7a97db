<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;

final class DeclarationsTest extends TestCase
{
    public function testAreFreshlyCutFromTheHeader(): void
    {
        $check = Php::run([dirname(__DIR__) . '/cut_declarations.php', '--check']);
        $this->assertSame([0, '', ''], [$check->code, $check->output, $check->errors]);
    }

    public function testHoldNoPreprocessorLine(): void
    {
        // FFI would skip it without a word.
        $declarations = file_get_contents(dirname(__DIR__) . '/src/declarations.h');
        $this->assertDoesNotMatchRegularExpression('/^\s*#/m', $declarations);
        $this->assertStringContainsString('ts_report_close', $declarations);
    }
}
