<?php

declare(strict_types=1);

namespace Trainstat;

/**
 * What stands in a row's cell where there is no plain value.
 *
 * @internal
 */
enum Mark
{
    /** The row does not have the key: the column's default. */
    case Absent;

    /** A value that the library has no kind for, and refuses by name. */
    case Foreign;
}
