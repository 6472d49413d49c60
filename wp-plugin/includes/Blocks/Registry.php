<?php

declare(strict_types=1);

namespace OWC\Zijspan\Blocks;

defined('ABSPATH') || exit;

/**
 * The blocks that there are: a folder in blocks/ and a class of the same name.
 */
final class Registry
{
    public const PREFIX = 'owc-zijspan/';

    /** @var array<string, Block>|null */
    private ?array $blocks = null;

    public function __construct(private readonly string $folder)
    {
    }

    /** @return array<string, Block> by name, without prefix */
    public function all(): array
    {
        if ($this->blocks === null) {
            $this->blocks = [];
            foreach (glob($this->folder . '/*/block.json') ?: [] as $file) {
                $name = basename(dirname($file));
                $class = __NAMESPACE__ . '\\' . str_replace('-', '', ucwords($name, '-'));
                if (is_a($class, Block::class, true)) {
                    $this->blocks[$name] = new $class();
                }
            }
        }

        return $this->blocks;
    }

    /** By its full name, "owc-zijspan/mijn-zaken". */
    public function find(?string $fullName): ?Block
    {
        if ($fullName === null || !str_starts_with($fullName, self::PREFIX)) {
            return null;
        }

        return $this->all()[substr($fullName, strlen(self::PREFIX))] ?? null;
    }

    public function folderOf(Block $block): string
    {
        return $this->folder . '/' . $block->name();
    }
}
