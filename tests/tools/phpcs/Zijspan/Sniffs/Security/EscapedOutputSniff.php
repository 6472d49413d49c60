<?php

declare(strict_types=1);

namespace Zijspan\Sniffs\Security;

use PHP_CodeSniffer\Files\File;
use PHP_CodeSniffer\Sniffs\Sniff;

/**
 * Whatever is printed is a literal, a number, or comes straight out of a function that makes it safe for HTML.
 *
 * It looks at the printing statement alone and believes no variable: a value that was escaped earlier is escaped again
 * or printed through one of the functions below.
 */
final class EscapedOutputSniff implements Sniff
{
    /**
     * What makes a value safe, or answers safe HTML by itself.
     *
     * @var array<int, string>
     */
    public $safe = [
        'esc_html', 'esc_html__', 'esc_html_x', 'esc_attr', 'esc_attr__', 'esc_attr_x', 'esc_url', 'esc_textarea',
        'esc_js', 'esc_xml', 'sanitize_html_class', 'wp_kses', 'wp_kses_post', 'wp_kses_data', 'tag_escape',
        'absint', 'intval', 'floatval', 'count', 'rawurlencode', 'get_block_wrapper_attributes', 'wp_nonce_field',
        'checked', 'selected', 'disabled', 'get_submit_button', 'do_blocks', 'paginate_links',
    ];

    /**
     * As safe as everything that is put into them.
     *
     * @var array<int, string>
     */
    public $transparent = ['sprintf', 'vsprintf', 'implode', 'trim', 'rtrim', 'ltrim', 'str_repeat', 'printf', 'vprintf'];

    /**
     * @return array<int, int|string>
     */
    public function register(): array
    {
        return [T_ECHO, T_PRINT, T_OPEN_TAG_WITH_ECHO, T_STRING];
    }

    /**
     * @param int $stackPtr
     */
    public function process(File $phpcsFile, $stackPtr): void
    {
        $tokens = $phpcsFile->getTokens();
        if ($tokens[$stackPtr]['code'] === T_STRING) {
            if ($this->isCall($phpcsFile, $stackPtr, ['printf', 'vprintf'])) {
                $open = $phpcsFile->findNext(T_OPEN_PARENTHESIS, $stackPtr);
                $this->check($phpcsFile, $open + 1, $tokens[$open]['parenthesis_closer']);
            }
            return;
        }
        $end = $phpcsFile->findNext([T_SEMICOLON, T_CLOSE_TAG], $stackPtr + 1);
        $this->check($phpcsFile, $stackPtr + 1, $end === false ? count($tokens) : $end);
    }

    /**
     * Reports every part of the expression in [$from, $to) that may not be printed.
     */
    private function check(File $file, int $from, int $to): void
    {
        foreach ($this->parts($file, $from, $to) as [$start, $end]) {
            $this->checkPart($file, $start, $end);
        }
    }

    private function checkPart(File $file, int $start, int $end): void
    {
        $tokens = $file->getTokens();
        $first = $file->findNext([T_WHITESPACE, T_COMMENT, T_NS_SEPARATOR], $start, $end, true);
        if ($first === false) {
            return;
        }
        switch ($tokens[$first]['code']) {
            case T_CONSTANT_ENCAPSED_STRING:
            case T_LNUMBER:
            case T_DNUMBER:
            case T_INT_CAST:
            case T_DOUBLE_CAST:
            case T_START_NOWDOC:
                return;
            case T_OPEN_PARENTHESIS:
                $this->check($file, $first + 1, $tokens[$first]['parenthesis_closer']);
                return;
            case T_STRING:
                if ($tokens[$first]['content'] === 'PHP_EOL' || $this->isCall($file, $first, $this->safe)) {
                    return;
                }
                if ($this->isCall($file, $first, $this->transparent)) {
                    $open = $file->findNext(T_OPEN_PARENTHESIS, $first);
                    $this->check($file, $open + 1, $tokens[$open]['parenthesis_closer']);
                    return;
                }
        }
        $text = trim($file->getTokensAsString($first, min($end - $first, 12)));
        $file->addError('Printed without escaping: %s', $first, 'Unescaped', [$text]);
    }

    /**
     * @param array<int, string> $names
     */
    private function isCall(File $file, int $pointer, array $names): bool
    {
        $tokens = $file->getTokens();
        if (!in_array(strtolower($tokens[$pointer]['content']), $names, true)) {
            return false;
        }
        $before = $file->findPrevious([T_WHITESPACE, T_NS_SEPARATOR], $pointer - 1, null, true);
        $method = [T_OBJECT_OPERATOR, T_NULLSAFE_OBJECT_OPERATOR, T_DOUBLE_COLON, T_FUNCTION, T_NEW];
        if ($before !== false && in_array($tokens[$before]['code'], $method, true)) {
            return false;
        }
        $after = $file->findNext(T_WHITESPACE, $pointer + 1, null, true);
        return $after !== false && $tokens[$after]['code'] === T_OPEN_PARENTHESIS;
    }

    /**
     * The parts that can reach the output: joined, listed, or chosen between. A condition is none.
     *
     * @return array<int, array{int, int}>
     */
    private function parts(File $file, int $from, int $to): array
    {
        $tokens = $file->getTokens();
        $parts = [];
        $start = $from;
        for ($i = $from; $i < $to; $i++) {
            $token = $tokens[$i];
            // What lies between brackets belongs to the part that it stands in.
            foreach (['parenthesis_closer', 'bracket_closer'] as $closer) {
                if (isset($token[$closer]) && $token[$closer] > $i) {
                    $i = min($token[$closer], $to - 1);
                    continue 2;
                }
            }
            switch ($token['code']) {
                case T_INLINE_THEN:
                    $next = $file->findNext(T_WHITESPACE, $i + 1, null, true);
                    if ($next !== false && $tokens[$next]['code'] === T_INLINE_ELSE) {
                        $parts[] = [$start, $i];
                    }
                    $start = $i + 1;
                    break;
                case T_STRING_CONCAT:
                case T_COMMA:
                case T_INLINE_ELSE:
                case T_COALESCE:
                    $parts[] = [$start, $i];
                    $start = $i + 1;
                    break;
            }
        }
        $parts[] = [$start, $to];
        return $parts;
    }
}
