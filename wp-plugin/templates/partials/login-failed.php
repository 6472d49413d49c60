<?php
defined('ABSPATH') || exit;

// $code: may be empty; $contact
?>
<?php
$this->partial('alert', [
    'type' => 'error',
    'text' => __('Logging in did not work, or you stopped it. You can try again.', 'owc-zijspan'),
    'code' => $code,
]);
?>
