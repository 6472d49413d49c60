<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-zaak">
    <?php if ($failure !== null) : ?>
        <?php $this->partial('login-failed', ['code' => $failure, 'contact' => $contact]); ?>
    <?php endif; ?>
    <?php $this->partial('state', ['type' => null, 'again' => null] + compact('level', 'heading', 'text', 'code', 'contact', 'ways', 'back')); ?>
</div>
