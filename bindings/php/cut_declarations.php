<?php

declare(strict_types=1);

// Cuts the declarations out of include/trainstat.h into src/declarations.h, because an installed package has no include/.
//
//   php cut_declarations.php           writes the file
//   php cut_declarations.php --check   writes nothing; exit code 1 when the file is stale

const HEADER = __DIR__ . '/../../include/trainstat.h';
const DECLARATIONS = __DIR__ . '/src/declarations.h';
const BANNER = "/* Cut from trainstat.h by cut_declarations.php. Do not edit. */\n\n";

/** The text between the header's two marks. */
function declarations(string $header): string
{
    $pattern = '~^/\* <declarations> \*/\n(.*)^/\* </declarations> \*/$~ms';
    if (preg_match_all($pattern, $header, $found) !== 1) {
        throw new RuntimeException('trainstat.h does not have its two marks once each');
    }
    // FFI reads no preprocessor lines and says nothing about it: it would skip what stands there.
    if (preg_match('~^\s*#~m', $found[1][0])) {
        throw new RuntimeException('a preprocessor line stands between the marks of trainstat.h');
    }
    return BANNER . trim($found[1][0]) . "\n";
}

function main(array $arguments): int
{
    if ($arguments !== [] && $arguments !== ['--check']) {
        fwrite(STDERR, "usage: php cut_declarations.php [--check]\n");
        return 2;
    }
    try {
        $cut = declarations((string) file_get_contents(HEADER));
    } catch (RuntimeException $failure) {
        fwrite(STDERR, $failure->getMessage() . "\n");
        return 1;
    }
    if ($arguments === ['--check']) {
        $fresh = is_file(DECLARATIONS) && file_get_contents(DECLARATIONS) === $cut;
        if (!$fresh) {
            fwrite(STDERR, "src/declarations.h is stale: run php bindings/php/cut_declarations.php\n");
        }
        return $fresh ? 0 : 1;
    }
    return file_put_contents(DECLARATIONS, $cut) === strlen($cut) ? 0 : 1;
}

exit(main(array_slice($argv, 1)));
