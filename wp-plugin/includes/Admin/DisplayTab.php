<?php

declare(strict_types=1);

namespace OWC\Zijspan\Admin;

defined('ABSPATH') || exit;

use OWC\Zijspan\Blocks\Display;

/**
 * Styles, the texts of the login buttons, and how to reach the municipality when something does not work.
 */
final class DisplayTab implements Tab
{
    private const MAX_LABEL = 60;
    private const MAX_CONTACT = 500;

    public function label(): string
    {
        return __('Appearance', 'owc-zijspan');
    }

    public function receive(array $post, array $query): void
    {
        $text = static function (string $name, int $max, bool $lines = false) use ($post): string {
            $value = is_string($post[$name] ?? null) ? $post[$name] : '';
            $value = $lines ? sanitize_textarea_field($value) : sanitize_text_field($value);

            return mb_substr(trim($value), 0, $max);
        };
        update_option(Display::OPTION, [
            'css' => isset($post['css']),
            'login_digid' => $text('login_digid', self::MAX_LABEL),
            'login_eherkenning' => $text('login_eherkenning', self::MAX_LABEL),
            'login_eidas' => $text('login_eidas', self::MAX_LABEL),
            'contact' => $text('contact', self::MAX_CONTACT, true),
        ]);
        Admin::redirect(Admin::url('weergave', ['saved' => '1']));
    }

    public function show(array $query): void
    {
        AdminView::show('display', Display::all() + [
            'nonce' => Admin::nonce('weergave'),
            'maxLabel' => self::MAX_LABEL,
            'maxContact' => self::MAX_CONTACT,
        ]);
    }
}
