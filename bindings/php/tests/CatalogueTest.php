<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;
use Trainstat\Catalogue;
use Trainstat\TrainstatException;

final class CatalogueTest extends TestCase
{
    public function testListsEveryFormatAndDescribesEachUnderItsName(): void
    {
        $formats = Catalogue::formats();
        $this->assertContains('ekvio.trainings_statistic', $formats);
        $this->assertContains('eloomi.participants', $formats);
        foreach ($formats as $name) {
            $described = Catalogue::describe($name);
            $this->assertSame($name, $described['format']);
            $this->assertIsArray($described['columns']);
            $this->assertContains('on_refused', array_column($described['options'], 'name'));
        }
    }

    public function testDescribesAColumn(): void
    {
        $columns = array_column(Catalogue::describe('eloomi.participants')['columns'], null, 'key');
        $this->assertSame('decimal text', $columns['score']['type']);
        $this->assertFalse($columns['score']['nullable']);
    }

    public function testNamesTheNearestFormat(): void
    {
        $this->expectException(TrainstatException::class);
        $this->expectExceptionMessage('did you mean ekvio.trainings_statistic?');
        Catalogue::describe('ekvio.training_statistics');
    }
}
