<?php

declare(strict_types=1);

namespace Trainstat;

/**
 * Whatever this package refuses: options, files, a library that is not there, a report used after its close.
 *
 *     try {
 *         new Trainstat\Report('ekvio.errors', ['timezon' => '+03:00']);
 *     } catch (Trainstat\TrainstatException $refused) {
 *         echo $refused->getMessage();   // unknown option timezon
 *     }
 *
 * getCode() is the library's status, a TS_ constant of trainstat.h; 0 where the library was not asked.
 */
class TrainstatException extends \RuntimeException
{
    /** @internal */
    public function __construct(string $message, int $status = 0, private readonly int $errno = 0)
    {
        parent::__construct($message, $status);
    }

    /** The system's reason where a file cannot be written, such as 28 for a full disk; else 0. */
    public function errno(): int
    {
        return $this->errno;
    }
}
