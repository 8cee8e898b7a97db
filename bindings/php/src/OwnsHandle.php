<?php

declare(strict_types=1);

namespace Trainstat;

use FFI;
use FFI\CData;
use stdClass;
use WeakReference;

/**
 * What reports, directories of tasks and tasks have in common: one handle of the library, which is nobody else's. Messages call
 * the class that uses this by its NOUN.
 *
 * @internal
 */
trait OwnsHandle
{
    private ?Handle $handle = null;
    private ?FFI $ffi = null;
    private ?Answer $answer = null;

    /** Alive while a call of the library is under way, its answer not yet copied. */
    private ?WeakReference $call = null;

    public function __clone(): void
    {
        throw new TrainstatException('a ' . self::NOUN . ' cannot be cloned');
    }

    public function __serialize(): array
    {
        throw new TrainstatException('a ' . self::NOUN . ' cannot be serialized');
    }

    public function __unserialize(array $data): void
    {
        throw new TrainstatException('a ' . self::NOUN . ' cannot be serialized');
    }

    private function own(Handle $handle, FFI $ffi, Answer $answer): void
    {
        $this->handle = $handle;
        $this->ffi = $ffi;
        $this->answer = $answer;
    }

    /**
     * One call of the library, and what Answer takes of it by the method $take. PHP runs signal handlers between the two: what they
     * ask of the same object is refused.
     *
     * A handler may throw, too. Hence no "finally" ends the call: it may be interrupted itself. And what a function is given is
     * computed before: in f($library->call()), PHP 8.2 frees arguments that are not there yet when a handler throws behind call().
     *
     * @param \Closure(CData): int $call
     */
    private function calling(\Closure $call, string $take = 'check', mixed ...$more): mixed
    {
        $this->refuseInside();
        $mark = new stdClass();
        $this->call = WeakReference::create($mark);
        $status = $call($this->open());
        return $this->answer->$take($status, ...$more);
    }

    private function open(): CData
    {
        return $this->handle?->pointer() ?? throw new TrainstatException('the ' . self::NOUN . ' is closed');
    }

    private function release(): void
    {
        $this->refuseInside();
        $this->handle?->close();
    }

    private function refuseInside(): void
    {
        if ($this->call?->get() !== null) {
            throw new TrainstatException('the ' . self::NOUN . ' is in the middle of another call');
        }
    }
}
