<?php
defined('ABSPATH') || exit;

// What is missing, on top of what is there. $missing: words, $code, $retryUrl
use OWC\Zijspan\Blocks\Words;

$this->partial('alert', [
    'type' => 'warning',
    'text' => $missing === []
        ? __('Please note: we cannot show everything right now.', 'owc-zijspan')
        /* translators: %s: what is missing, such as "the documents and the decisions" */
        : sprintf(__('Please note: we cannot show everything right now. Missing: %s.', 'owc-zijspan'), Words::enumeration($missing)),
    'code' => $code,
    'links' => [['label' => __('Try again', 'owc-zijspan'), 'url' => $retryUrl]],
]);
