<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/** What the tests of reports share. */
abstract class ReportCase extends RefusalCase
{
    protected static function row(int $code): array
    {
        return ['code' => $code, 'field' => 'f', 'message' => 'm'];
    }

    protected static function document(int ...$codes): string
    {
        return '{"errors":[' . implode(',', array_map(static fn ($code) => "{\"code\":$code,\"field\":\"f\",\"message\":\"m\"}", $codes)) . ']}';
    }
}
