<?php

declare(strict_types=1);

namespace Trainstat\Tests;

use DateTime;
use Exception;
use PHPUnit\Framework\TestCase;
use Trainstat\Batch;
use Trainstat\TrainstatException;

final class BatchTest extends TestCase
{
    private const COLUMNS = [
        ['key' => 'a', 'type' => 'moment'],
        ['key' => 'b', 'type' => 'number'],
        ['key' => 'c', 'type' => 'text'],
    ];

    private Batch $batch;

    protected function setUp(): void
    {
        $this->batch = new Batch(self::COLUMNS);
    }

    public function testPacksTheExampleOfTheHeader(): void
    {
        $row = ['code' => 7, 'field' => null, 'message' => 'ab'];
        $packed = 'a:1:{i:0;a:3:{s:4:"code";i:7;s:5:"field";N;s:7:"message";s:2:"ab";}}';
        $this->batch->add($row);
        $this->assertSame($packed, $this->batch->take());
        $this->batch->addSome([$row], 0);
        $this->assertSame($packed, $this->batch->take());
    }

    /** @dataProvider plainRows */
    public function testHasPlainRowsAsTheyAre(array $row): void
    {
        $this->assertSame([$row, $row], $this->oneByOne($row, $row));
        $this->assertSame([$row, $row], $this->asList($row, $row));
    }

    public function plainRows(): array
    {
        return [
            'every kind' => [['a' => 7, 'b' => 0.1, 'c' => 'ab']],
            'null, booleans and keys of figures' => [['a' => null, 'b' => true, 8 => false]],
            'another order' => [['c' => '', 'a' => PHP_INT_MIN]],
            'nothing' => [[]],
            'texts that look like more' => [['a' => '{', 'b' => ';E:4:"A:B";', 'c' => 'R:2;']],
            'more than a hundred cells' => [array_fill(0, 200, 'x')],
        ];
    }

    public function testSpellsObjectsAsTheColumnTakesThem(): void
    {
        $row = ['a' => new DateTime('@60'), 'b' => Rank::Second, 'c' => Status::Started];
        $this->assertBecomes([['a' => 60, 'b' => 2, 'c' => 'started']], $row);
        $this->assertBecomes([['c' => 'x'], ['a' => 60, 'b' => 2, 'c' => 'started']], ['c' => 'x'], $row);
    }

    public function testHasAnEmptyArrayForWhatIsForeign(): void
    {
        $resources = [fopen('php://memory', 'r'), stream_context_create()];
        foreach ([[1], [], (object) ['a' => 1], fn () => 1, ...$resources, Suit::Hearts, new DateTime('@60')] as $value) {
            $this->assertBecomes([['c' => []]], ['c' => $value]);
            $this->assertBecomes([['c' => 'x'], ['c' => []]], ['c' => 'x'], ['c' => $value]);
        }
        $this->assertBecomes([['c' => []]], ['c' => STDERR]);
    }

    /** @dataProvider noRows */
    public function testRefusesWhatIsNoRowWhereverItStands(mixed $other): void
    {
        foreach (['x', '{', new DateTime('@60'), [1]] as $value) {
            try {
                $this->batch->addSome([['c' => 'x']], 0);
                $this->batch->take();
                $this->batch->addSome([[], ['c' => 'x'], $other, ['c' => $value]], 1);
                $this->fail('a row that is none was taken');
            } catch (TrainstatException $refusal) {
                $this->assertSame('a row must be an array', $refusal->getMessage());
            }
        }
    }

    public function noRows(): array
    {
        return ['an integer' => [5], 'null' => [null], 'a text' => ['{'], 'an object' => [(object) ['c' => 'x']]];
    }

    public function testHasTheValuesOfReferences(): void
    {
        $value = 'x';
        $this->assertBecomes([['a' => 'x', 'b' => 'x', 'c' => 'x']], ['a' => &$value, 'b' => &$value, 'c' => &$value]);
        $itself = ['a' => 1];
        $itself['c'] = &$itself;
        $this->assertBecomes([['a' => 1, 'c' => []]], $itself);
    }

    public function testHasARowAsItWasWhenItCame(): void
    {
        $value = 'first';
        $moment = new DateTime('@1');
        $bound = ['a' => $moment, 'c' => &$value];
        $this->batch->add($bound);
        $value = 'second';
        $moment->setTimestamp(2);
        $this->batch->add($bound);
        $this->assertSame([['a' => 1, 'c' => 'first'], ['a' => 2, 'c' => 'second']], $this->taken());
    }

