<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-inloggen">
    <?php $this->partial('alert', [
        'type' => 'info',
        'text' => __('You have been logged out, because you did nothing for a while or were logged in for a long time.', 'owc-zijspan'),
    ]); ?>
    <?php $this->partial('ways', ['ways' => $ways]); ?>
</div>
