<?php

declare(strict_types=1);

namespace Trainstat\Tests;

/** One case of the shared truth: a document, or an error; and the problems where the case says them. */
final class Vector
{
    public function __construct(
        public readonly string $format,
        public readonly array $options,
        public readonly array $rows,
        public readonly ?string $document,
        public readonly ?array $error,
        public readonly ?array $problems,
    ) {
    }
}
