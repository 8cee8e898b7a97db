<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;
use Trainstat\TrainstatException;

/** Tests of what is refused, and of files. */
abstract class RefusalCase extends TestCase
{
    protected function tearDown(): void
    {
        Scratch::clear();
    }

    protected function refusal(callable $call): TrainstatException
    {
        try {
            $call();
        } catch (TrainstatException $refused) {
            return $refused;
        }
        $this->fail('nothing was refused');
    }
}
