<?php

declare(strict_types=1);

namespace OWC\Zijspan\Http;

defined('ABSPATH') || exit;

use OWC\Zijspan\Forms\Refill;

/**
 * The HTML of a form that comes back. Every value is escaped here; what somebody typed is never HTML.
 */
final class RefillView
{
    /** @param bool $isFirst is sending it the first thing to do? */
    public static function html(Refill $form, string $submit, bool $isFirst = true): string
    {
        $html = '<form class="owc-zijspan owc-zijspan-refill" method="post" action="' . esc_url($form->action) . '">';
        foreach ($form->hidden as $name => $value) {
            $html .= '<input type="hidden" name="' . self::value($name) . '" value="' . self::value($value) . '">';
        }
        foreach ($form->fields as $index => $field) {
            $id = 'owc-zijspan-refill-' . $index;
            $described = $field['error'] === null ? '' : ' aria-invalid="true" aria-describedby="' . $id . '-error"';
            $html .= '<div class="utrecht-form-field"><label class="utrecht-form-label" for="' . $id . '">'
                . esc_html($field['label']) . '</label>';
            if ($field['error'] !== null) {
                $html .= '<p class="owc-zijspan-refill__error" id="' . $id . '-error">' . esc_html($field['error']) . '</p>';
            }
            $html .= mb_strlen($field['value']) > 80 || str_contains($field['value'], "\n")
                ? '<textarea class="utrecht-textarea" rows="8" id="' . $id . '" name="' . self::value($field['name']) . '"'
                    . $described . ">\n" . self::value($field['value']) . '</textarea>'
                : '<input class="utrecht-textbox" type="text" id="' . $id . '" name="' . self::value($field['name'])
                    . '" value="' . self::value($field['value']) . '"' . $described . '>';
            $html .= '</div>';
        }

        return $html . '<p class="owc-zijspan-actions"><button type="submit" class="nl-button'
            . ($isFirst ? ' nl-button--primary' : '') . '">'
            . esc_html($submit) . '</button></p></form>';
    }

    /** Nothing that a filter of WordPress could take for its own (shortcodes, dashes, smilies) is left as it is. */
    private static function value(string $text): string
    {
        return (string) preg_replace_callback(
            '/[^a-z \x80-\xFF]/',
            static fn (array $found): string => sprintf('&#%03d;', ord($found[0])),
            mb_scrub($text, 'UTF-8')
        );
    }
}
