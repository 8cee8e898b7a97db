<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;
use Trainstat\Batch;
use Trainstat\Library;

final class BatchTest extends TestCase
{
    private const COLUMNS = [
        ['key' => 'a', 'type' => 'integer'],
        ['key' => 'b', 'type' => 'integer'],
        ['key' => 'c', 'type' => 'text'],
    ];

    public function testPacksTheExampleOfTheHeader(): void
    {
        $this->assertPacked(
            '54534231 01000000 03000000 020104 0700000000000000 0200000000000000 6162',
            ['a' => 7, 'b' => null, 'c' => 'ab'],
        );
    }

    public function testPacksEveryKind(): void
    {
        $this->assertPacked('54534231 01000000 03000000 000500 0100000000000000', ['b' => true]);
        $this->assertPacked('54534231 01000000 03000000 030302 000000000000f03f 000000000000f8bf ffffffffffffffff', ['a' => 1.0, 'b' => -1.5, 'c' => -1]);
        $this->assertPacked('54534231 01000000 03000000 000604 0000000000000000 0000000000000000', ['b' => [], 'c' => '']);
        $this->assertPacked('54534231 01000000 04000000 00000006 0100000000000000 64', ['d' => 5, 'e' => 6]);
    }

    public function testPacksRowsOneBehindTheOther(): void
    {
        $batch = new Batch(self::COLUMNS);
        $batch->add(['a' => 1]);
        $batch->add([]);
        $this->assertSame($this->bytes('54534231 02000000 03000000 020000 0100000000000000 03000000 000000'), $batch->take());
        $this->assertSame('', $batch->take());
    }

    public function testAsksToBeTakenByRowsAndByBytes(): void
    {
        $batch = new Batch(self::COLUMNS);
        $rows = 1;
        while (!$batch->add(['a' => 1])) {
            ++$rows;
        }
        $this->assertLessThanOrEqual(1_000, $rows);
        $batch->take();
        $this->assertFalse($batch->add(['a' => 1]));
        $this->assertTrue($batch->add(['c' => str_repeat('x', 1 << 21)]));
    }

    public function testTheKindsAreThoseOfTheHeader(): void
    {
        foreach (['ABSENT', 'NULL', 'INTEGER', 'NUMBER', 'TEXT', 'BOOLEAN', 'FOREIGN'] as $kind) {
            $this->assertSame(Library::loaded()->{"TS_$kind"}, ord(constant(Batch::class . "::$kind")));
        }
    }

    private function assertPacked(string $hex, array $row): void
    {
        $batch = new Batch(self::COLUMNS);
        $batch->add($row);
        $this->assertSame($this->bytes($hex), $batch->take());
    }

    private function bytes(string $hex): string
    {
        return hex2bin(str_replace(' ', '', $hex));
    }
}