    public function testKeepsEveryFigureWhateverThePhpIniSays(): void
    {
        foreach (['-1', '17', '100', '14', '5', '0'] as $precision) {
            $before = ini_set('serialize_precision', $precision);
            foreach ([0.1 + 0.2, -1e-300, 1e22, 5.0, -0.0] as $number) {
                $this->assertBecomes([['b' => $number]], ['b' => $number]);
            }
            ini_set('serialize_precision', $before);
        }
    }

    public function testAsksNoObjectsOfManyRowsToSerializeThemselves(): void
    {
        $object = new class () {
            public int $asked = 0;

            public function __serialize(): array
            {
                ++$this->asked;
                throw new Exception('of no interest');
            }
        };
        $rows = array_fill(0, 300, ['c' => $object]);
        $this->assertBecomes(array_fill(0, 300, ['c' => []]), ...$rows);
        $this->assertSame(0, $object->asked);
        $this->assertBecomes([['c' => 'x'], ['c' => 'y'], ['c' => []]], ['c' => 'x'], ['c' => 'y'], ['c' => $object]);
    }

    public function testIsNothingWithoutRows(): void
    {
        $this->assertSame('', $this->batch->take());
        $this->assertSame(0, $this->batch->addSome([], 0));
        $this->assertSame('', $this->batch->take());
        $this->batch->add(['a' => 1]);
        $this->batch->take();
        $this->assertSame('', $this->batch->take());
    }

    public function testAsksToBeTakenByRowsAndByBytes(): void
    {
        $rows = 1;
        while (!$this->batch->add(['a' => 1])) {
            ++$rows;
        }
        $this->assertLessThanOrEqual(1_000, $rows);
        $this->batch->take();
        $this->assertFalse($this->batch->add(['a' => 1]));
        $this->assertTrue($this->batch->add(['c' => str_repeat('x', 1 << 21)]));
    }

    public function testTakesFewRowsOfAListAtATimeWhereTheyAreLong(): void
    {
        $long = array_fill(0, 10, ['c' => str_repeat('x', 1 << 20)]);
        for ($from = 0; ($some = $this->batch->addSome($long, $from)) > 0; $from += $some) {
            $this->assertSame(1, $some);
            $this->assertLessThan(1.1 * (1 << 20), strlen($this->batch->take()));
        }
        $short = array_fill(0, 1_000, ['a' => 1]);
        $this->batch->addSome($short, 0);
        $this->batch->take();
        $this->assertGreaterThan(50, $this->batch->addSome($short, 1));
    }

    /** @dataProvider surplus */
    public function testNamesTheKeyThatNoColumnHas(?string $key, array $row): void
    {
        $this->batch->add(['a' => 1]);
        $this->batch->add($row);
        $this->batch->take();
        $this->assertSame([null, $key, null], array_map($this->batch->unknown(...), [0, 1, 2]));
        $this->batch->addSome([$row], 0);
        $this->batch->take();
        $this->assertSame([$key, null], array_map($this->batch->unknown(...), [0, 1]));
    }

    public function surplus(): array
    {
        return [
            'the first of two' => ['d', ['a' => 1, 'd' => 2, 'e' => 3]],
            'a key of figures' => ['7', [7 => 1]],
            'beside an object' => ['d', ['a' => new DateTime(), 'd' => new DateTime()]],
            'beside a text that looks like more' => ['d', ['a' => '{', 'd' => 1]],
            'none' => [null, ['c' => []]],
        ];
    }

    private function assertBecomes(array $cells, array ...$rows): void
    {
        $this->assertSame($cells, $this->oneByOne(...$rows));
        $this->assertSame($cells, $this->asList(...$rows));
    }

    private function oneByOne(array ...$rows): array
    {
        $cells = [];
        foreach ($rows as $row) {
            if ($this->batch->add($row)) {
                $cells = [...$cells, ...$this->taken()];
            }
        }
        return [...$cells, ...$this->taken()];
    }

    private function asList(array ...$rows): array
    {
        $cells = [];
        for ($from = 0; ($some = $this->batch->addSome($rows, $from)) > 0; $from += $some) {
            $cells = [...$cells, ...$this->taken()];
        }
        return $cells;
    }

    /** The rows of the batch; their places mean nothing. */
    private function taken(): array
    {
        $bytes = $this->batch->take();
        if ($bytes === '') {
            return [];
        }
        $this->assertSame(1, preg_match('/^a:(\d+):\{(.*)\}$/s', $bytes, $found));
        $rows = preg_split('/(?:^|(?<=}))i:\d+;(?=a:)/', $found[2], -1, PREG_SPLIT_NO_EMPTY);
        $this->assertCount((int) $found[1], $rows);
        return array_map(unserialize(...), $rows);
    }
}
