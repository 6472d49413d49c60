<?php

declare(strict_types=1);

namespace OWC\Zijspan\Forms;

defined('ABSPATH') || exit;

use OWC\Zijspan\Session\Csrf;
use OWC\Zijspan\Session\Routes;

/**
 * A form that was not accepted, with everything that was typed in it, to be sent again. It lives in the answer alone:
 * nothing of it is stored. A form names its fields for this with zijspan_label[<name>]; a file has to be chosen again.
 */
final class Refill
{
    private const MAX_FIELDS = 100;
    private const MAX_LABEL = 200;

    /**
     * @param array<string, string> $hidden name to value
     * @param list<array{name: string, label: string, value: string, error: ?string}> $fields
     */
    private function __construct(
        public readonly array $hidden,
        public readonly array $fields,
        public readonly string $action
    ) {
    }

    /**
     * @param array<mixed> $form what was sent
     * @param string|null $token of the session that is there now: without one the form has to be sent once more after
     *     logging in, and is then shown for a last look
     * @param array<mixed> $errors "fields" of the sidecar's answer: what is wrong with which of them
     */
    public static function of(array $form, #[\SensitiveParameter] ?string $token, array $errors = []): ?self
    {
        $text = static fn (string $name): string => is_string($form[$name] ?? null) ? $form[$name] : '';
        [$kind, $handle, $action] = [$text('zijspan_kind'), $text('zijspan_handle'), $text('zijspan_action')];
        $data = $form['zijspan_data'] ?? null;
        if ($kind === '' || $kind === 'session' || !is_array($data) || $data === [] || count($data) > self::MAX_FIELDS) {
            return null;
        }
        $labels = is_array($form['zijspan_label'] ?? null) ? $form['zijspan_label'] : [];
        $hidden = [
            'zijspan_kind' => $kind,
            'zijspan_handle' => $handle,
            'zijspan_action' => $action,
            'zijspan_csrf' => $token === null ? '' : Csrf::token($token, $kind, $handle, $action),
            'zijspan_return' => $text('zijspan_return'),
            'zijspan_key' => $text('zijspan_key'),
        ];
        $fields = [];
        foreach ($data as $name => $value) {
            $name = (string) $name;
            $label = is_string($labels[$name] ?? null) ? mb_substr(trim($labels[$name]), 0, self::MAX_LABEL) : '';
            $label = $label === '' ? ucfirst(str_replace('_', ' ', $name)) : $label;
            $hidden['zijspan_label[' . $name . ']'] = $label;
            if (is_string($value)) {
                $fields[] = [
                    'name' => 'zijspan_data[' . $name . ']',
                    'label' => $label,
                    'value' => $value,
                    'error' => self::error($errors, $name),
                ];
            } elseif (is_array($value)) {
                // What was ticked in a list stays as it is.
                $hidden += self::flat('zijspan_data[' . $name . ']', $value);
            }
        }

        return new self($hidden, $fields, Routes::form());
    }

    /**
     * @param array<mixed> $values
     * @return array<string, string>
     */
    private static function flat(string $name, array $values): array
    {
        $flat = [];
        foreach ($values as $key => $value) {
            $inner = $name . '[' . $key . ']';
            $flat += is_array($value) ? self::flat($inner, $value) : [$inner => is_string($value) ? $value : ''];
        }

        return $flat;
    }

    /** @param array<mixed> $errors */
    private static function error(array $errors, string $name): ?string
    {
        foreach ($errors as $error) {
            $path = is_array($error) ? $error['path'] ?? null : null;
            if (is_string($path) && ($path === $name || $path === 'data.' . $name) && is_string($error['message'] ?? null)) {
                return $error['message'];
            }
        }

        return null;
    }
}
