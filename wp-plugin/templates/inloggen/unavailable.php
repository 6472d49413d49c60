<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-inloggen">
    <?php $this->partial('alert', [
        'type' => 'error',
        'text' => __('We cannot see right now whether you are logged in. Please try again in a few minutes.', 'owc-zijspan'),
        'links' => [['label' => __('Try again', 'owc-zijspan'), 'url' => $retryUrl]],
    ]); ?>
    <?php $this->partial('contact', ['contact' => $contact]); ?>
</div>
