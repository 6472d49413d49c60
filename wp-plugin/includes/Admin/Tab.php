<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

/**
 * One tab of the settings page.
 */
interface Tab
{
    public function label(): string;

    /**
     * A form of this tab was sent; who sent it, and from where, has been checked. What was saved answers with
     * Admin::redirect(); what was not is shown again by show(), with what was filled in.
     *
     * @param array<mixed> $post without slashes
     * @param array<mixed> $query without slashes
     */
    public function receive(array $post, array $query): void;

    /** @param array<mixed> $query without slashes */
    public function show(array $query): void;
}
