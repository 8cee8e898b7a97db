<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use PHPUnit\Framework\TestCase;
use Trainstat\TrainstatException;

/** What the tests of reports share. */
abstract class ReportCase extends TestCase
{
    protected function tearDown(): void
    {
        Scratch::clear();
    }

    protected static function row(int $code): array
    {
        return ['code' => $code, 'field' => 'f', 'message' => 'm'];
    }

    protected static function document(int ...$codes): string
    {
        return '{"errors":[' . implode(',', array_map(static fn ($code) => "{\"code\":$code,\"field\":\"f\",\"message\":\"m\"}", $codes)) . ']}';
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
